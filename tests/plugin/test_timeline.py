"""Edits of a strip on a timeline, on the command line."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import opentimelineio as otio
import pytest
from support.bridges import Served
from support.edits import FRAMES, edit_here, result
from support.fakehost import FakeHost
from support.writing import everything, read, write

from dtsgan.plugin.cli import main
from dtsgan.plugin.host import HostError, Range
from dtsgan.plugin.hosts.otio import files
from dtsgan.plugin.hosts.otio.adapter import OtioHost
from dtsgan.plugin.hosts.otio.rates import range_of

if TYPE_CHECKING:
    from collections.abc import Callable

Printed = pytest.CaptureFixture[str]
RATE = Fraction(25)
HOUR = 3600 * 25
EXTEND = ["--clip", "fire", "--add", "5", "--instant"]


def lay(name: str, *, file: str = "clip.mkv", frames: int = 60, rate: Fraction = RATE) -> None:
    """A timeline that begins at an hour: 40 frames of the clip from its tenth on, a gap of 20, its first 10 frames."""
    reference = otio.schema.ExternalReference(Path(file).absolute().as_uri(), range_of(0, frames, rate))
    items = [
        otio.schema.Clip("fire", reference, range_of(10, 40, rate)),
        otio.schema.Gap(source_range=range_of(0, 20, rate)),
        otio.schema.Clip("end", reference.deepcopy(), range_of(0, 10, rate)),
    ]
    timeline = otio.schema.Timeline("cut", global_start_time=otio.opentime.RationalTime(HOUR, float(rate)))
    timeline.tracks.append(otio.schema.Track(kind="Video", children=items))
    files.write(OtioHost(timeline, title="cut", folder=Path.cwd()), Path(name))


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    edit_here(monkeypatch, tmp_path)
    lay("cut.otio")
    lay("cut.xml")


def draw_mask() -> np.ndarray:
    """Of a rectangle, as mask-001.png."""
    mask = np.zeros((24, 32), np.uint8)
    mask[10:14, 12:18] = 255
    write(Path("mask-%03d.png"), np.repeat(mask[None, ..., None], 3, axis=3))
    return mask


def shown(capsys: Printed, path: str) -> list[dict]:
    return result(capsys, ["timeline", "show", path])["strips"]


@pytest.mark.parametrize("suffix", ["otio", "xml"])
def test_a_strip_is_extended(suffix: str, capsys: Printed) -> None:
    """By new frames of its own range that follow its last: they take the gap, what is behind stays, and so does the
    timeline that was read; how they were made is kept with them."""
    before = Path(f"cut.{suffix}").read_bytes()
    words = ["timeline", "extend", f"cut.{suffix}", "--clip", "fire", "--add", "15", "--instant", "--seed", "3"]
    said = result(capsys, [*words, "-o", f"new.{suffix}", "--format", "mkv"])
    made = read(Path(said["video"]))
    assert len(made) == 55
    np.testing.assert_array_equal(made[:40], FRAMES[10:50])
    strips = shown(capsys, f"new.{suffix}")
    assert [(strip["source"], strip["place"]) for strip in strips] == [
        ([10, 50], [0, 40]), ([40, 55], [40, 55]), ([0, 10], [60, 70])
    ]  # fmt: skip
    assert strips[1]["file"] == said["video"]
    meta = strips[1]["meta"]
    assert meta["edit"] == "extend"
    assert (meta["options"]["add"], meta["options"]["seed"], meta["options"]["instant"]) == (15, 3, True)
    assert meta["of"] == {"file": str(Path("clip.mkv").absolute()), "frames": [10, 50], "rate": "25/1"}
    assert said["strips"] == [strips[1]]
    assert Path(f"cut.{suffix}").read_bytes() == before


def test_a_strip_is_looped(capsys: Printed) -> None:
    """The bridge follows it, then all of the loop as often as asked; what doesn't fit moves the rest."""
    words = ["timeline", "loop", "cut.otio", "--clip", "fire", "--bridge", "8", "--times", "3", "--instant"]
    said = result(capsys, [*words, "-o", "new.otio", "--format", "mkv"])
    strips = shown(capsys, "new.otio")
    assert [(strip["source"], strip["place"]) for strip in strips] == [
        ([10, 50], [0, 40]), ([40, 48], [40, 48]), ([0, 48], [48, 96]), ([0, 48], [96, 144]), ([0, 10], [144, 154])
    ]  # fmt: skip
    np.testing.assert_array_equal(read(Path(said["video"]))[:40], FRAMES[10:50])


