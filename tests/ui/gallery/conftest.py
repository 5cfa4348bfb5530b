from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import json, structs

from dtsgan.ui.document import Footage, Result, Variants

if TYPE_CHECKING:
    from collections.abc import Callable

    from dtsgan.ui.studio import Studio

SETTINGS = Variants(count=3, first_seed=1, frames=40)


@pytest.fixture
def clip(studio: Studio) -> Footage:
    """The project's; nobody reads its file."""
    made = Footage(path="/clips/fire.mp4", frames=100, rate=Fraction(25), size_hw=(90, 160))
    studio.document.record(lambda project: structs.replace(project, clip=made))
    return made


@pytest.fixture
def variants(studio: Studio, clip: Footage) -> Callable[..., None]:
    """Adds variants with these seeds, whose ids are their names: "v3"."""
    del clip

    def add(*seeds: int, **facts: Any) -> None:
        for seed in seeds:
            made = Result(
                **{
                    "id": f"v{seed}",
                    "path": f"/made/v{seed}.mp4",
                    "made_by": "variants",
                    "settings": json.encode(SETTINGS).decode(),
                    "model": "/models/fire.dtsgan",
                    "title": "Variant",
                    "seed": seed,
                    "frames": 40,
                    **facts,
                }
            )
            studio.document.record(
                lambda project, made=made: structs.replace(project, results=(*project.results, made))
            )

    return add
