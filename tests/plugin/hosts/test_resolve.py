"""DaVinci Resolve, held against a fake of the documented calls: that the real one does as they say isn't shown."""

from __future__ import annotations

import shutil
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from support.contract import FRAMES, LAYOUT
from support.fakeresolve import FakeResolve, Item, Timeline
from support.stages import STAGES, ResolveStage, write_media
from support.studios import program

from dtsgan.plugin.host import Change, HostError, Range, Step
from dtsgan.plugin.hosts.resolve import script
from dtsgan.plugin.hosts.resolve.adapter import ResolveHost, rate_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def stage(tmp_path: Path) -> ResolveStage:
    write_media(tmp_path)
    made = STAGES["resolve"](tmp_path)
    assert isinstance(made, ResolveStage)
    return made


def test_rates_as_resolve_says_them() -> None:
    """Numbers or texts, with or without drop-frame counting."""
    assert [rate_of(value) for value in (24.0, "25", 30, "23.976", "29.97 DF", 59.94)] == [
        24, 25, 30, Fraction(24000, 1001), Fraction(30000, 1001), Fraction(60000, 1001)
    ]  # fmt: skip
    for value in (None, "", "x", 0, "-25"):
        with pytest.raises(HostError):
            rate_of(value)


@pytest.mark.parametrize("exclusive", [False, True])
def test_both_readings_of_the_last_frame_come_to_the_same(exclusive: bool, stage: ResolveStage) -> None:
    """Versions differ in whether it is the last one or the one after it."""
    stage.resolve.exclusive = exclusive
    media = stage.host.import_media(stage.folder / "new.mkv")
    with stage.host.transaction("insert"):
        made = stage.host.insert_after(stage.host.strips()[0], media, Range(3, 9))
    assert (made.source, made.place) == ((3, 9), (20, 26))
    assert len(stage.host.strips()) == len(LAYOUT) + 1


def test_the_old_clip_is_still_a_take(stage: ResolveStage) -> None:
    """What is replaced can be chosen again, with its grade; the file is taken into the media pool once."""
    strip = stage.host.strips()[0]
    media = stage.host.import_media(stage.folder / "new.mkv")
    for _ in range(2):
        with stage.host.transaction("replace"):
            stage.host.replace(strip, media, Range(0, 20))
    assert stage.resolve.timeline is not None
    item = stage.resolve.timeline.tracks[0][0]
    assert item.GetTakesCount() == 3
    item.SelectTakeByIndex(1)
    assert stage.host.strips()[0] == strip
    assert [pool.known["File Path"] for pool in stage.resolve.root.clips].count(str(stage.folder / "new.mkv")) == 1


def test_a_new_track_goes_with_what_was_put_there(stage: ResolveStage) -> None:
    media = stage.host.import_media(stage.folder / "new.mkv")

    def overlay_and_fail() -> None:
        with stage.host.transaction("overlay"):
            stage.host.overlay(stage.host.strips()[0], media, Range(0, 20))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        overlay_and_fail()
    assert stage.resolve.timeline is not None
    assert len(stage.resolve.timeline.tracks) == 2


def test_titles_are_no_strips(stage: ResolveStage) -> None:
    assert stage.resolve.timeline is not None
    stage.resolve.timeline.tracks[1].append(Item(None, 0, 50, stage.resolve.timeline.start + 100))
    assert len(stage.host.strips()) == len(LAYOUT)


def test_the_clip_under_the_playhead_is_the_selection(stage: ResolveStage) -> None:
    assert stage.resolve.timeline is not None
    stage.resolve.timeline.current = stage.resolve.timeline.tracks[0][1]
    assert [strip.place for strip in stage.host.selection()] == [(30, 40)]


@pytest.mark.parametrize("missing", ["project", "timeline"])
def test_without_a_timeline_that_is_said(missing: str) -> None:
    resolve = FakeResolve(FRAMES)
    if missing == "project":
        resolve.open = False
    else:
        resolve.timeline = None
    for call in (lambda host: host.strips(), lambda host: host.rate, lambda host: host.selection()):
        with pytest.raises(HostError, match="No timeline is open"):
            call(ResolveHost(resolve))


@pytest.mark.parametrize("call", ["AppendToTimeline", "ImportMedia", "AddTrack", "AddTake", "AddMarker"])
def test_what_resolve_refuses_is_said(call: str, stage: ResolveStage, monkeypatch: pytest.MonkeyPatch) -> None:
    """By None: nothing is changed then."""
    kind: Any = {"AddTrack": Timeline, "AddTake": Item, "AddMarker": Item}.get(call, FakeResolve)
    before = stage.host.strips()
    monkeypatch.setattr(kind, call, lambda *_, **__: None)
    kinds = ("replace", "overlay")
    steps = tuple(Step(kind=kind, media=stage.folder / "new.mkv", source=Range(0, 20)) for kind in kinds)
    change = Change(title="All", strip=before[0].id, steps=steps)
    with pytest.raises(HostError):
        stage.host.apply(change)
    assert stage.host.strips() == before


def test_markers_of_others_stay(stage: ResolveStage) -> None:
    """On the frames where they are, whatever data they carry."""
    assert stage.resolve.timeline is not None
    item = stage.resolve.timeline.tracks[0][0]
    for frame, data in ((0, "x"), (1, "[]"), (2, '{"dtsgan": 5}'), (3, "")):
        item.AddMarker(frame, "Red", "mine", "", 1, data)
    strip = stage.host.strips()[0]
    assert stage.host.get_meta(strip) == {}
    with stage.host.transaction("meta"):
        stage.host.set_meta(strip, {"a": 1})
        stage.host.set_meta(strip, {"b": 2})
    assert stage.host.get_meta(strip) == {"b": 2}
    assert len(item.markers) == 5


WINDOW = """
from dtsgan.plugin.bridge.window import WindowLink
import queue, pathlib
heard = queue.Queue()
link = WindowLink(pathlib.Path(words[2]))
link.listen(lambda strip, page: heard.put(strip), lambda: None)
strip = heard.get(timeout=20)
from dtsgan.ui.editing import Placement
path = str(pathlib.Path(strip.path).with_name("new.mkv"))
link.place(strip, "x", [Placement(kind="insert_after", path=path, first=0, stop=6, meta={})])
link.close()
"""


def test_the_script_serves_a_window(
    stage: ResolveStage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Which is sent the clip under the playhead, and puts its result there; the script ends with it. It says that it is
    untested."""
    monkeypatch.setenv("DTSGAN_SESSIONS", str(tmp_path / "sessions"))
    assert script.main(stage.resolve, program=["x"]) == 2
    assert "under the playhead" in capsys.readouterr().out
    assert stage.resolve.timeline is not None
    stage.resolve.timeline.current = stage.resolve.timeline.tracks[0][0]
    assert script.main(stage.resolve, program=program(tmp_path, WINDOW)) == 0
    assert "never been run" in capsys.readouterr().out
    assert [strip.place for strip in stage.host.strips()][:2] == [(0, 20), (20, 26)]
    assert not list((tmp_path / "sessions").iterdir())


def test_the_script_without_the_program_says_so(
    stage: ResolveStage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DTSGAN_DATA", str(tmp_path))
    assert script.main(stage.resolve) == 2
    assert "dtsgan plugin install resolve" in capsys.readouterr().out
    shutil.rmtree(tmp_path)
    assert script.main(stage.resolve, program=["/none"]) == 2
