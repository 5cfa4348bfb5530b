"""Variants by their seeds, sizes and lengths."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from .manifest import Variant

if TYPE_CHECKING:
    from collections.abc import Sequence


MOST_STEM = 120


def plan(
    stem: str,
    *,
    seeds: Sequence[int],
    fine_seeds: Sequence[int | None] = (None,),
    sizes: Sequence[tuple[int, int] | None],
    lengths: Sequence[int | None],
    loop: bool,
    suffix: str,
) -> list[Variant]:
    """Every seed in every size and length, named by what sets it apart."""
    stem = re.sub(r"[/\\\x00-\x1f]", "_", stem).lstrip(". ")[:MOST_STEM] or "variant"
    found = []
    for size_hw, frames, seed, fine_seed in itertools.product(sizes, lengths, seeds, fine_seeds):
        parts = [stem, f"seed{seed:04d}"]
        parts += [f"fine{fine_seed:04d}"] if fine_seed is not None else []
        parts += [f"{size_hw[1]}x{size_hw[0]}"] if size_hw else []
        parts += [f"{frames}f"] if frames else []
        parts += ["loop"] if loop else []
        name = "-".join(parts) + suffix
        found.append(Variant(name=name, seed=seed, fine_seed=fine_seed, frames=frames, size_hw=size_hw, loop=loop))
    return found
