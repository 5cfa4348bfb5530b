"""A region filled with real footage: with the same place at other moments, or with a place beside it.

Importing this needs no torch.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..detail import GiveWay
from ..errors import ClipError
from ..levels import levels, volume
from .moments import clear, moments_for, place_beside

if TYPE_CHECKING:
    from ..region import Region


class Moments:
    """The region at other moments: ``moments`` says for every frame of the clip which one, -1 where nothing is
    replaced."""

    def __init__(self, region: Region, moments: np.ndarray) -> None:
        self._region, self._moments = region, moments
        pairs = zip(region.exemplar.numbers, region.exemplar.frames_thwc, strict=True)
        self._at = {region.place(number): frame for number, frame in pairs}

    @property
    def jumps(self) -> int:
        """How often a moment does not follow the one before."""
        there = (self._moments[:-1] >= 0) & (self._moments[1:] >= 0)
        return int((np.diff(self._moments)[there] != 1).sum())

    def picture(self, number: int, place: int, frame_hwc: np.ndarray) -> np.ndarray:  # noqa: ARG002
        """For some frames behind a jump, with a share of what would have followed what it was filled from before."""
        taken, moments = self._at[self._moments[place]], self._moments
        for lag in range(1, min(GiveWay.reach, place) + 1):
            before, after = moments[place - lag], moments[place - lag + 1]
            if before < 0:
                break
            if after != before + 1:
                for moment in (before + lag, before):  # it goes on, or where something is in the way there, it stays
                    if moment in self._at and clear(self._region.holes_thw, place, np.array([moment])).all():
                        mixed = self._give_way.on(volume(taken), [(volume(self._at[moment]), lag)])
                        return levels(mixed, deep=taken.dtype == np.uint16)
        return taken

    def small(self, small_thwc: np.ndarray) -> np.ndarray:
        """Of the whole clip in small, what the frames are filled with."""
        return small_thwc[np.where(self._moments < 0, np.arange(len(small_thwc)), self._moments)]

    @cached_property
    def _give_way(self) -> GiveWay:
        return GiveWay(self._region.exemplar.frames_thwc)


class Beside:
    """A place beside the region in the same frame, ``down`` and ``right`` of it as shares of the picture."""

    def __init__(self, region: Region, down: float, right: float) -> None:
        self._track, self._down, self._right = region.track, down, right

    def picture(self, number: int, place: int, frame_hwc: np.ndarray) -> np.ndarray:  # noqa: ARG002
        height, width = frame_hwc.shape[:2]
        way = self._down * height, self._right * width
        return _moved(frame_hwc, *(way if self._track is None else self._track.step(number, *way)))

    def small(self, small_thwc: np.ndarray) -> np.ndarray:
        height, width = small_thwc.shape[1:3]
        return np.stack([_moved(frame, self._down * height, self._right * width) for frame in small_thwc])


def surround(region: Region) -> Moments | Beside:
    """What stands behind the region. Raises ClipError where nothing in the clip can fill it."""
    if region.track is None:
        known = sorted({region.place(number) for number in region.exemplar.numbers})
        moments = moments_for(region.grid_thwc, region.holes_thw, known)
        if moments is not None:
            return Moments(region, moments)
    way = place_beside(region.grid_thwc, region.holes_thw, region.unseen_hw)
    if way is None:
        raise ClipError(
            f"Nothing in {region.clip.source.name} can fill the region: it is never clear, and nowhere beside it is "
            "room for it.",
            remedy="Make the mask smaller, choose a --range in which the region is clear for a while, or say with "
            "--reference X,Y,W,H what fills it.",
        )
    height, width = region.holes_thw.shape[1:]
    return Beside(region, way[0] / height, way[1] / width)


def _moved(frame_hwc: np.ndarray, down: float, right: float) -> np.ndarray:
    """What is so many pixels down and right of every place; beyond the edges they go on."""
    height, width = frame_hwc.shape[:2]
    rows = (np.arange(height) + round(down)).clip(0, height - 1)
    columns = (np.arange(width) + round(right)).clip(0, width - 1)
    return frame_hwc[rows[:, None], columns]
