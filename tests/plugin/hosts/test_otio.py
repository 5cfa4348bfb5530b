"""Timelines by file: rates, paths, what others wrote into them, and what is no timeline."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest
from support.videos import texture
from support.writing import everything, write

from dtsgan.plugin.host import HostError, Media, Range, exact_rate
from dtsgan.plugin.hosts.otio import files
from dtsgan.plugin.hosts.otio.adapter import OtioHost
from dtsgan.plugin.hosts.otio.rates import range_of

RATES = [Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(24000, 1001), Fraction(60000, 1001), Fraction(50)]


def clip(
    name: str, url: str, first: int, frames: int, *, rate: Fraction = Fraction(25), begins: int = 0
) -> otio.schema.Clip:
    """A clip whose file has 200 frames, and whose time code begins with this one."""
    reference = otio.schema.ExternalReference(url, range_of(begins, 200, rate))
    return otio.schema.Clip(name, reference, range_of(begins + first, frames, rate))


def timeline(*items: otio.core.Item, begins: int | None = None, rate: Fraction = Fraction(25)) -> otio.schema.Timeline:
    made = otio.schema.Timeline("cut")
    made.tracks.append(otio.schema.Track(kind=otio.schema.TrackKind.Video, children=list(items)))
    if begins is not None:
        made.global_start_time = otio.opentime.RationalTime(begins, float(rate))
    return made


def saved(path: Path, made: otio.schema.Timeline) -> OtioHost:
    files.write(OtioHost(made, title="cut", folder=path.parent), path)
    return files.read(path)


@pytest.mark.parametrize("suffix", [".otio", ".xml"])
@pytest.mark.parametrize("rate", RATES, ids=str)
def test_cuts_are_exact_at_every_rate(rate: Fraction, suffix: str, tmp_path: Path) -> None:
    """A hundred insertions of an odd length, each written and read back: no frame is gained or lost, and media whose
    time code begins at an hour are counted from their first frame."""
    hour = 3600 * round(rate)
    path = tmp_path / f"cut{suffix}"
    host = saved(path, timeline(clip("a", "file:///a.mov", 11, 37, rate=rate, begins=hour), begins=hour, rate=rate))
    new = Media(path=Path("/new.mov"), rate=rate, frames=97)
    last = host.strips()[0]
    for _ in range(100):
        last = host.insert_after(last, new, Range(40, 97))
    files.write(host, path)
    again = files.read(path)
    assert (again.rate, again.first) == (rate, hour)
    strips = again.strips()
    assert len(strips) == 101
    assert (strips[0].source, strips[0].place) == ((11, 48), (0, 37))
    for number, strip in enumerate(strips[1:]):
        assert (strip.source, strip.place) == ((40, 97), (37 + 57 * number, 94 + 57 * number))


def test_rates_that_are_meant() -> None:
    """Editors write 23.976, 23.98 or more digits for the same rate."""
    assert {exact_rate(value) for value in (23.976, 23.98, 24000 / 1001)} == {Fraction(24000, 1001)}
    assert {exact_rate(value) for value in (29.97, 30000 / 1001)} == {Fraction(30000, 1001)}
    assert [exact_rate(value) for value in (24, 25.0, 30, 48, 12.5)] == [24, 25, 30, 48, Fraction(25, 2)]
    for value in (0, -25, float("nan"), 1e9):
        with pytest.raises(HostError):
            exact_rate(value)


@pytest.mark.parametrize("suffix", [".otio", ".xml"])
def test_what_others_wrote_stays(suffix: str, tmp_path: Path) -> None:
    """Effects, markers, audio tracks and metadata of other programs are there after a change."""
    made = timeline(clip("a", "file:///a.mov", 0, 50), clip("b", "file:///b.mov", 0, 50))
    made.tracks.append(otio.schema.Track("sound", kind="Audio", children=[clip("s", "file:///s.wav", 0, 50)]))
    first = made.video_tracks()[0][0]
    first.markers.append(otio.schema.Marker("here", range_of(5, 1, Fraction(25)), "RED"))
    first.metadata["fcp_xml"] = {"labels": {"label2": "Rose"}}
    host = saved(tmp_path / f"cut{suffix}", made)
    strip = host.strips()[0]
    host.replace(strip, Media(path=Path("/new.mov"), rate=Fraction(25), frames=50), Range(0, 50))
    files.write(host, tmp_path / f"new{suffix}")
    read = files.read(tmp_path / f"new{suffix}").timeline
    first = read.video_tracks()[0][0]
    assert first.media_reference.target_url == "file:///new.mov"
    assert [marker.name for marker in first.markers] == ["here"]
    assert first.metadata["fcp_xml"]["labels"]["label2"] == "Rose"
    assert [item.name for item in read.audio_tracks()[0]] == ["s"]


@pytest.mark.parametrize("suffix", [".otio", ".xml"])
def test_of_several_timelines_the_others_stay(suffix: str, tmp_path: Path) -> None:
    """One is chosen by name; without a choice they are named."""
    two = [timeline(clip(name, f"file:///{name}.mov", 0, 50), begins=0) for name in "ab"]
    for made, name in zip(two, ("first", "second"), strict=True):
        made.name = name
    collection = otio.schema.SerializableCollection("all", two)
    path = tmp_path / f"all{suffix}"
    otio.adapters.write_to_file(collection, str(path), "fcp_xml" if suffix == ".xml" else "otio_json")
    with pytest.raises(HostError, match="several timelines") as caught:
        files.read(path)
    assert "first, second" in caught.value.remedy
    with pytest.raises(HostError, match="no timeline third"):
        files.read(path, sequence="third")
    host = files.read(path, sequence="second")
    host.insert_after(host.strips()[0], Media(path=Path("/new.mov"), rate=Fraction(25), frames=50), Range(0, 50))
    files.write(host, path)
    assert [strip.name for strip in files.read(path, sequence="second").strips()] == ["b", "new"]
    assert [strip.name for strip in files.read(path, sequence="first").strips()] == ["a"]


def test_paths_hold_where_the_new_timeline_lies(tmp_path: Path) -> None:
    """A relative path still means the same file in another folder; all can be made absolute, or relative."""
    (tmp_path / "media").mkdir()
    write(tmp_path / "media/a b.mkv", texture(20, (16, 16)))
    there = (tmp_path / "media/a b.mkv").as_uri()
    host = saved(tmp_path / "cut.otio", timeline(clip("a", "media/a%20b.mkv", 0, 20), clip("b", there, 0, 20)))
    other = tmp_path / "other/deeper"
    other.mkdir(parents=True)
    for style, urls in (
        ("keep", ["../../media/a%20b.mkv", there]),
        ("absolute", [there, there]),
        ("relative", ["../../media/a%20b.mkv"] * 2),
    ):
        files.write(host, other / "cut.otio", paths=style)
        read = files.read(other / "cut.otio")
        assert [item.media_reference.target_url for item in read.timeline.video_tracks()[0]] == urls
        assert {strip.media.path for strip in read.strips()} == {tmp_path / "media/a b.mkv"}


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (otio.schema.Clip("x", otio.schema.MissingReference(), range_of(0, 9, Fraction(25))), "missing"),
        (otio.schema.Clip("x", otio.schema.GeneratorReference("x", "bars"), range_of(0, 9, Fraction(25))), "no video"),
        (otio.schema.Stack("x", source_range=range_of(0, 9, Fraction(25))), "timeline of its own"),
        (clip("x", "https://host/x.mov", 0, 9), "no file of this machine"),
        (clip("x", "file://server/share/x.mov", 0, 9), "no file of this machine"),
        (clip("x", "//server/share/x.mov", 0, 9), "no file of this machine"),
        (clip("x", "\\\\server\\share\\x.mov", 0, 9), "no file of this machine"),
        (clip("x", "file:///x%00.mov", 0, 9), "no file of this machine"),
        (clip("x", "/x.mov", -20, 9), "before its file begins"),
    ],
    ids=range(9),
)
def test_what_cannot_be_worked_on_is_named(item: otio.core.Item, reason: str, tmp_path: Path) -> None:
    """It is left out of the strips, with the reason, and nothing else is."""
    host = OtioHost(timeline(item.deepcopy(), clip("b", "/b.mov", 0, 9)), title="cut", folder=tmp_path)
    assert [strip.name for strip in host.strips()] == ["b"]
    ((name, said),) = host.skipped
    assert name == "x"
    assert reason in said


def test_a_clip_whose_speed_is_changed_is_not_worked_on(tmp_path: Path) -> None:
    slow = clip("slow", "/b.mov", 0, 9)
    slow.effects.append(otio.schema.LinearTimeWarp(time_scalar=0.5))
    host = OtioHost(timeline(slow), title="cut", folder=tmp_path)
    assert host.strips() == ()
    assert host.skipped == (("slow", "its speed is changed"),)


def test_a_transition_is_not_torn(tmp_path: Path) -> None:
    """What goes over into the next clip can't be extended; what follows can."""
    over = otio.schema.Transition(
        in_offset=otio.opentime.RationalTime(5, 25), out_offset=otio.opentime.RationalTime(5, 25)
    )
    host = OtioHost(
        timeline(clip("a", "/a.mov", 0, 50), over, clip("b", "/b.mov", 20, 50)), title="cut", folder=tmp_path
    )
    new = Media(path=Path("/new.mov"), rate=Fraction(25), frames=50)
    first, second = host.strips()
    with pytest.raises(HostError, match="goes over"):
        host.insert_after(first, new, Range(0, 10))
    host.replace(first, new, Range(0, 50))
    assert host.insert_after(second, new, Range(0, 10)).place == (100, 110)