def test_a_loop_shorter_than_the_strip_takes_its_place(capsys: Printed) -> None:
    words = ["timeline", "loop", "cut.otio", "--clip", "fire", "--length", "32", "--bridge", "8", "--instant"]
    result(capsys, [*words, "-o", "new.otio"])
    strips = shown(capsys, "new.otio")
    assert [(Path(strip["file"]).name, strip["place"]) for strip in strips] == [
        ("clip-loop.mov", [0, 32]), ("clip-loop.mov", [32, 64]), ("clip.mkv", [64, 74])
    ]  # fmt: skip


@pytest.mark.parametrize("layer", [False, True])
def test_a_region_of_a_strip_is_replaced(layer: bool, capsys: Printed) -> None:
    """It keeps its length and its place; as a layer it lies above. Outside the mask every pixel is the strip's."""
    mask = draw_mask()
    words = [
        "timeline",
        "replace",
        "cut.otio",
        "--clip",
        "fire",
        "--mask",
        "mask-001.png",
        "--feather",
        "0",
        "--fill",
        "texture",
    ]
    said = result(capsys, [*words, "--instant", "-o", "new.otio", "--format", "mkv", *(["--layer"] if layer else [])])
    (strip,) = said["strips"]
    assert (strip["track"], strip["source"], strip["place"]) == (int(layer), [0, 40], [0, 40])
    assert len(shown(capsys, "new.otio")) == 2 + layer
    made = read(Path(said["video"]))
    assert len(made) == 40
    if layer:
        assert (made[..., 3] == mask).all()
    else:
        outside = mask == 0
        np.testing.assert_array_equal(made[:, outside], FRAMES[10:50][:, outside])


def test_variants_lie_above_a_strip(capsys: Printed) -> None:
    """Muted, as long as it is, each a video of its own."""
    words = ["timeline", "variants", "cut.otio", "--clip", "fire", "--seeds", "4,9", "-o", "new.otio"]
    said = result(capsys, words)
    assert [(strip["track"], strip["place"], strip["muted"]) for strip in said["strips"]] == [
        (1, [0, 40], True), (2, [0, 40], True)
    ]  # fmt: skip
    assert len({strip["file"] for strip in said["strips"]}) == 2
    assert all(len(read(Path(strip["file"]))) == 40 for strip in said["strips"])


@pytest.mark.parametrize(
    ("asked", "start"),
    [("fire", 0), ("end", 60), ("01:00:00:39", 0), ("00:00:02:10", 60), ("2.5s", 60), ("0", 0), ("01:00:02:12", 60)],
)
def test_a_strip_is_named_or_pointed_at(asked: str, start: int) -> None:
    """By its name, its time code as the editor shows it or from the timeline's start, seconds, or a frame's number."""
    from dtsgan.plugin.cli.timeline.strips import choose_strip

    assert choose_strip(files.read(Path("cut.otio")), asked).place.start == start


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("water", "fire, end"),
        ("50", "timeline show"),
        ("9s", "timeline show"),
        ("clip.mkv", "Give a time"),
        ("", "fire"),
    ],
)
def test_a_strip_that_is_not_there_is_said(asked: str, said: str) -> None:
    """With those there are, or why the name won't do."""
    from dtsgan.plugin.cli.timeline.strips import OptionError, choose_strip

    with pytest.raises(OptionError) as caught:
        choose_strip(files.read(Path("cut.otio")), asked)
    assert said in caught.value.remedy


