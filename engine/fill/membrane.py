"""What brings the inside of a hole to what is around it without a seam, and leaves its detail as it is: the smoothest
field with given values around the hole (Perez et al., Poisson image editing, 2003). Importing this needs no torch."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import binary_dilation
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.linalg import splu

if TYPE_CHECKING:
    from scipy.sparse.linalg import SuperLU


def membrane(differences_chw: np.ndarray, hole_hw: np.ndarray) -> np.ndarray:
    """Differences around a hole carried into it, (C, H, W); zeros elsewhere, and where nothing is around it."""
    made = np.zeros_like(differences_chw)
    system = _system(hole_hw.tobytes(), hole_hw.shape)
    if system is not None:
        around = differences_chw[:, system.rim_hw].T.astype(np.float64)
        made[:, hole_hw] = system.solver.solve(system.given @ around).T
    return made


class _System:
    """The equations of one hole: every place inside is the mean of its neighbours in the picture."""

    def __init__(self, hole_hw: np.ndarray, rim_hw: np.ndarray) -> None:
        self.rim_hw = rim_hw
        holes, rims = int(hole_hw.sum()), int(rim_hw.sum())
        number = np.full(hole_hw.shape, -1)
        number[hole_hw], rim = np.arange(holes), np.full(hole_hw.shape, -1)
        rim[rim_hw] = np.arange(rims)
        neighbours = np.zeros(holes)
        inner, given = [], []
        for one, other in _pairs():
            for here, there in ((one, other), (other, one)):
                inside = number[here] >= 0
                mine = number[here][inside]
                neighbours += np.bincount(mine, minlength=holes)
                theirs, beside = number[there][inside], rim[there][inside]
                inner.append(np.stack([mine, theirs])[:, theirs >= 0])
                given.append(np.stack([mine, beside])[:, beside >= 0])
        rows, columns = np.concatenate(inner, 1)
        every = np.arange(holes)
        values = np.concatenate([-np.ones(len(rows)), neighbours])
        matrix = coo_matrix(
            (values, (np.concatenate([rows, every]), np.concatenate([columns, every]))), shape=(holes, holes)
        )
        self.solver: SuperLU = splu(matrix.tocsc())
        rows, columns = np.concatenate(given, 1)
        self.given = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(holes, rims))


def _pairs() -> list[tuple[tuple[slice, slice], tuple[slice, slice]]]:
    """Places of a picture and those right of them, and those below them."""
    every, before, after = slice(None), slice(None, -1), slice(1, None)
    return [((every, before), (every, after)), ((before, every), (after, every))]


@lru_cache(maxsize=4)
def _system(hole: bytes, shape: tuple[int, int]) -> _System | None:
    hole_hw = np.frombuffer(hole, bool).reshape(shape)
    rim_hw = np.asarray(binary_dilation(hole_hw), bool) & ~hole_hw
    if not hole_hw.any() or not rim_hw.any():
        return None
    return _System(hole_hw, rim_hw)
