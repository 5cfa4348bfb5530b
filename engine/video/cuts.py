"""Hard cuts: where one shot ends and another begins."""

from __future__ import annotations

import numpy as np

GRID_HW = (6, 8)
"""Cells of a thumbnail: so coarse that flames and waves change it little, another scene much."""

REACH = 8
"""Frames on either side whose changes say what is usual here."""

NEAR = 4
"""Frames on either side that must all differ across a cut, so that a flash of up to three frames is none."""

CUT_RATIO = 1.7
"""A cut is a change this many times the largest usual one. Measured on eight clips of textures and all joints of two
of them: within the clips at most 1.1, across the joints at least 2.2."""

LASTING = 0.5
"""This part of the change at a cut must last. Measured at the same joints: at least 0.8."""

QUIET_LEVELS = 2.0
"""Of 255. Added to the usual change, so that a key frame's new rounding in a still shot is no cut."""


def thumbnail(frame_hwc: np.ndarray) -> np.ndarray:
    """Cell means of a uint8 or full-scale uint16 frame, in levels of 0 to 255: float32 (6, 8, 3)."""
    height, width = frame_hwc.shape[:2]
    step = max(1, min(height, width) // 96)
    levels = frame_hwc[::step, ::step, :3]
    scale = 1.0 if frame_hwc.dtype == np.uint8 else 255 / 65535
    rows, columns = (
        np.linspace(0, size, cells + 1).astype(int) for size, cells in zip(levels.shape, GRID_HW, strict=False)
    )
    # Pictures with fewer pixels than cells repeat some of them.
    rows_to, columns_to = np.maximum(rows[1:], rows[:-1] + 1), np.maximum(columns[1:], columns[:-1] + 1)
    cells = [
        [levels[top:bottom, left:right].mean((0, 1)) for left, right in zip(columns[:-1], columns_to, strict=True)]
        for top, bottom in zip(rows[:-1], rows_to, strict=True)
    ]
    return np.array(cells, np.float32) * np.float32(scale)


def find_cuts(thumbnails_thwc: np.ndarray) -> tuple[int, ...]:
    """Frames at which a new shot begins, from the thumbnails of consecutive frames.

    A frame begins a shot when every one of the four frames from it on differs from every one of the four before it by
    more than consecutive frames differ nearby; the largest of those is left out, since it may be another cut. They
    must differ nearly as much as the two at the cut do: after a flash the shot goes on almost as it was.
    """
    if len(thumbnails_thwc) < 2:
        return ()
    frames = thumbnails_thwc.reshape(len(thumbnails_thwc), -1)
    changes = np.abs(np.diff(frames, axis=0)).mean(1)
    cuts = []
    for number in np.flatnonzero(changes > CUT_RATIO * QUIET_LEVELS) + 1:
        nearby = np.r_[changes[max(0, number - 1 - REACH) : number - 1], changes[number : number + REACH]]
        usual = np.sort(nearby)[-min(2, len(nearby))] if len(nearby) else 0.0
        before, after = frames[max(0, number - NEAR) : number], frames[number : number + NEAR]
        across = np.abs(before[:, None] - after[None]).mean(2).min()
        if across > max(CUT_RATIO * (usual + QUIET_LEVELS), LASTING * changes[number - 1]):
            cuts.append(int(number))
    return tuple(cuts)
