"""Projects of Kdenlive, Shotcut and MLT: rendered by the real melt, and changed in no other byte than has to be."""

from __future__ import annotations

import difflib
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from support.contract import at, media
from support.stages import STAGES, MltStage, write_media
from support.system import melt
from support.writing import everything, read

from dtsgan.plugin.host import Change, HostError, Range, Step
from dtsgan.plugin.hosts.mlt import files

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS = ("kdenlive-1.04", "kdenlive-1.1", "shotcut", "melt")


@pytest.fixture(scope="module")
def media_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    write_media(folder)
    return folder


@pytest.fixture(params=KINDS)
def stage(request: pytest.FixtureRequest, media_folder: Path, tmp_path: Path) -> MltStage:
    folder = tmp_path / "it's a 火 & more"
    shutil.copytree(media_folder, folder)
    return STAGES[request.param](folder)


def rendered(stage: MltStage, frames: int) -> np.ndarray:
    """The first frames of the project, as melt shows them; no more are there unless the project says so."""
    stage.reopen()
    output = stage.folder / "rendered.mkv"
    words = [*melt(), str(stage.path), f"out={frames - 1}", "-consumer", f"avformat:{output}"]
    done = subprocess.run(
        [*words, "vcodec=ffv1", "pix_fmt=bgr0", "an=1", "real_time=-1"], capture_output=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    made = read(output)
    assert len(made) == frames
    return made


def shows(made: np.ndarray, stage: MltStage, place: range, name: str, first: int) -> bool:
    """Whether these frames are those of a file, to the bit."""
    own = read(stage.folder / name)[first : first + len(place), ..., :3]
    return np.array_equal(made[place.start : place.stop], own)


def test_what_is_inserted_is_rendered(stage: MltStage) -> None:
    """The frame before the joint, the first new one, all after; what is behind begins later by just so much."""
    with stage.host.transaction("insert"):
        stage.host.insert_after(at(stage, "A"), media(stage, "new.mkv"), Range(2, 30))
    made = rendered(stage, 68)
    assert shows(made, stage, range(5, 20), "base.mkv", 10)
    assert shows(made, stage, range(20, 48), "new.mkv", 2)
    assert shows(made, stage, range(48, 58), "base.mkv", 0)
    assert shows(made, stage, range(58, 68), "base.mkv", 10)


def test_a_gap_that_is_left_stays_empty(stage: MltStage) -> None:
    """Black, or what MLT shows where nothing is."""
    with stage.host.transaction("insert"):
        stage.host.insert_after(at(stage, "A"), media(stage, "new.mkv"), Range(0, 6))
    made = rendered(stage, 50)
    assert shows(made, stage, range(20, 26), "new.mkv", 0)
    assert np.ptp(made[26:30]) == 0
    assert shows(made, stage, range(30, 40), "base.mkv", 0)


def test_what_is_replaced_is_rendered(stage: MltStage) -> None:
    with stage.host.transaction("replace"):
        stage.host.replace(at(stage, "B"), media(stage, "new.mkv"), Range(7, 17))
    made = rendered(stage, 50)
    assert shows(made, stage, range(30, 40), "new.mkv", 7)
    assert shows(made, stage, range(40, 50), "base.mkv", 10)


def test_a_region_shows_through_its_alpha_alone(stage: MltStage) -> None:
    """On a track that is there, and on a new one: inside the region its own pixels, elsewhere the strip's."""
    with stage.host.transaction("overlay"):
        stage.host.overlay(at(stage, "B"), media(stage, "patch.mkv"), Range(3, 13))
        stage.host.overlay(at(stage, "A"), media(stage, "patch.mkv"), Range(0, 20))
    made = rendered(stage, 50)
    base, patch = read(stage.folder / "base.mkv"), read(stage.folder / "patch.mkv")
    inside = patch[0, ..., 3] > 0
    for place, below, above in ((32, base[2], patch[5]), (10, base[15], patch[10])):
        difference = np.abs(made[place].astype(int) - np.where(inside[..., None], above[..., :3], below))
        # Blending works in other colour spaces; what is beside the region differs by far more.
        assert difference.mean() < 3
        assert np.abs(above[inside, :3].astype(int) - below[inside]).mean() > 12


def test_muted_variants_are_not_rendered(stage: MltStage) -> None:
    before = rendered(stage, 50)
    with stage.host.transaction("variants"):
        stage.host.add_variants(at(stage, "A"), [(media(stage, "new.mkv"), Range(0, 20))] * 2)
    np.testing.assert_array_equal(rendered(stage, 50), before)


def test_the_project_ends_where_its_last_clip_does(media_folder: Path, tmp_path: Path) -> None:
    """Without being told how many frames to render, melt renders those that there are then, and no black after them."""
    for kind, sample in (("shotcut", 50), ("melt", 50)):
        folder = tmp_path / kind
        shutil.copytree(media_folder, folder)
        stage = STAGES[kind](folder)
        with stage.host.transaction("insert"):
            stage.host.insert_after(at(stage, "C"), media(stage, "new.mkv"), Range(0, 30))
        stage.reopen()
        words = [*melt(), str(stage.path), "-consumer", f"avformat:{folder / 'all.mkv'}", "vcodec=ffv1", "an=1"]
        subprocess.run(words, capture_output=True, timeout=120, check=True)
        assert len(read(folder / "all.mkv")) == sample + 30


def test_nothing_else_is_changed(stage: MltStage) -> None:
    """Of all lines that were there, only those of the changed clip, of gaps and of lengths are not there any more."""
    before = stage.path.read_text(encoding="utf-8").splitlines()
    path = stage.folder / "new.mkv"
    kinds = ("insert_after", "replace", "overlay", "variant")
    steps = tuple(Step(kind=kind, media=path, source=Range(0, 20)) for kind in kinds)
    stage.host.apply(Change(title="All", strip=at(stage, "A").id, steps=steps))
    stage.reopen()
    after = stage.path.read_text(encoding="utf-8").splitlines()
    gone = [line[2:].strip() for line in difflib.ndiff(before, after) if line.startswith("- ")]
    known = ["entry", "/entry", "blank", "tractor", "track", "producer", "playlist", "/playlist"]
    known = [*(f"<{tag}" for tag in known), '<property name="kdenlive:', '<property name="length"', '"data":', "</prop"]
    assert all(line.startswith(tuple(known)) for line in gone), gone
    assert len(gone) < 16


def test_reading_and_writing_changes_nothing(stage: MltStage) -> None:
    before = stage.path.read_bytes()
    stage.reopen()
    assert stage.path.read_bytes() == before


def test_a_project_in_another_folder_still_finds_its_files(stage: MltStage) -> None:
    """Also where it says nothing of the folder that its names are relative to."""
    text = stage.path.read_text(encoding="utf-8")
    begin = text.index(' root="')
    stage.path.write_text(text[:begin] + text[text.index('"', begin + 7) + 1 :], encoding="utf-8")
    host = files.read(stage.path)
    other = stage.folder / "other"
    other.mkdir()
    files.write(host, other / stage.path.name)
    assert {strip.media.path for strip in files.read(other / stage.path.name).strips()} == {stage.folder / "base.mkv"}


def test_metadata_outlive_kdenlive(media_folder: Path, tmp_path: Path) -> None:
    """Which drops what it doesn't know of entries when it saves, and keeps what it doesn't know of clips."""
    folder = tmp_path / "media"
    shutil.copytree(media_folder, folder)
    stage = STAGES["kdenlive-1.04"](folder)
    step = Step(kind="insert_after", media=folder / "new.mkv", source=Range(0, 10), meta={"edit": "extend", "a": [1]})
    stage.host.apply(Change(title="x", strip=at(stage, "A").id, steps=(step,)))
    stage.reopen()
    saved = re.sub(
        r'(<entry[^>]*>)<property name="dtsgan">[^<]*</property>', r"\1", stage.path.read_text(encoding="utf-8")
    )
    assert saved.count('name="dtsgan"') == 1
    stage.path.write_text(saved, encoding="utf-8")
    host = files.read(stage.path)
    assert [host.get_meta(strip) for strip in host.strips()] == [{}, {"edit": "extend", "a": [1]}, {}, {}, {}]


def test_groups_follow_what_has_moved(media_folder: Path, tmp_path: Path) -> None:
    """Kdenlive notes them by track and frame."""
    folder = tmp_path / "media"
    shutil.copytree(media_folder, folder)
    stage = STAGES["kdenlive-1.1"](folder)
    with stage.host.transaction("insert"):
        stage.host.insert_after(at(stage, "A"), media(stage, "new.mkv"), Range(0, 30))
    stage.reopen()
    text = stage.path.read_text(encoding="utf-8")
    assert '"data": "1:50:-1"' in text
    assert '"data": "1:60:-1"' in text
    assert '"data": "1:30:-1"' not in text


def test_a_sequence_is_chosen_by_name(media_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "media"
    shutil.copytree(media_folder, folder)
    stage = STAGES["kdenlive-1.1"](folder)
    assert len(files.read(stage.path, sequence="Sequence 1").strips()) == 4
    with pytest.raises(HostError, match="no timeline other") as caught:
        files.read(stage.path, sequence="other")
    assert "Sequence 1" in caught.value.remedy


def changed(stage: MltStage, change: Callable[[str], str]) -> Any:
    stage.path.write_text(change(stage.path.read_text(encoding="utf-8")), encoding="utf-8")
    return files.read(stage.path)


def test_clips_that_go_over_into_each_other_are_not_torn(media_folder: Path, tmp_path: Path) -> None:
    """What would move them is refused; what only fills the gap before them is not."""
    folder = tmp_path / "media"
    shutil.copytree(media_folder, folder)
    stage = STAGES["kdenlive-1.04"](folder)
    mix = (
        '<transition id="m" in="34" out="42"><property name="a_track">0</property><property name="b_track">1'
        '</property><property name="mlt_service">luma</property></transition></tractor>'
    )

    def mixed(text: str) -> str:
        place = text.index("</tractor>", text.index('<tractor id="tractor2"'))
        return text[:place] + mix + text[place + len("</tractor>") :]

    stage.host = changed(stage, mixed)
    new = stage.host.import_media(folder / "new.mkv")
    before = stage.host.strips()
    with pytest.raises(HostError, match="would have to be moved"), stage.host.transaction("insert"):
        stage.host.insert_after(at(stage, "A"), new, Range(0, 30))
    with pytest.raises(HostError, match="goes over into"), stage.host.transaction("insert"):
        stage.host.insert_after(at(stage, "B"), new, Range(0, 5))
    assert stage.host.strips() == before
    with stage.host.transaction("insert"):
        assert stage.host.insert_after(at(stage, "A"), new, Range(0, 10)).place == (20, 30)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (">avformat-novalidate<", ">timewarp<", "speed is changed"),
        (">avformat-novalidate<", ">color<", "no video file"),
        (">base.mkv<", "><", "no video file"),
        (">base.mkv<", ">//server/share/base.mkv<", "no file of this machine"),
        (">base.mkv<", ">https://host/base.mkv<", "no file of this machine"),
    ],
)
def test_what_cannot_be_worked_on_is_named(old: str, new: str, reason: str, media_folder: Path, tmp_path: Path) -> None:
    """It is left out of the strips, with the reason."""
    folder = tmp_path / "media"
    shutil.copytree(media_folder, folder)
    host = changed(STAGES["kdenlive-1.04"](folder), lambda text: text.replace(old, new))
    assert host.strips() == ()
    assert len(host.skipped) == 4
    assert all(reason in said for _, said in host.skipped)


