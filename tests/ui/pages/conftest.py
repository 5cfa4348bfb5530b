from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from dtsgan.ui.document import Footage, Result

if TYPE_CHECKING:
    from collections.abc import Callable

    from dtsgan.ui.studio import Studio


@pytest.fixture
def clip(studio: Studio) -> Footage:
    """The project's: 100 frames of 90 x 160, 25 a second; nobody reads its file."""
    made = Footage(path="/clips/fire.mp4", frames=100, rate=Fraction(25), size_hw=(90, 160))
    studio.document.record(lambda project: structs.replace(project, clip=made))
    return made


@pytest.fixture
def result(studio: Studio, clip: Footage) -> Callable[..., Result]:
    """Adds results to the project."""
    del clip

    def add(number: str, **facts: Any) -> Result:
        made = Result(
            **{
                "id": number,
                "path": f"/made/{number}.mp4",
                "made_by": "extend",
                "settings": "{}",
                "title": "Extended clip",
                "frames": 150,
                **facts,
            }
        )
        studio.document.record(lambda project: structs.replace(project, results=(*project.results, made)))
        return made

    return add