def test_a_timeline_that_is_replaced_is_kept(capsys: Printed) -> None:
    """With --overwrite the timeline that stood there stays beside it, each time under a name of its own."""
    words = ["timeline", "extend", "cut.otio", "--clip", "fire", "--add", "5", "--instant", "-o", "cut.otio"]
    assert main(words) == 2
    before = Path("cut.otio").read_bytes()
    result(capsys, [*words, "--overwrite"])
    second = Path("cut.otio").read_bytes()
    result(capsys, [*words, "--overwrite"])
    assert Path("cut.before-dtsgan.otio").read_bytes() == before
    assert Path("cut.before-dtsgan-2.otio").read_bytes() == second
    assert {"clip-extend.mov", "clip-extend-2.mov"} <= set(everything(Path()))


def served(folder: Path) -> Served:
    """An editor that is open, with 40 frames of the clip from its tenth on."""
    host = FakeHost({}, rate=RATE)
    host.add(host.import_media(folder / "clip.mkv"), Range(10, 50), track=0, start=100)
    return Served(folder, host)


def test_a_strip_in_an_editor_that_is_open_is_extended(tmp_path: Path, capsys: Printed) -> None:
    """The editor changes its timeline in one step, shows progress, and hears of the end; the video lies beside the
    strip's."""
    with served(tmp_path) as editor:
        words = ["timeline", "extend", str(editor.path), "--clip", "s1", "--add", "15", "--instant", "--format", "mkv"]
        said = result(capsys, words)
        first, second = editor.host.strips()
        assert (second.media.path, second.source, second.place) == (Path(said["video"]), (40, 55), (140, 155))
        assert second.media.path.parent == tmp_path
        np.testing.assert_array_equal(read(second.media.path)[:40], FRAMES[10:50])
        assert editor.host.get_meta(second)["options"]["add"] == 15
        assert [title for title, _ in editor.host.history] == ["dtsgan: extend clip"]
        assert [name for name, _ in editor.told][-1] == "done"
        shares = [facts["done"] for name, facts in editor.told if name == "progress"]
        assert shares == sorted(shares)
        assert shares[-1] == 1
        assert [strip["id"] for strip in shown(capsys, str(editor.path))] == [first.id, second.id]


def test_an_editor_hears_what_went_wrong(tmp_path: Path, capsys: Printed) -> None:
    """In the words in which it is said on the command line."""
    with served(tmp_path) as editor:
        assert main(["timeline", "extend", str(editor.path), "--clip", "none", "--add", "15", "--instant"]) == 2
        ((name, facts),) = editor.told
        assert name == "failed"
        assert facts["problem"] in capsys.readouterr().err
        assert main(["timeline", "extend", str(editor.path), *EXTEND, "-o", "x.otio"]) == 2
        assert "Leave out -o" in capsys.readouterr().err


def test_an_editor_can_stop_the_work(tmp_path: Path, capsys: Printed) -> None:
    """Which then leaves nothing."""
    with served(tmp_path) as editor:
        before = everything(tmp_path)
        editor.told = Telling(lambda: editor.server.send("edit", {"event": "stop"}))
        words = ["timeline", "extend", str(editor.path), "--clip", "s1", "--add", "400", "--instant"]
        assert main(words) == 143
        assert "Stopped" in capsys.readouterr().err
        assert len(editor.host.strips()) == 1
        assert everything(tmp_path) == before


class Telling(list):
    """Calls at the first thing that is told."""

    def __init__(self, call: Callable[[], object]) -> None:
        super().__init__()
        self._call = call

    def append(self, item: object) -> None:
        if not self:
            self._call()
        super().append(item)


def wrong(words: list[str], capsys: Printed) -> str:
    """What is said of a command that can't be done, which leaves nothing behind."""
    before = everything(Path())
    assert main(["timeline", *words]) == 2
    assert everything(Path()) == before
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["extend", "cut.otio", *EXTEND], "Where is the new timeline to go"),
        (["extend", "cut.otio", *EXTEND, "-o", "new.xml"], "of another kind"),
        (["extend", "cut.otio", *EXTEND, "-o", "none/new.otio"], "no folder"),
        (["extend", "cut.otio", *EXTEND, "-o", "new.otio", "--media", "none"], "no folder"),
        (["extend", "none.otio", *EXTEND, "-o", "new.otio"], "There is no none.otio"),
        (["extend", "clip.mkv", *EXTEND, "-o", "new.otio"], "no timeline that can be read"),
        (["extend", "cut.otio", "--clip", "fire", "--to", "20", "-o", "new.otio"], "has 40 frames"),
        (["extend", "cut.otio", "--clip", "end", "--add", "9", "-o", "new.otio"], "at least 16 are needed"),
        (["variants", "cut.otio", "--clip", "fire", "-m", "clip.mkv", "-o", "new.otio"], "no texture model"),
        (["extend", "cut.otio"], "required"),
        ([], "required"),
        (["show", "cut.otio", "--sequence", "x"], "no timeline x"),
    ],
    ids=range(12),
)
def test_what_cannot_be_done_is_said_before_any_work(words: list[str], said: str, capsys: Printed) -> None:
    assert said in wrong(words, capsys)