BOMB = """<?xml version="1.0"?><!DOCTYPE xmeml [<!ENTITY a "aaaaaaaaaa">{}]><xmeml version="4">&z;</xmeml>"""
HOSTILE = {
    "entities": BOMB.format(
        "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(25))
    ).encode(),
    "a file": b'<!DOCTYPE xmeml [<!ENTITY z SYSTEM "file:///etc/passwd">]><xmeml version="4">&z;</xmeml>',
    "a server": b'<!DOCTYPE xmeml [<!ENTITY % z SYSTEM "http://127.0.0.1:9/x">%z;]><xmeml version="4"/>',
    "deep": b'<xmeml version="4">' + b"<sequence>" * 10_000 + b"</sequence>" * 10_000 + b"</xmeml>",
    "many": b'<xmeml version="4">' + b"<a/>" * 1_000_001 + b"</xmeml>",
    "cut off": b'<xmeml version="4"><sequence><name>a</name>',
    "other": b"<fcpxml version='1.10'><resources/></fcpxml>",
    "UTF-16": '<xmeml version="4"/>'.encode("utf-16"),
    "empty": b"",
    "binary": bytes(range(256)) * 10,
    "no sequence": b'<xmeml version="4"><bin/></xmeml>',
    "no numbers": b'<xmeml version="4"><sequence><rate><timebase>x</timebase></rate><media><video><track><clipitem>'
    b"<start>q</start></clipitem></track></video></media></sequence></xmeml>",
    "no rate": b'<xmeml version="4"><sequence><media><video><track/></video></media></sequence></xmeml>',
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_xml_is_refused(data: bytes, tmp_path: Path) -> None:
    """In words, with the file's name; nothing is read or written elsewhere."""
    path = tmp_path / "cut.xml"
    path.write_bytes(data)
    with pytest.raises(HostError, match=r"cut\.xml"):
        files.read(path)
    assert everything(tmp_path) == ["cut.xml"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "\ufffe",
        "null",
        "[" * 10_000 + "]" * 10_000,
        '{"a":' * 10_000 + "1" + "}" * 10_000,
        '{"OTIO_SCHEMA": "X.1"}',
        '{"OTIO_SCHEMA": "Timeline.1"}',
        '{"OTIO_SCHEMA": "Timeline.1", "tracks": 5}',
        '{"OTIO_SCHEMA": "Clip.2"}',
    ],
    ids=range(10),
)
def test_what_is_no_timeline_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "cut.otio"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(HostError, match=r"cut\.otio"):
        files.read(path)


