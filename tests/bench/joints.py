"""How well edits join: where kept frames meet new ones on real clips, beside a hard cut and a cross-fade.

Run ``python -m tests.bench.joints CLIP... --out DIR [--seeds 3] [--bridge 32] [--instant]`` on an idle machine. A model
of a clip is learned with the defaults into DIR, or taken from there; with ``--instant`` nothing is learned. The first
rows are the source's own moments, where nothing was joined: what 5, 50 and 95 of 100 of them stay below. Columns:

- ``joint``: the largest of the three that follow, of the step across the joint itself
- ``bright``, ``colour``, ``lpips``: the largest change of luma, of both chromas (in the source's moving parts) and of
  what people see, from one frame to the next, over what 95 of 100 steps of the source stay below; of the steps from the
  kept frame at the joint to the fourth new one, as a jump may come late
- ``least``: the smallest LPIPS of these steps, over what 5 of 100 steps of the source stay below: 0 is a held frame
- ``turn``: the second difference of luma at the joint, over the source's 95th percentile: motion that breaks
- ``strange``: how far patches of 4 frames and 7 x 7 px, two frames on either side of the joint, are from the nearest
  one at the same place at any other time of the source, over the source's 95th percentile
- ``torn``: how many times as far they are as their halves, each sought alone: those may be seen, but not one after
  the other; the largest of the joint and the three moments behind it, over the source's 95th percentile. Of 60 cuts
  between random moments of a fire, at 128 px, this alone is over 1 for all; ``bright`` 34, ``turn`` 22, ``strange`` 3
- ``motion16``, ``sharp16``: motion and sharpness in the 16 frames around the joint, over the source's
- ``motion``, ``sharp``: the same in all of the new frames

A table a clip goes to DIR as CSV, too, and a contact sheet shows the frames at each joint and pixels through time.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from dtsgan.engine.config import LearnOptions
from dtsgan.engine.detail.transfer import GRID
from dtsgan.engine.edit import extended, looped
from dtsgan.engine.instant import texture_of
from dtsgan.engine.levels import LUMA_CHROMA, levels, volume
from dtsgan.engine.metrics.energy import motion_energy, sharpness_energy
from dtsgan.engine.metrics.lpips import Lpips
from dtsgan.engine.scales import resize
from dtsgan.engine.shot import read_shot
from dtsgan.export.device import choose_device
from dtsgan.export.sheet import Excerpt, contact_sheet, save_sheet
from dtsgan.export.textures import open_for_editing

from .layers import model_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL import Image
    from torch import Tensor

    from dtsgan.engine.edit import Edit
    from dtsgan.engine.shot import Shot
    from dtsgan.engine.synthesis import Texture

FADED = 24
"""Frames of the cross-fade."""

SHOWN = 24
"""Frames on each side of a joint that are looked at."""

BESIDE = 8
"""Frames on each side of a joint whose motion and sharpness are measured."""

BEHIND = 4
"""New frames at a joint that are looked at for a jump."""

LPIPS_SIDE, PATCH_SIDE = 256, 48
"""Short sides in px of what LPIPS and patches are taken from."""

FRAMES, PATCH_HW, STRIDE = 4, (7, 7), 3
"""Of patches in space and time, and px from one to the next."""

VALUES = FRAMES * PATCH_HW[0] * PATCH_HW[1]

APART = 8
"""Frames within which a moment of the source is no other one."""

STEPS = ("bright", "colour", "lpips")
JUDGED = (*STEPS, "turn", "strange", "torn")
COLUMNS = ("joint", *STEPS, "least", *JUDGED[len(STEPS) :], "motion16", "sharp16", "motion", "sharp")


@dataclass(frozen=True, kw_only=True)
class Joint:
    """``at`` is the number of the frame behind it. ``like`` are the numbers in the source that the two frames before it
    would begin at if one of its sides went on. ``backwards``: its new frames are before it."""

    name: str
    at: int
    like: tuple[int, ...]
    backwards: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Piece:
    """The part of an edit around its joints: ``frames_thwc``, which of them are ``new``."""

    name: str
    frames_thwc: np.ndarray
    new: range
    joints: tuple[Joint, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Tracks:
    """Of each frame of a video: ``sharp`` (T,) and ``small`` luma in levels, (T, h, w); of each step to the next:
    ``bright``, ``colour``, ``lpips``, ``motion`` (T - 1,); of each three frames: ``turn`` (T - 2,)."""

    bright: np.ndarray
    colour: np.ndarray
    lpips: np.ndarray
    motion: np.ndarray
    turn: np.ndarray
    sharp: np.ndarray
    small: np.ndarray


def tracks(frames_thwc: np.ndarray, moving: np.ndarray, lpips: Lpips) -> Tracks:
    """``moving`` are the parts that count, (H, W)."""
    parts = torch.from_numpy(moving)
    size_hw = small_size(frames_thwc, PATCH_SIDE)
    seen: list[np.ndarray] = []
    steps, turns, sharp, small = [], [], [], []
    for frame in frames_thwc:
        seen = [*seen[-2:], colours(frame)]
        sharp.append(sharpness_energy(torch.from_numpy(seen[-1][:1]), parts))
        small.append(resize(seen[-1][0], size_hw))
        if len(seen) > 1:
            steps.append([*step(seen[-2], seen[-1], moving), motion_energy(lumas(seen[-2:]), parts)])
        if len(seen) > 2:
            turns.append(np.abs(seen[0] - 2 * seen[1] + seen[2])[0, moving].mean())
    bright, colour, motion = np.array(steps).T
    return Tracks(
        bright=bright,
        colour=colour,
        lpips=lpips_steps(frames_thwc, lpips),
        motion=motion,
        turn=np.array(turns),
        sharp=np.array(sharp),
        small=np.stack(small),
    )


def colours(frame_hwc: np.ndarray) -> np.ndarray:
    """Luma and two chromas in levels, (3, H, W)."""
    return np.tensordot(LUMA_CHROMA, volume(frame_hwc), 1) * np.float32(127.5)


def lumas(seen: Sequence[np.ndarray]) -> Tensor:
    return torch.from_numpy(np.stack([one[0] for one in seen]))


def step(one: np.ndarray, other: np.ndarray, moving: np.ndarray) -> tuple[float, float]:
    """Change of luma and of the chromas, in levels."""
    change = np.abs(other - one)[:, moving].mean(1)
    return float(change[0]), float(change[1:].mean())


def lpips_steps(frames_thwc: np.ndarray, lpips: Lpips) -> np.ndarray:
    size_hw = small_size(frames_thwc, LPIPS_SIDE)
    shrunk = np.stack([resize(volume(frame), size_hw).clip(-1, 1) for frame in frames_thwc])
    return lpips.steps(torch.from_numpy(shrunk) / 2 + 0.5).numpy()


def small_size(frames_thwc: np.ndarray, side: int) -> tuple[int, int]:
    height, width = frames_thwc.shape[1:3]
    shrink = min(1.0, side / min(height, width))
    return round(height * shrink), round(width * shrink)


class Patches:
    """Space-time patches of so many ``frames`` of the source, known by their place."""

    def __init__(self, small_thw: np.ndarray, frames: int) -> None:
        self._shape = (frames, *PATCH_HW)
        patches = np.lib.stride_tricks.sliding_window_view(small_thw, self._shape)[:, ::STRIDE, ::STRIDE]
        self._known = np.ascontiguousarray(np.moveaxis(patches.reshape(len(patches), -1, np.prod(self._shape)), 0, 1))
        self._energy = np.square(self._known).sum(2)

    def nearest(self, small_thw: np.ndarray, like: tuple[int, ...]) -> np.ndarray:
        """Squared distance of so many frames' patches to the nearest of the source's that begin ``APART`` frames or
        more from ``like``, a place each."""
        asked = np.lib.stride_tricks.sliding_window_view(small_thw, self._shape)[0, ::STRIDE, ::STRIDE]
        asked = asked.reshape(len(self._known), -1)
        squares = self._energy - 2 * (self._known @ asked[..., None])[..., 0] + np.square(asked).sum(1)[:, None]
        numbers = np.arange(squares.shape[1])
        other = np.all([np.abs(numbers - number) >= APART for number in like], axis=0)
        return squares[:, other].min(1).clip(min=0)


class Moments:
    """How usual four frames are beside the source's."""

    def __init__(self, small_thw: np.ndarray) -> None:
        self._whole, self._half = Patches(small_thw, FRAMES), Patches(small_thw, FRAMES // 2)
        starts = range(len(small_thw) - FRAMES + 1)
        own = np.stack([self._distances(small_thw[start : start + FRAMES], (start,)) for start in starts])
        # A copy's halves are no distance away, nor is what never moves: a level's noise at least.
        self._least = np.maximum(np.percentile(own[:, 1], 5, axis=0), VALUES)
        self.own = np.stack([self._figures(distances) for distances in own])

    def of(self, small_thw: np.ndarray, like: tuple[int, ...]) -> np.ndarray:
        """RMS distance of their patches, in levels, and how many times that of their halves: means over the places."""
        return self._figures(self._distances(small_thw, like))

    def _distances(self, small_thw: np.ndarray, like: tuple[int, ...]) -> np.ndarray:
        """Of the whole and of both halves together, squared, at each place, (2, places)."""
        half = FRAMES // 2
        first = self._half.nearest(small_thw[:half], like)
        last = self._half.nearest(small_thw[half:], tuple(number + half for number in like))
        return np.stack([self._whole.nearest(small_thw, like), first + last])

    def _figures(self, distances: np.ndarray) -> np.ndarray:
        whole, halves = distances
        return np.array([np.sqrt(whole / VALUES).mean(), np.sqrt(whole / np.maximum(halves, self._least)).mean()])


class Yardstick:
    """A source, and all that its edits are measured against."""

    def __init__(self, frames_thwc: np.ndarray) -> None:
        self._moving, self._lpips = moving_parts(frames_thwc), Lpips()
        self._source = tracks(frames_thwc, self._moving, self._lpips)
        self._moments = Moments(self._source.small)
        self._usual = {name: float(np.percentile(getattr(self._source, name), 95)) for name in (*STEPS, "turn")}
        self._usual |= {"least": float(np.percentile(self._source.lpips, 5))}
        self._usual |= zip(("strange", "torn"), np.percentile(self._moments.own, 95, axis=0).tolist(), strict=True)

    def own(self) -> Iterator[tuple[str, dict[str, float]]]:
        """What so many of 100 of the source's own moments stay below."""
        moments = range(BESIDE, len(self._source.small) - BESIDE)
        rows = [
            self._at(self._source, Joint(name="", at=at, like=()), self._moments.own[at - 2 : at - 2 + BEHIND])
            for at in moments
        ]
        for percent in (5, 50, 95):
            found = {name: float(np.percentile([row[name] for row in rows], percent)) for name in rows[0]}
            yield f"{percent} of 100", found | {"motion": 1.0, "sharp": 1.0}

    def rows(self, piece: Piece) -> list[tuple[Joint, dict[str, float]]]:
        made = tracks(piece.frames_thwc, self._moving, self._lpips)
        new = dict.fromkeys(("motion", "sharp"), float("nan"))
        if piece.new:
            new = self._energies(made, piece.new)
        return [(joint, self._at(made, joint, self._across(made, joint)) | new) for joint in piece.joints]

    def _across(self, made: Tracks, joint: Joint) -> np.ndarray:
        """How usual the moment of the joint is, and each that follows on its new side, (BEHIND, 2)."""
        found = []
        for away in range(0, -BEHIND, -1) if joint.backwards else range(BEHIND):
            start = joint.at - FRAMES // 2 + away
            like = tuple(number + away for number in joint.like)
            found.append(self._moments.of(made.small[start : start + FRAMES], like))
        return np.array(found)

    def _at(self, made: Tracks, joint: Joint, moments: np.ndarray) -> dict[str, float]:
        at = joint.at
        steps = slice(at - BEHIND, at) if joint.backwards else slice(at - 1, at - 1 + BEHIND)  # n leads to frame n + 1
        most = {name: float(getattr(made, name)[steps].max()) for name in STEPS}
        across = {name: float(getattr(made, name)[at - 1]) for name in STEPS}
        most |= {"least": float(made.lpips[steps].min()), "turn": float(made.turn[at - 2 : at].max())}
        most |= {"strange": float(moments[0, 0]), "torn": float(moments[:, 1].max())}
        around = self._energies(made, range(at - BESIDE, at + BESIDE))
        found = {name: value / self._usual[name] for name, value in most.items()}
        found["joint"] = max(value / self._usual[name] for name, value in across.items())
        return found | {f"{name}16": value for name, value in around.items()}

    def _energies(self, made: Tracks, frames: range) -> dict[str, float]:
        motion = made.motion[frames.start : frames.stop - 1].mean() / self._source.motion.mean()
        sharp = made.sharp[frames.start : frames.stop].mean() / self._source.sharp.mean()
        return {"motion": float(motion), "sharp": float(sharp)}


def moving_parts(frames_thwc: np.ndarray) -> np.ndarray:
    """As ``Footage.moving``, without all frames as floats."""
    change = np.zeros(frames_thwc.shape[1:3])
    last = colours(frames_thwc[0])[0]
    for frame in frames_thwc[1:]:
        luma = colours(frame)[0]
        change += np.abs(luma - last)
        last = luma
    return change >= 0.5 * change.mean()


def hard_cut(source: np.ndarray) -> Piece:
    frames = np.concatenate([source[-SHOWN:], source[:SHOWN]])
    joint = Joint(name="cut", at=SHOWN, like=(len(source) - 2, -2))
    return Piece(name="hard cut", frames_thwc=frames, new=range(0), joints=(joint,))


def cross_fade(source: np.ndarray) -> Piece:
    """As editors make a loop: the clip's last frames are faded into its first."""
    deep = source.dtype == np.uint16
    shares = (np.arange(FADED, dtype=np.float32) + 0.5) / FADED
    pairs = zip(shares, source[-FADED:], source[:FADED], strict=True)
    faded = np.stack(
        [levels((1 - share) * volume(last) + share * volume(first), deep=deep) for share, last, first in pairs]
    )
    before, after = source[-FADED - SHOWN : -FADED], source[FADED : FADED + SHOWN]
    joints = [
        Joint(
            name=name,
            at=SHOWN + within,
            like=(len(source) - FADED + within - 2, within - 2),
            backwards=within == FADED,
        )
        for name, within in (("from", 0), ("middle", FADED // 2), ("into", FADED))
    ]
    new = range(SHOWN, SHOWN + FADED)
    frames = np.concatenate([before, faded, after])
    return Piece(name="cross-fade", frames_thwc=frames, new=new, joints=tuple(joints))


def edits(shot: Shot, texture: Texture, source: np.ndarray, *, length: int, seed: int) -> Iterator[Piece]:
    """A loop, and the clip made longer at its end and at its start."""
    end = Joint(name="end", at=SHOWN, like=(len(source) - 2,))
    lead = Joint(name="start", at=length, like=(-2,), backwards=True)
    last, first = source[-SHOWN:], source[:SHOWN]
    loop = Joint(name="start", at=SHOWN + length, like=(-2,), backwards=True)
    bridge = new_frames(looped(shot, texture, bridge=length, seed=seed))
    yield Piece(
        name=f"loop, seed {seed}",
        frames_thwc=np.concatenate([last, bridge, first]),
        new=range(SHOWN, SHOWN + length),
        joints=(end, loop),
    )
    longer = new_frames(extended(shot, texture, before=length, after=length, seed=seed))
    name = f"extend, seed {seed}"
    behind = np.concatenate([last, longer[length:]])
    yield Piece(name=name, frames_thwc=behind, new=range(SHOWN, SHOWN + length), joints=(end,))
    ahead = np.concatenate([longer[:length], first])
    yield Piece(name=name, frames_thwc=ahead, new=range(length), joints=(lead,))


def new_frames(edit: Edit) -> np.ndarray:
    kept = range(edit.before, edit.before + edit.kept)
    return np.stack([frame for number, frame in enumerate(edit.make()) if number not in kept])


def opened(path: Path, arguments: argparse.Namespace) -> tuple[Shot, Texture]:
    if arguments.instant:
        shot = read_shot(path, short_side=GRID)
        return shot, texture_of(shot.clip, shot.exemplar, cut_off=True)
    model = model_of(path, arguments.out)
    shot = read_shot(path, short_side=LearnOptions.of("fast").size)
    return shot, open_for_editing(model, shot, choose_device("cpu", tell=print))


class Table:
    """Printed as it grows, and kept for the file."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, str, dict[str, float]]] = []
        print(f"  {'':<18}{'':<10}" + "".join(f"{column:>9}" for column in COLUMNS), flush=True)

    def add(self, name: str, joint: str, found: dict[str, float]) -> None:
        self._rows.append((name, joint, found))
        print(f"  {name:<18}{joint:<10}" + "".join(f"{found[column]:>9.2f}" for column in COLUMNS), flush=True)

    def save(self, path: Path) -> None:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(("video", "joint", *COLUMNS))
            writer.writerows((name, joint, *(found[column] for column in COLUMNS)) for name, joint, found in self._rows)


def show(path: Path, arguments: argparse.Namespace) -> None:
    shot, texture = opened(path, arguments)
    if len(shot) < FADED + SHOWN:
        print(f"{path.name}: {len(shot)} frames are too few for a cross-fade of {FADED}")
        return
    source = np.stack(list(shot.frames()))
    height, width = shot.size_hw
    print(f"{path.name}: {len(shot)} frames of {width} x {height} px", flush=True)
    yardstick, table = Yardstick(source), Table()
    for moments, found in yardstick.own():
        table.add("source", moments, found)

    def measured(piece: Piece) -> float:
        rows = yardstick.rows(piece)
        for joint, found in rows:
            table.add(piece.name, joint.name, found)
        return max(found[name] for _, found in rows for name in JUDGED)

    plain = [hard_cut(source), cross_fade(source)]
    for piece in plain:
        measured(piece)
    loops: list[tuple[float, Piece]] = []
    for seed in range(arguments.seeds):
        loop, *others = edits(shot, texture, source, length=arguments.bridge, seed=seed)
        loops.append((measured(loop), loop))
        for piece in others:
            measured(piece)
    table.save(arguments.out / f"{path.stem}-joints.csv")
    best = min(loops, key=lambda loop: loop[0])[1]
    save_sheet(strips([best, *plain[::-1]]), arguments.out / f"{path.stem}-joints.png")


def strips(pieces: Sequence[Piece]) -> Image.Image:
    """Eight frames across each joint, then as many of all that is around it, and its pixels through time."""
    rows: list[tuple[str, np.ndarray | Excerpt]] = []
    for piece in pieces:
        for joint in piece.joints:
            label = f"{piece.name}: {joint.name}"
            around = piece.frames_thwc[max(0, joint.at - SHOWN) : joint.at + SHOWN]
            numbers = range(joint.at - 4, joint.at + 4)
            near = Excerpt(
                frames_thwc=piece.frames_thwc[numbers.start : numbers.stop],
                numbers=[number - joint.at for number in numbers],
                length=len(around),
                size_hw=(around.shape[1], around.shape[2]),
            )
            rows += [(f"{label}, before frame 0", near), (f"{label}, {len(around) // 2} frames each way", around)]
    return contact_sheet(rows, columns=8, cell=256)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--bridge", type=int, default=32, help="new frames of a loop, and of a clip made longer")
    parser.add_argument("--instant", action="store_true", help="learn nothing")
    arguments = parser.parse_args()
    if arguments.bridge < BESIDE:
        parser.error(f"--bridge has to be {BESIDE} or more")
    arguments.out.mkdir(parents=True, exist_ok=True)
    for path in arguments.clips:
        show(path, arguments)


if __name__ == "__main__":
    main()
