"""Features of a picture, found again in another one (Shi and Tomasi, 1994; Lucas and Kanade, 1981). Needs OpenCV."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .track import IDENTITY, between_sizes

MOST = 400
QUALITY = 0.003
"""Of the best feature's: how good the others have to be."""

APART = 1 / 40
"""Of the short side: how far features are from each other ..."""

WINDOW = 1 / 12
"""... and how wide the part of the picture is that is compared, within these px:"""
WINDOWS = (11, 21)

STEPS = 20
PRECISE = 0.02
"""Steps that the search for a feature may take, on each level, and px below which it ends."""

MARGIN = 3
"""Px from the edge within which nothing is looked for."""

RETURNS = 0.5
"""Px: so near to where it was a feature has to come when it is found back again."""

AGREES = 1.0
"""Px that a feature may be from where the camera's motion takes it."""

FEWEST = 15
SHARE = 0.05
"""At least so many features, and so many of those in view, have to agree."""

THUMBNAIL = 144
"""Px of the short side of the pictures whose likeness is told ..."""

AROUND = 6.0
"""... by what is brighter or darker in them than what is so many px around ..."""

FAINT = 3.0
"""... by about so many levels at least ..."""

LEAST_SHARED = 0.3
"""... if they share so much of the view."""

CLEARANCE = np.ones((9, 9), np.uint8)
"""About a feature there is nothing hidden."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Key:
    """A picture that others are held against: frame ``number``, its luma (h, w) uint8, the same very small, its
    features' places (N, 2) x, y, and its matrix onto the reference."""

    number: int
    luma_hw: np.ndarray
    thumbnail_hw: np.ndarray
    places: np.ndarray
    onto_reference: np.ndarray


@dataclass(frozen=True, kw_only=True, eq=False)
class Sight:
    """Where a key's features are in another frame, (N, 2), which of them were found, and how many should be in view;
    and that frame very small."""

    places: np.ndarray
    found: np.ndarray
    in_view: int
    thumbnail_hw: np.ndarray

    def agree(self, key: Key, matrix: np.ndarray, tolerance: float = AGREES) -> np.ndarray:
        """Which of the features found are where a matrix onto the key takes them, (N,) bool."""
        return self.found & (np.hypot(*(moved(matrix, self.places) - key.places).T) < tolerance)

    def enough(self) -> float:
        """How many of the features have to agree."""
        return max(FEWEST, SHARE * self.in_view)