@pytest.mark.parametrize("beside", [b"", b"{", b"[]", b'{"clips": 5}', b'{"clips": {"0:0:a": 5}}', b"\xff" * 9])
def test_what_lies_beside_may_be_damaged(beside: bytes, tmp_path: Path) -> None:
    """The timeline is read without it."""
    host = saved(tmp_path / "cut.xml", timeline(clip("a", "/a.mov", 0, 50)))
    (tmp_path / f"cut.xml{files.fcp.SIDECAR}").write_bytes(beside)
    host = files.read(tmp_path / "cut.xml")
    assert host.get_meta(host.strips()[0]) == {}


def test_what_lies_beside_is_there_only_as_long_as_it_says_something(tmp_path: Path) -> None:
    host = saved(tmp_path / "cut.xml", timeline(clip("a", "/a.mov", 0, 50)))
    assert everything(tmp_path) == ["cut.xml"]
    host.set_meta(host.strips()[0], {"a": 1})
    files.write(host, tmp_path / "cut.xml")
    assert json.loads((tmp_path / "cut.xml.dtsgan.json").read_text()) == {"version": 1, "clips": {"0:0:a": {"a": 1}}}
    del host.timeline.video_tracks()[0][0].metadata["dtsgan"]
    files.write(host, tmp_path / "cut.xml")
    assert everything(tmp_path) == ["cut.xml"]


@pytest.mark.parametrize(
    "name", ["a'b.mov", 'a"b.mov', "a b.mov", "a\nb.mov", "$(touch x).mov", "火.mov", "a&b<c>.mov", "%41.mov"]
)
@pytest.mark.parametrize("suffix", [".otio", ".xml"])
def test_any_name_of_a_file_comes_back(name: str, suffix: str, tmp_path: Path) -> None:
    """Whatever characters it has."""
    host = saved(tmp_path / f"cut{suffix}", timeline(clip("a", (tmp_path / name).as_uri(), 0, 50)))
    assert host.strips()[0].media.path == tmp_path / name
    host.insert_after(host.strips()[0], Media(path=tmp_path / name, rate=Fraction(25), frames=9), Range(0, 9))
    files.write(host, tmp_path / f"new{suffix}")
    assert [strip.media.path.name for strip in files.read(tmp_path / f"new{suffix}").strips()] == [name, name]
