from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from support.learning import narrow

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def quick() -> Iterator[None]:
    """What makes learning from a few pixels several times faster; one thread also adds up sums in one order."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dtsgan.engine.threads._limit", 1)
        patch.setattr("dtsgan.engine.training.paper.width_of", narrow)
        patch.setattr("dtsgan.engine.learn.seconds_of", lambda *_: 1.0)  # it measures the machine
        yield
    torch.set_num_threads(before)