def moved(matrix: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Places (N, 2) x, y taken elsewhere by a 3 x 3 matrix."""
    return places @ matrix[:2, :2].T + matrix[:2, 2]


def key_of(luma_hw: np.ndarray, number: int, onto_reference: np.ndarray, hidden_hw: np.ndarray | None) -> Key:
    """A picture with its features; none where the reference has something ``hidden_hw``, bool."""
    free = np.full(luma_hw.shape, 255, np.uint8)
    if hidden_hw is not None:
        size = (luma_hw.shape[1], luma_hw.shape[0])
        flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
        free -= np.asarray(cv2.warpAffine(hidden_hw.astype(np.uint8) * 255, onto_reference[:2], size, flags=flags))
        free = np.asarray(cv2.erode(free, CLEARANCE))
    apart = max(4.0, min(luma_hw.shape) * APART)
    found = cv2.goodFeaturesToTrack(luma_hw, MOST, QUALITY, apart, mask=free, blockSize=5)
    places = np.zeros((0, 2)) if found is None else np.asarray(found, np.float64).reshape(-1, 2)
    return Key(
        number=number,
        luma_hw=luma_hw,
        thumbnail_hw=_thumbnail(luma_hw),
        places=places,
        onto_reference=onto_reference,
    )


def sight_of(key: Key, luma_hw: np.ndarray, guess: np.ndarray, last: Sight | None) -> Sight:
    """Find a key's features in a picture. ``guess`` is about its matrix onto the key; where ``last`` has found them
    elsewhere before, they are looked for there."""
    height, width = luma_hw.shape
    most = np.array([width - 1, height - 1])
    back = np.linalg.inv(guess)
    expected = moved(back, key.places)
    seen = ((expected >= MARGIN) & (expected <= most - MARGIN)).all(1)
    if last is not None:
        expected = np.where(last.found[:, None], last.places, expected)
    places, found = np.zeros_like(key.places), np.zeros(len(key.places), bool)
    if seen.any():
        # Turned and zoomed as the key is, so that what is compared differs by little more than its place.
        alike = luma_hw if np.array_equal(guess, IDENTITY) else _laid(luma_hw, guess)
        there, found[seen] = _flow(key.luma_hw, alike, key.places[seen], moved(guess, expected[seen]))
        places[seen] = moved(back, there)
    return Sight(places=places, found=found, in_view=int(seen.sum()), thumbnail_hw=_thumbnail(luma_hw))


def similarity(key: Key, sight: Sight, chosen: np.ndarray) -> np.ndarray | None:
    """The similarity from a picture onto its key, 3 x 3, that most of the chosen features agree on (RANSAC, Fischler
    and Bolles, 1981); None where too few do."""
    if chosen.sum() < FEWEST:
        return None
    found, _ = cv2.estimateAffinePartial2D(
        sight.places[chosen],
        key.places[chosen],
        method=cv2.RANSAC,
        ransacReprojThreshold=AGREES,
        maxIters=1000,
        confidence=0.995,
    )
    if found is None or not np.isfinite(found).all():
        return None
    matrix = np.vstack([found, IDENTITY[2]])
    return matrix if sight.agree(key, matrix).sum() >= sight.enough() else None


def unlike(reference: Key, sight: Sight, onto_reference: np.ndarray) -> tuple[float, float]:
    """How unlike the reference a frame looks in what they share, when moved onto it and when left where it is: 0 where
    all is the same, 1 where nothing is (one minus the correlation). 0, too, where they share little."""
    matrix = between_sizes(onto_reference, reference.luma_hw.shape, reference.thumbnail_hw.shape)[:2]
    one, other = _pattern(reference.thumbnail_hw), _pattern(sight.thumbnail_hw)
    size = (one.shape[1], one.shape[0])
    shared = np.asarray(cv2.warpAffine(np.ones_like(other), matrix, size)) > 0.99
    if shared.mean() < LEAST_SHARED:
        return 0.0, 0.0
    laid = np.asarray(cv2.warpAffine(other, matrix, size))
    return _apart(one[shared], laid[shared]), _apart(one[shared], other[shared])


def _apart(one: np.ndarray, other: np.ndarray) -> float:
    one, other = one - one.mean(), other - other.mean()
    return float(1 - (one * other).sum() / max(np.sqrt(np.square(one).sum() * np.square(other).sum()), 1e-6))


def _thumbnail(luma_hw: np.ndarray) -> np.ndarray:
    shrink = min(1.0, THUMBNAIL / min(luma_hw.shape))
    size = (max(1, round(luma_hw.shape[1] * shrink)), max(1, round(luma_hw.shape[0] * shrink)))
    return np.asarray(cv2.resize(luma_hw, size, interpolation=cv2.INTER_AREA))


def _pattern(picture_hw: np.ndarray) -> np.ndarray:
    """A picture as bright flames and dark ground look when each counts as much as the other, float32."""
    values = picture_hw.astype(np.float32)
    values -= cv2.GaussianBlur(values, (0, 0), AROUND)
    return values / (np.sqrt(cv2.GaussianBlur(np.square(values), (0, 0), AROUND)) + FAINT)


def _laid(luma_hw: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    size = (luma_hw.shape[1], luma_hw.shape[0])
    return np.asarray(
        cv2.warpAffine(luma_hw, matrix[:2], size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    )


def _flow(
    one_hw: np.ndarray, other_hw: np.ndarray, places: np.ndarray, expected: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Where in the other picture these places of the one are, and which come back when looked for from there."""
    short = min(one_hw.shape)
    window = int(np.clip(short * WINDOW, *WINDOWS)) | 1
    levels = max(0, int(np.log2(short / (2 * window))))

    def find(
        first: np.ndarray, second: np.ndarray, start: np.ndarray, guess: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        there, found, _ = cv2.calcOpticalFlowPyrLK(
            first,
            second,
            start.astype(np.float32),
            guess.astype(np.float32),
            winSize=(window, window),
            maxLevel=levels,
            criteria=(cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, STEPS, PRECISE),
            flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
        )
        return np.asarray(there, np.float64), np.asarray(found).ravel() > 0

    there, found = find(one_hw, other_hw, places, expected)
    back, again = find(other_hw, one_hw, there, there - (expected - places))
    return there, found & again & (np.abs(back - places).max(1) < RETURNS)
