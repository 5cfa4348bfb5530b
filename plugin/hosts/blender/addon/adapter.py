"""The sequencer of Blender 4.2 to 5.x as a host.

A strip's ``id`` is its name, which Blender keeps unique in a scene. Blender shows a file frame by frame at the scene's
rate, whatever the file's own.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy  # pyright: ignore[reportMissingImports]

from ....host import META, Host, HostError, Media, Range, Strip, exact_rate
from .looks import copy_looks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from fractions import Fraction

    from ....host import Capability

CAN: frozenset[Capability] = frozenset(
    {"selection", "insert_after", "ripple", "replace", "overlay", "variants", "meta", "undo", "progress"}
)
MOST_CHANNELS = 128


class BlenderHost(Host):
    """The sequencer that the person sees; ``shown`` is called with progress."""

    def __init__(self, shown: Callable[[str, float | None], None] = lambda _text, _done: None) -> None:
        self._shown = shown
        self._undone: list[Callable[[], object]] | None = None

    @property
    def title(self) -> str:
        return f"Blender {bpy.app.version_string.split()[0]}"

    @property
    def rate(self) -> Fraction:
        render = scene().render
        return exact_rate(render.fps / render.fps_base)

    @property
    def suffix(self) -> str:
        return ".mkv"

    @property
    def folder(self) -> Path | None:
        return Path(bpy.data.filepath).parent if bpy.data.filepath else None

    def capabilities(self) -> frozenset[Capability]:
        return CAN

    def strips(self) -> tuple[Strip, ...]:
        found = [_described(strip) for strip in all_strips() if is_footage(strip)]
        return tuple(sorted(found, key=lambda strip: (strip.track, strip.place)))

    def selection(self) -> tuple[Strip, ...]:
        chosen = [strip for strip in all_strips() if strip.select and is_footage(strip)]
        active = active_strip()
        chosen.sort(key=lambda strip: (strip != active, strip.channel, strip.frame_final_start))
        return tuple(_described(strip) for strip in chosen)

    def import_media(self, path: Path) -> Media:
        try:
            clip = bpy.data.movieclips.load(str(path))
        except RuntimeError as error:
            raise HostError(f"{self.title} can't read {path}.", remedy="Check that the file is there.") from error
        try:
            if clip.frame_duration < 1:
                raise HostError(f"{self.title} finds no video in {path}.", remedy="Choose another format.")
            return Media(path=path, rate=exact_rate(clip.fps), frames=clip.frame_duration)
        finally:
            bpy.data.movieclips.remove(clip)

    def insert_after(self, strip: Strip, media: Media, source: Range) -> Strip:
        old = self._find(strip)
        start = old.frame_final_end
        self._make_room(old.channel, start, start + source.frames)
        return self._added(old, media, source, channel=old.channel, start=start)

    def replace(self, strip: Strip, media: Media, source: Range) -> Strip:
        old = self._find(strip)
        start = old.frame_final_start
        self._make_room(old.channel, start + 1, start + source.frames)
        before = old.filepath, old.frame_offset_start, old.frame_offset_end
        self._undo(lambda: _relink(old, *before, start=start))
        _relink(old, str(media.path), source.start, media.frames - source.stop, start=start)
        return _described(old)

    def overlay(self, strip: Strip, media: Media, source: Range) -> Strip:
        made = self._above(strip, media, source)
        made.blend_type, made.alpha_mode = "ALPHA_OVER", "STRAIGHT"
        return _described(made)

    def add_variants(self, strip: Strip, variants: Sequence[tuple[Media, Range]]) -> tuple[Strip, ...]:
        made = [self._above(strip, media, source) for media, source in variants]
        for each in made:
            each.mute = True
        return tuple(_described(each) for each in made)

    def get_meta(self, strip: Strip) -> dict[str, Any]:
        try:
            meta = json.loads(self._find(strip).get(META, "{}"))
        except (TypeError, ValueError):
            return {}
        return meta if isinstance(meta, dict) else {}

    def set_meta(self, strip: Strip, meta: Mapping[str, Any]) -> None:
        found = self._find(strip)
        before = found.get(META)
        if before is None:
            self._undo(lambda: found.pop(META, None))
        else:
            self._undo(lambda: found.__setitem__(META, before))
        found[META] = json.dumps(meta)

    @contextmanager
    def transaction(self, title: str) -> Iterator[None]:
        # Blender's undo goes back to what was pushed last, and the person's last change may not have been.
        bpy.ops.ed.undo_push(message="Before dtsgan")
        self._undone = []
        try:
            yield
        except BaseException:
            for undo in reversed(self._undone):
                undo()
            raise
        else:
            bpy.ops.ed.undo_push(message=title)
        finally:
            self._undone = None

    def progress(self, text: str, done: float | None) -> None:
        self._shown(text, done)

    def _find(self, strip: Strip) -> Any:
        found = collection().get(strip.id)
        if found is None or not is_footage(found):
            raise HostError(f"{self.title} has no strip {strip.id} any more.", remedy="Choose another strip.")
        return found

    def _undo(self, call: Callable[[], object]) -> None:
        """What takes a change back, if the transaction fails."""
        if self._undone is not None:
            self._undone.append(call)

    def _make_room(self, channel: int, start: int, stop: int) -> None:
        """Move all that begins on a channel from ``start`` on so far that it begins at ``stop`` or later."""
        behind = [strip for strip in all_strips() if strip.channel == channel and strip.frame_final_start >= start]
        # The last one first: Blender pushes away what would be hit. Effects follow the strips that they are of.
        behind = [strip for strip in behind if not getattr(strip, "input_count", 0)]
        behind.sort(key=lambda strip: strip.frame_final_start, reverse=True)
        frames = stop - behind[-1].frame_final_start if behind else 0
        for strip in behind if frames > 0 else ():
            before = strip.frame_start
            strip.frame_start = before + frames
            self._undo(lambda strip=strip, before=before: setattr(strip, "frame_start", before))

    def _above(self, strip: Strip, media: Media, source: Range) -> Any:
        """On the lowest channel above that is free there."""
        old = self._find(strip)
        start = old.frame_final_start
        for channel in range(old.channel + 1, MOST_CHANNELS + 1):
            if _is_free(channel, start, start + source.frames):
                return collection()[self._added(old, media, source, channel=channel, start=start).id]
        raise HostError(f"All channels above {strip.name} are taken.", remedy="Make room above it.")

    def _added(self, like: Any, media: Media, source: Range, *, channel: int, start: int) -> Strip:
        made = collection().new_movie(media.path.stem, str(media.path), channel, _far())
        self._undo(lambda: collection().remove(made))
        made.frame_offset_start, made.frame_offset_end = source.start, media.frames - source.stop
        made.frame_start = start - source.start
        copy_looks(like, made)
        return _described(made)


def scene() -> Any:
    """The one whose sequencer is seen: 5.0 lets it be another than the window's."""
    return getattr(bpy.context, "sequencer_scene", None) or bpy.context.scene


