"""How a kept frame gives way to the new ones beside it at full size.

New frames are made of the source's pixels from other moments, and no moment shows twice the same: at the joint with a
kept frame all fine detail would change at once. So for some frames a share of the kept one stays, as large as the clip
resembles itself after so long: much in a slow sea, little in a fire, whose flames would be seen twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..levels import LUMA_CHROMA, volume
from ..scales import resize

if TYPE_CHECKING:
    from collections.abc import Sequence

COARSEST = 16
"""Least short side, in px, of the coarsest band."""

SIDE = 96
CELLS = 12
"""Short sides of the pictures whose likeness is measured, in px, and of the cells it is measured in."""

MOST = (0.8, 0.6, 0.4, 0.2, 0.1)
"""Share of the kept frame in the frames beside it, where the clip does not change at all."""

POWER = 2
"""Of the likeness in a share. With 1.5, a fire's last flame is seen for three frames where it was; the sea, whose foam
this is for, is as alike after a frame as to lose little by it."""

MEAN_FRAMES = 24
LIKENESS_FRAMES = 128

BACK = np.linalg.inv(LUMA_CHROMA).astype(np.float32)


class GiveWay:
    """Fitted to frames of the source at full size, levels of uint8 or uint16 (N, H, W, 3)."""

    reach = len(MOST)
    """Frames away from a kept one up to which it is seen."""

    def __init__(self, exemplar_thwc: np.ndarray) -> None:
        frames, height, width, _ = exemplar_thwc.shape
        mean = np.zeros((3, height, width), np.float32)
        every = np.linspace(0, frames - 1, min(MEAN_FRAMES, frames)).astype(int)
        for frame in every:
            mean += volume(exemplar_thwc[frame])
        self._mean = _bands(mean / np.float32(len(every)))
        short = min(height, width)
        size_hw, cells = (
            (round(height * side / short), round(width * side / short)) for side in (min(SIDE, short), CELLS)
        )
        first = max(0, frames - LIKENESS_FRAMES) // 2
        colours = [
            np.tensordot(LUMA_CHROMA, resize(volume(frame), size_hw), 1)
            for frame in exemplar_thwc[first : first + LIKENESS_FRAMES]
        ]
        self._shares = _shares(np.stack(colours), cells)

    def on(self, picture_chw: np.ndarray, kept: Sequence[tuple[np.ndarray, int]]) -> np.ndarray:
        """A new picture, in [-1, 1], with its share of kept ones, each so many frames away.

        Its variance about the source's mean stays what it was, but for what is coarsest: detail is not softened.
        """
        near = [(frame, lag) for frame, lag in kept if lag <= self.reach]
        if not near:
            return picture_chw
        bands = _bands(picture_chw)
        for frame, lag in near:
            for number, kept_band in enumerate(_bands(frame)):
                band, mean = bands[number], self._mean[number]
                share = resize(self._shares[lag - 1], (band.shape[1], band.shape[2])).clip(0, 1)
                mixed = (1 - share) * (band - mean) + share * (kept_band - mean)
                if number + 1 < len(bands):
                    mixed /= np.sqrt(share**2 + (1 - share) ** 2)
                bands[number] = mixed + mean
        return np.clip(_joined(bands), -1, 1)


def _shares(video_tchw: np.ndarray, cells: tuple[int, int]) -> list[np.ndarray]:
    """For each lag from 1 on, (3, rows, columns) of cells: luma's, and both chromas' in common, which change more
    slowly and give way by themselves."""
    video = video_tchw - video_tchw.mean(0)

    def pooled(products_chw: np.ndarray) -> np.ndarray:
        sums = resize(products_chw, cells)
        sums[1:] = sums[1:].sum(0)
        return sums

    energy = np.maximum(pooled(np.square(video).mean(0)), 1e-6)
    made = []
    for lag, most in enumerate(MOST, 1):
        product = (video[:-lag] * video[lag:]).mean(0) if lag < len(video) else np.zeros_like(video[0])
        likeness = np.clip(pooled(product) / energy, 0, 1)
        likeness[1:] = np.maximum(likeness[1:], likeness[:1])  # light without its colour would be seen as a stain
        made.append(most * likeness ** np.float32(POWER))
    return made


def _bands(picture_chw: np.ndarray) -> list[np.ndarray]:
    """Luma and chromas of an RGB picture as a Laplacian pyramid, finest first (Burt and Adelson, 1983)."""
    rest, bands = np.tensordot(LUMA_CHROMA, picture_chw, 1), []
    while min(rest.shape[1:]) >= 2 * COARSEST:
        size_hw = (rest.shape[1], rest.shape[2])
        smaller = resize(rest, (size_hw[0] // 2, size_hw[1] // 2))
        bands.append(rest - resize(smaller, size_hw))
        rest = smaller
    return [*bands, rest]


def _joined(bands: Sequence[np.ndarray]) -> np.ndarray:
    """The RGB picture of such bands."""
    whole = bands[-1]
    for band in bands[-2::-1]:
        whole = resize(whole, (band.shape[1], band.shape[2])) + band
    return np.tensordot(BACK, whole, 1)
