"""Edits in time: a shot made longer or closed into a loop, a still frame set in motion. Kept frames are passed on as
they are.

Importing this needs no torch.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .continuation import Continuation, Edge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np

    from .detail import GiveWay
    from .joint import Joints, Seen
    from .shot import Shot
    from .synthesis import Texture

BRIDGES = (16, 24, 32, 48)
"""Lengths, in frames, among which the best joined bridge is taken."""

BESIDE = 4
"""New frames on each side of which a joint is judged: what does not jump at once may two frames later."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Edit:
    """A video to be: how many ``frames`` it has, ``before`` of them new and ahead of the shot's own ``kept``, and what
    yields them, HWC levels."""

    frames: int
    before: int
    kept: int
    make: Callable[[], Iterator[np.ndarray]]


def extended(shot: Shot, texture: Texture, *, before: int, after: int, seed: int) -> Edit:
    """The shot with so many new frames that lead into it, and so many that go on from it."""

    def make() -> Iterator[np.ndarray]:
        if before:
            led = Continuation(texture, shot.give_way, length=before, before=None, after=shot.start(), seed=seed)
            yield from led.frames(range(before))
        yield from shot.frames()
        if after:
            going = Continuation(texture, shot.give_way, length=after, before=shot.end(), after=None, seed=seed)
            yield from going.frames(range(after))

    return Edit(frames=before + len(shot) + after, before=before, kept=len(shot), make=make)


def predicted(frame_hwc: np.ndarray, texture: Texture, give_way: GiveWay, *, frames: int, seed: int) -> Edit:
    """A video that begins with a frame of the texture, HWC levels of its size, which need not be one it was learned
    from (the paper's future prediction, section 4.4, by the motion prior in closed form)."""

    def make() -> Iterator[np.ndarray]:
        yield frame_hwc
        known = Edge(small_thwc=frame_hwc[None], nearest_hwc=frame_hwc, places=range(1))
        yield from Continuation(
            replace(texture, offset=None), give_way, length=frames - 1, before=known, after=None, seed=seed
        ).frames(range(frames - 1))

    return Edit(frames=frames, before=0, kept=1, make=make)


def looped(shot: Shot, texture: Texture, *, bridge: int, seed: int) -> Edit:
    """The shot and a bridge of new frames from its end to its start, after which it begins again."""

    def make() -> Iterator[np.ndarray]:
        yield from shot.frames()
        yield from _bridge(shot, texture, bridge, seed).frames(range(bridge))

    return Edit(frames=len(shot) + bridge, before=0, kept=len(shot), make=make)


def judged(edit: Edit, joints: Joints, found: dict[int, float], *, loop: bool = False) -> Edit:
    """The same edit, whose joints are judged as its frames pass: ``found`` gets, by the number of the frame after each,
    ``Joints.ratio`` of its frames. A loop's last joint is before its frame 0."""
    end = edit.before + edit.kept
    spans: dict[int, list[int]] = {}
    if 0 < end < edit.frames:
        spans[end] = list(range(end - 1, min(end + BESIDE, edit.frames)))
    if edit.before:
        spans[edit.before] = list(range(max(0, edit.before - BESIDE), edit.before + 1))
    if loop:
        spans[0] = [*range(max(end, edit.frames - BESIDE), edit.frames), 0]
    needed = {number for span in spans.values() for number in span}

    def make() -> Iterator[np.ndarray]:
        seen: dict[int, Seen] = {}
        for number, frame in enumerate(edit.make()):
            if number in needed:
                seen[number] = joints.look(frame)
            yield frame
        found.update({after: joints.ratio_of([seen[number] for number in span]) for after, span in spans.items()})

    return replace(edit, make=make)


def best_bridge(
    shot: Shot, texture: Texture, joints: Joints, *, lengths: tuple[int, ...] = BRIDGES, seed: int
) -> Iterator[tuple[int, tuple[float, float]]]:
    """Yield each length tried and how its two joints are: ``Joints.ratio`` at the shot's end, and at its start."""
    for length in lengths:
        new = _bridge(shot, texture, length, seed).frames(range(length))
        first = [shot.last_hwc]
        last: deque[np.ndarray] = deque(maxlen=BESIDE)
        for frame in new:
            if len(first) <= BESIDE:
                first.append(frame)
            last.append(frame)
        yield length, (joints.ratio(first), joints.ratio([*last, shot.first_hwc]))


def _bridge(shot: Shot, texture: Texture, length: int, seed: int) -> Continuation:
    return Continuation(texture, shot.give_way, length=length, before=shot.end(), after=shot.start(), seed=seed)