def test_a_file_that_does_not_fit_its_strip_is_said(capsys: Printed) -> None:
    """A missing file, another rate than the timeline counts with, fewer frames than are shown."""
    lay("cut.otio", rate=Fraction(24))
    assert "runs at 25 frames a second" in wrong(["extend", "cut.otio", *EXTEND, "-o", "new.otio"], capsys)
    lay("cut.otio")
    write(Path("clip.mkv"), FRAMES[:45], overwrite=True)
    assert "has 45 frames" in wrong(["extend", "cut.otio", *EXTEND, "-o", "new.otio"], capsys)
    Path("clip.mkv").unlink()
    assert "is missing" in wrong(["extend", "cut.otio", *EXTEND, "-o", "new.otio"], capsys)
    assert main(["timeline", "show", "cut.otio"]) == 0
    assert "its file is missing" in capsys.readouterr().out


@pytest.mark.parametrize("edit", ["extend", "loop", "replace"])
def test_a_strip_with_a_cut_is_to_be_split_first(edit: str, capsys: Printed) -> None:
    """An edit of a part of it would not fit into its place: where to split is said."""
    write(Path("clip.mkv"), np.concatenate([FRAMES[:30], 255 - FRAMES[30:] // 2]), overwrite=True)
    draw_mask()
    own = {"extend": ["--add", "5", "--instant"], "loop": ["--instant"], "replace": ["--mask", "mask-001.png"]}[edit]
    said = wrong([edit, "cut.otio", "--clip", "fire", *own, "-o", "new.otio"], capsys)
    assert "hard cut at frame 30" in said
    assert "20 frames after its start" in said


def test_a_result_that_cannot_be_placed_is_not_lost(capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it lies is said."""

    def refuse(*_: object) -> None:
        raise HostError("The editor says no.")

    monkeypatch.setattr(OtioHost, "insert_after", refuse)
    assert main(["timeline", "extend", "cut.otio", *EXTEND, "-o", "new.otio"]) == 2
    said = capsys.readouterr().err
    assert "The editor says no." in said
    assert "clip-extend.mov" in said
    assert Path("clip-extend.mov").exists()
    assert not Path("new.otio").exists()


def test_without_the_extra_its_name_is_said(capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> None:
        raise ImportError(name="opentimelineio")

    monkeypatch.setattr("dtsgan.plugin.cli.timeline.project.load", missing)
    assert "dtsgan[timeline]" in wrong(["show", "cut.otio"], capsys)


def test_what_is_shown_can_be_read(capsys: Printed) -> None:
    """A line a strip, with the times that the editor shows."""
    assert main(["timeline", "show", "cut.otio"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "cut.otio: 2 strips at 25 frames a second."
    assert lines[1].startswith("track 1  01:00:00:00 to 01:00:01:15  fire  frames 10:50 of ")


def test_a_result_is_made_again(capsys: Printed) -> None:
    """In its place, of what it was made of, with the options that lie with it and the next seed, or another one."""
    words = ["timeline", "extend", "cut.otio", "--clip", "fire", "--add", "0.6s", "--instant", "--seed", "3"]
    first = Path(result(capsys, [*words, "-o", "new.otio", "--format", "mkv"])["video"])
    again = ["timeline", "again", "new.otio", "--clip", first.stem, "--format", "mkv"]
    said = result(capsys, [*again, "-o", "other.otio"])
    strips = shown(capsys, "other.otio")
    assert [(strip["source"], strip["place"]) for strip in strips] == [
        ([10, 50], [0, 40]), ([40, 55], [40, 55]), ([0, 10], [60, 70])
    ]  # fmt: skip
    assert strips[1]["file"] == said["video"] != str(first)
    assert strips[1]["meta"]["options"] | {"seed": 3} == shown(capsys, "new.otio")[1]["meta"]["options"]
    assert strips[1]["meta"]["options"]["seed"] == 4
    made = read(Path(said["video"]))
    np.testing.assert_array_equal(made[:40], FRAMES[10:50])
    assert not np.array_equal(made, read(first))
    # The same seed makes the same frames.
    same = Path(result(capsys, [*again, "--seed", "3", "-o", "same.otio"])["video"])
    np.testing.assert_array_equal(read(same), read(first))


def test_a_piece_of_a_loop_and_a_variant_are_made_again(capsys: Printed) -> None:
    """Each in its own place; what else was made with it stays."""
    words = ["timeline", "loop", "cut.otio", "--clip", "fire", "--bridge", "8", "--instant", "-o", "loop.otio"]
    result(capsys, words)
    result(capsys, ["timeline", "again", "loop.otio", "--clip", "00:00:02:00", "-o", "loop2.otio"])
    sources = [(Path(strip["file"]).stem, strip["source"]) for strip in shown(capsys, "loop2.otio")]
    assert sources[1:3] == [("clip-loop", [40, 48]), ("clip-loop-2", [0, 48])]
    result(capsys, ["timeline", "variants", "cut.otio", "--clip", "fire", "--seeds", "4,9", "-o", "many.otio"])
    name = shown(capsys, "many.otio")[2]["name"]
    result(capsys, ["timeline", "again", "many.otio", "--clip", name, "-o", "more.otio"])
    strips = shown(capsys, "more.otio")
    assert (strips[2]["track"], strips[2]["place"], strips[2]["muted"]) == (1, [0, 40], True)
    assert strips[2]["meta"]["options"]["seeds"] == [10]
    assert strips[3] == shown(capsys, "many.otio")[3]


@pytest.mark.parametrize(
    "meta",
    [
        {},
        {"edit": "extend"},
        {"edit": "fly", "of": {"file": "clip.mkv", "frames": [0, 40], "rate": "25/1"}},
        {"edit": "extend", "of": {"file": "clip.mkv", "frames": ["a", 40], "rate": "25/1"}},
        {"edit": "extend", "of": {"file": "clip.mkv", "frames": [40, 0], "rate": "25/1"}},
        {"edit": "extend", "of": {"file": "clip.mkv", "frames": [0, 40], "rate": "25"}},
        {"edit": "extend", "of": {"file": "clip.mkv", "frames": [0, 40], "rate": "25/1"}, "options": {"no-such": 1}},
        {"edit": "extend", "of": {"file": "clip.mkv", "frames": [0, 40], "rate": "25/1"}, "options": {"add": "rm -rf"}},
        {
            "edit": "extend",
            "of": {"file": "clip.mkv", "frames": [0, 40], "rate": "25/1"},
            "options": {"add": 5, "x": 1},
        },
        {"edit": "extend", "of": {"file": "clip.mkv", "frames": [0, 40], "rate": "25/1"}, "options": [1]},
    ],
    ids=range(10),
)
def test_what_was_not_made_by_us_is_not_made_again(meta: dict, capsys: Printed) -> None:
    """Also where a project says of it what makes no sense."""
    host = files.read(Path("cut.otio"))
    host.set_meta(host.strips()[0], meta)
    files.write(host, Path("cut.otio"))
    assert wrong(["again", "cut.otio", "--clip", "fire", "-o", "new.otio"], capsys)


def test_what_moves_is_told(capsys: Printed) -> None:
    words = ["timeline", "extend", "cut.otio", "--clip", "fire", "--add", "30", "--instant", "-o", "new.otio"]
    assert main(words) == 0
    assert "1 strip behind it moved" in capsys.readouterr().err
    words[words.index("30")] = "20"
    words[-1] = "other.otio"
    assert main(words) == 0
    assert "moved" not in capsys.readouterr().err
