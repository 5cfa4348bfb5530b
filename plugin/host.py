"""What an editor is to us: a timeline of strips that can be read and changed. Each editor has an adapter for it.

Nothing but the standard library is imported here and by the adapters that run inside an editor's own Python.

Frames are counted in half-open ranges, from 0: those of a file at the file's rate from its first frame, those of the
timeline at the timeline's. Rates are exact, paths absolute.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ..engine.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

Capability = Literal[
    "selection", "insert_after", "ripple", "replace", "overlay", "variants", "meta", "undo", "progress"
]
META = "dtsgan"
"""Under what name our metadata are kept where a host keeps those of several programs."""


class HostError(UserError):
    """The editor, or a timeline of its, can't do what was asked."""


class Range(NamedTuple):
    """Frames from ``start`` to before ``stop``."""

    start: int
    stop: int

    @property
    def frames(self) -> int:
        return self.stop - self.start


@dataclass(frozen=True, kw_only=True)
class Media:
    """A file as the host knows it: so many ``frames`` at ``rate``."""

    path: Path
    rate: Fraction
    frames: int


@dataclass(frozen=True, kw_only=True)
class Strip:
    """A piece of a file as it lies on the timeline.

    ``id`` is the host's own name for it, which stays while nothing but other strips change. ``track`` 0 is the lowest;
    pictures above cover those below. ``source`` are the file's frames, ``place`` the timeline's.
    """

    id: str
    name: str
    track: int
    media: Media
    source: Range
    place: Range
    muted: bool = False


@dataclass(frozen=True, kw_only=True)
class Step:
    """One file to be put on the timeline, with metadata. ``insert_after`` follows what the step before it inserted."""

    kind: Literal["insert_after", "replace", "overlay", "variant"]
    media: Path
    source: Range
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is done to one strip, the one with this ``id``, in one transaction."""

    title: str
    strip: str
    steps: tuple[Step, ...]


class Editor(ABC):
    """A timeline in an editor, near or far, or in an editor's file: it is looked at, and changed as a whole."""

    @property
    @abstractmethod
    def title(self) -> str:
        """The editor, for people: "Blender 4.5"; of a file its name."""

    @property
    @abstractmethod
    def rate(self) -> Fraction:
        """The timeline's, in frames a second."""

    @property
    def first(self) -> int:
        """What the timeline's clock shows at its first frame, in frames: an hour's in many."""
        return 0

    @property
    def suffix(self) -> str:
        """Of the videos that suit it best: without loss, and with transparency."""
        return ".mov"

    @property
    def folder(self) -> Path | None:
        """Where its project lies, beside which results may go; None where it lies nowhere yet."""
        return None

    @abstractmethod
    def capabilities(self) -> frozenset[Capability]:
        """What it can do: "undo" where a transaction is one step back for the person, "ripple" where strips can be
        moved to make room. Where they can't, what doesn't fit is put on the lowest free track above, or refused."""

    @abstractmethod
    def strips(self) -> tuple[Strip, ...]:
        """All that show a file which can be worked on, by track and place."""

    @abstractmethod
    def selection(self) -> tuple[Strip, ...]:
        """Those of them that the person has selected, the active one first."""

    @abstractmethod
    def get_meta(self, strip: Strip) -> dict[str, Any]:
        """Our own metadata of it, JSON values; empty where it has none."""

    @abstractmethod
    def apply(self, change: Change) -> tuple[Strip, ...]:
        """Do it, all or nothing: the strips that the steps made, in their order. Raises HostError."""

    def progress(self, text: str, done: float | None) -> None:
        """Show how far work is, 0 to 1; None when it is over. Those without a place for it leave it."""
        del text, done


class Host(Editor):
    """What an adapter does.

    What changes the timeline raises HostError where the strip is gone or the host refuses, and then nothing is changed.
    It happens inside a ``transaction``, and returns the strips as they are then. What is put beside or above a strip
    looks as it does: with its place in the picture, its filters, its colours.
    """

    @abstractmethod
    def import_media(self, path: Path) -> Media:
        """Take a file into the project, once. Raises HostError where the host can't read it."""

    @abstractmethod
    def insert_after(self, strip: Strip, media: Media, source: Range) -> Strip:
        """Put frames of a file on the strip's track, from its end on. They fill the gap that follows; what then doesn't
        fit moves the strips behind them on that track."""

    @abstractmethod
    def replace(self, strip: Strip, media: Media, source: Range) -> Strip:
        """Let the strip show frames of another file. It begins where it did; with as many frames it ends where it did,
        else a gap follows it or what is behind moves, as above. It keeps its settings in the host."""

    @abstractmethod
    def overlay(self, strip: Strip, media: Media, source: Range) -> Strip:
        """Put a file with transparency above the strip from its start on: on the lowest track that is free there."""

    @abstractmethod
    def add_variants(self, strip: Strip, variants: Sequence[tuple[Media, Range]]) -> tuple[Strip, ...]:
        """Put alternatives to the strip above it from its start on, one a track, all muted."""

    @abstractmethod
    def set_meta(self, strip: Strip, meta: Mapping[str, Any]) -> None:
        """Keep metadata with it."""

    @abstractmethod
    def transaction(self, title: str) -> AbstractContextManager[None]:
        """Several changes as one, which the host's undo calls ``title``; if it fails, none of them remains."""

    def apply(self, change: Change) -> tuple[Strip, ...]:
        made: list[Strip] = []
        with self.transaction(change.title):
            last = strip = strip_of(self, change.strip)
            variants = [step for step in change.steps if step.kind == "variant"]
            for step in change.steps:
                if step.kind == "variant":
                    continue
                media = self._imported(step)
                if step.kind == "insert_after":
                    placed = last = self.insert_after(last, media, step.source)
                elif step.kind == "replace":
                    placed = last = strip = self.replace(strip, media, step.source)
                else:
                    placed = self.overlay(strip, media, step.source)
                made.append(placed)
                self.set_meta(placed, step.meta)
            if variants:
                placed_all = self.add_variants(strip, [(self._imported(step), step.source) for step in variants])
                for placed, step in zip(placed_all, variants, strict=True):
                    self.set_meta(placed, step.meta)
                made += placed_all
        return tuple(made)

    def _imported(self, step: Step) -> Media:
        """Its file, once the host sees all of the frames in it."""
        media = self.import_media(step.media)
        if not 0 <= step.source.start < step.source.stop <= media.frames:
            raise HostError(
                f"{self.title} finds {media.frames} frames in {step.media}, and {step.source.start} to "
                f"{step.source.stop} are wanted.",
                remedy="Put the result on the timeline by hand.",
            )
        return media


def exact_rate(value: float) -> Fraction:
    """The rate that editors mean by a float: 23.976 and 23.98 are 24000/1001. Raises HostError for none."""
    if not 0.5 < value < 1000:
        raise HostError(f"{value} is no frame rate.", remedy="Set the timeline's, or the clip's.")
    if abs(value - round(value)) < 1e-4:
        return Fraction(round(value))
    ntsc = Fraction(round(value * 1.001) * 1000, 1001)
    return ntsc if abs(float(ntsc) - value) < 0.006 else Fraction(value).limit_denominator(1001)


def strip_of(editor: Editor, number: str) -> Strip:
    """The strip with this ``id``. Raises HostError where there is none."""
    for strip in editor.strips():
        if strip.id == number:
            return strip
    raise HostError(
        f"{editor.title} has no strip {number} on its timeline any more.",
        remedy="Put the result there by hand; it lies where it was made.",
    )