BAD = {
    "entities": lambda text: text.replace("<mlt ", '<!DOCTYPE mlt [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><mlt ', 1),
    "another file": lambda text: text.replace(
        "<mlt ", '<!DOCTYPE mlt [<!ENTITY a SYSTEM "file:///etc/passwd">]><mlt ', 1
    ),
    "deep": lambda text: text.replace("</mlt>", "<filter>" * 10_000 + "</filter>" * 10_000 + "</mlt>"),
    "cut off": lambda text: text[: len(text) // 2],
    "no rate": lambda text: text.replace("frame_rate_num", "x"),
    "rate of nothing": lambda text: text.replace('frame_rate_den="1"', 'frame_rate_den="0"'),
    "a time that is none": lambda text: text.replace('<blank length="', '<blank length="x'),
    "an endless time": lambda text: text.replace('<blank length="', '<blank length="9999999999" x="'),
    "an end before the beginning": lambda text: text.replace('in="00:00:00.200"', 'in="00:01:00.200"'),
    "no timeline": lambda text: text[: text.index("<playlist")] + "</mlt>",
    "other": lambda _: "<html/>",
}


@pytest.mark.parametrize("change", BAD.values(), ids=BAD)
def test_a_damaged_or_hostile_project_is_refused(change: Callable[[str], str], tmp_path: Path) -> None:
    """In words, with its name; nothing is read or written elsewhere."""
    sample = Path(__file__).parent / "samples/kdenlive-1.04.kdenlive"
    path = tmp_path / "film.kdenlive"
    path.write_text(change(sample.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(HostError) as caught:
        files.read(path).strips()
    assert "film.kdenlive" in caught.value.problem or "time" in caught.value.problem
    assert everything(tmp_path) == ["film.kdenlive"]


@pytest.mark.parametrize(
    "name", ["a'b.mkv", 'a"b.mkv', "a b&c<d>.mkv", "$(touch x);`y`.mkv", "火.mkv", "a\nb.mkv", "%41.mkv"]
)
def test_any_name_of_a_file_comes_back(name: str, media_folder: Path, tmp_path: Path) -> None:
    """Whatever characters it has: it is found again, and melt finds it, too."""
    folder = tmp_path / "media"
    shutil.copytree(media_folder, folder)
    stage = STAGES["kdenlive-1.04"](folder)
    path = stage.folder / name
    shutil.copy(stage.folder / "new.mkv", path)
    with stage.host.transaction("insert"):
        stage.host.insert_after(at(stage, "A"), stage.host.import_media(path), Range(0, 10))
    again = stage.reopen()
    assert [strip.media.path for strip in again.strips()][1] == path
    if "%" not in name:  # melt takes such a name for a pattern of pictures
        assert shows(rendered(stage, 50), stage, range(20, 30), "new.mkv", 0)
    assert not (stage.folder / "x").exists()


def test_a_name_that_xml_cannot_hold_is_refused(stage: MltStage) -> None:
    before = stage.host.strips()
    path = stage.folder / "a\x01b.mkv"
    shutil.copy(stage.folder / "new.mkv", path)
    with pytest.raises(HostError, match="can't hold"), stage.host.transaction("insert"):
        stage.host.insert_after(at(stage, "A"), stage.host.import_media(path), Range(0, 10))
    assert stage.host.strips() == before