def collection() -> Any:
    """The strips that are not within meta strips. Raises HostError where there is no sequencer."""
    editor = scene().sequence_editor
    if editor is None:
        raise HostError("The scene has no strips.", remedy="Add a movie to the sequencer first.")
    return editor.strips if hasattr(editor, "strips") else editor.sequences  # 4.2 has the older name


def all_strips() -> tuple[Any, ...]:
    return () if scene().sequence_editor is None else tuple(collection())


def active_strip() -> Any:
    editor = scene().sequence_editor
    return editor.active_strip if editor else None


def is_footage(strip: Any) -> bool:
    """Whether it shows a file frame by frame, as it is."""
    retimed = len(getattr(strip, "retiming_keys", ())) > 0
    return strip.type == "MOVIE" and not retimed and not strip.use_reverse_frames and strip.strobe <= 1


def _described(strip: Any) -> Strip:
    first = int(strip.frame_final_start)
    skipped = int(strip.frame_offset_start) + int(strip.animation_offset_start)
    frames = int(strip.frame_final_duration)
    total = strip.frame_duration + int(strip.animation_offset_start) + int(strip.animation_offset_end)
    media = Media(path=path_of(strip), rate=exact_rate(strip.fps or 25.0), frames=total)
    return Strip(
        id=strip.name,
        name=strip.name,
        track=strip.channel - 1,
        media=media,
        source=Range(skipped, skipped + frames),
        place=Range(first, first + frames),
        muted=strip.mute,
    )


def path_of(strip: Any) -> Path:
    """Its file, absolute also where Blender names it by where the project lies."""
    return Path(os.path.normpath(Path(bpy.path.abspath(strip.filepath)).absolute()))


def _relink(strip: Any, path: str, before: float, behind: float, *, start: int) -> None:
    """Let a strip show another file from ``start`` on, without so many frames before and behind."""
    strip.frame_start = _far()  # with all of its frames it would hit its neighbours, and Blender would move it
    strip.frame_offset_start = strip.frame_offset_end = 0
    strip.filepath = path
    strip.frame_offset_start, strip.frame_offset_end = before, behind
    strip.frame_start = start - before


def _far() -> int:
    """Where nothing is, not even when a strip shows all of its file."""
    return int(max(each.frame_final_end + each.frame_duration for each in all_strips())) + 1


def _is_free(channel: int, start: int, stop: int) -> bool:
    return not any(
        each.channel == channel and each.frame_final_start < stop and each.frame_final_end > start
        for each in all_strips()
    )
