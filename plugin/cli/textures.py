"""What is known of a texture model or a clip before anything slow is done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...engine.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction
    from pathlib import Path

    from ...engine.clip import Rect
    from ...engine.layers import Layer
    from ...export.device import Device, Wanted
    from ...export.facts import Facts
    from .context import Context


def is_model(path: Path) -> bool:
    """Whether it is a texture model by its name or its content."""
    from ...export import facts

    return facts.is_model(path)


def facts_of(
    path: Path, *, layers: Sequence[Layer] | None = None, crop: Rect | None = None, rate: Fraction | None = None
) -> Facts:
    """Of a model with these layers, or of a clip's part. Raises UserError."""
    from ...export import facts

    return facts.facts_of(path, layers=layers, crop=crop, rate=rate)


def refuse(arguments: object, names: Sequence[str], why: str) -> None:
    """Raise OptionError where one of these options was given."""
    for name in names:
        if getattr(arguments, name) is not None:
            raise OptionError(f"{why}.", remedy=f"Leave out --{name}.")


def device_for(context: Context, wanted: Wanted = "auto") -> Device:
    """What generators run on; what fails there is told."""
    from ...export.device import choose_device

    return choose_device(wanted, tell=lambda text: context.report.say("notice", text))
