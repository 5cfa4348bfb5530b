"""Our part of an editor, put in and taken out."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from support.edits import FRAMES, edit_here, result
from support.writing import everything, read

from dtsgan.plugin.bridge.places import noted_program
from dtsgan.plugin.cli import main
from dtsgan.plugin.hosts.blender import install as blender
from dtsgan.plugin.hosts.mlt import clipjobs
from dtsgan.plugin.installing import Lines, System
from dtsgan.plugin.manifest import hosts

Printed = pytest.CaptureFixture[str]
OWN = """[Ids]
mine=My job
[Binary]
mine=/usr/bin/ffmpeg

[Parameters]
mine=-i {source} {output}
[Something Else]
a=b
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of a person with Kdenlive and three Blenders, one of them too old."""
    home = tmp_path / "home of a person"
    for name in (".config/blender/4.2", ".config/blender/5.0", ".config/blender/3.6", ".local/share/kdenlive"):
        (home / name).mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "DTSGAN_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    return home


INSTALLED = [entry.id for entry in hosts() if entry.installer and entry.id in ("blender", "kdenlive")]


@pytest.mark.parametrize("host", INSTALLED)
def test_what_is_put_in_is_taken_out_without_a_trace(host: str, home: Path, capsys: Printed) -> None:
    """Not a file, not a folder, not a line stays; what is the person's own is as it was."""
    settings = home / ".local/share/kdenlive/clipjobsettings.rc"
    settings.write_text(OWN)
    before = everything(home)
    assert result(capsys, ["plugin", "status", host])["hosts"][0]["state"] == "not installed"
    dry = result(capsys, ["plugin", "install", host, "--dry-run"])
    assert everything(home) == before
    said = result(capsys, ["plugin", "install", host])
    assert said["places"] == dry["places"]
    written = set(everything(home)) - set(before)
    places = [Path(place).relative_to(home).as_posix() for place in said["places"]]
    ours = (*places, ".local/share/dtsgan", ".config/blender/4.2/ext", ".config/blender/5.0/ext")
    assert all(name.startswith(ours) for name in written)
    assert result(capsys, ["plugin", "status", host])["hosts"][0]["state"] == "installed"
    assert noted_program()[1:] == ["-m", "dtsgan"]
    result(capsys, ["plugin", "uninstall", host, "--dry-run"])
    assert result(capsys, ["plugin", "status", host])["hosts"][0]["state"] == "installed"
    result(capsys, ["plugin", "uninstall", host])
    assert [name for name in everything(home) if "dtsgan" in name] == []
    assert everything(home) == before
    assert settings.read_text() == OWN


def test_blenders_that_are_new_enough_get_it(home: Path, capsys: Printed) -> None:
    """All of them, and only they; another version's files are replaced."""
    result(capsys, ["plugin", "install", "blender"])
    folders = [home / f".config/blender/{version}/extensions/user_default/dtsgan" for version in ("4.2", "5.0")]
    assert all((folder / "blender_manifest.toml").exists() for folder in folders)
    assert not (home / ".config/blender/3.6/extensions").exists()
    (folders[0] / "__init__.py").write_text("old")
    (folders[0] / "gone.py").write_text("old")
    assert result(capsys, ["plugin", "status", "blender"])["hosts"][0]["state"] == "outdated"
    result(capsys, ["plugin", "install", "blender"])
    assert not (folders[0] / "gone.py").exists()
    assert result(capsys, ["plugin", "status", "blender"])["hosts"][0]["state"] == "installed"


def test_two_editors_share_what_says_where_the_program_is(home: Path, capsys: Printed) -> None:
    """It goes with the last of them."""
    for host in ("blender", "kdenlive"):
        result(capsys, ["plugin", "install", host])
    result(capsys, ["plugin", "uninstall", "blender"])
    assert noted_program()
    result(capsys, ["plugin", "uninstall", "kdenlive"])
    assert not noted_program()
    assert not (home / ".local/share/dtsgan/app").exists()


def test_an_editor_that_is_not_found_is_said(home: Path, capsys: Printed) -> None:
    """With where it was looked for, and how to go on."""
    (home / ".local/share/kdenlive").rmdir()
    assert main(["plugin", "install", "kdenlive"]) == 2
    said = capsys.readouterr().err
    assert "folder of data that Kdenlive makes" in said
    assert "--into" in said
    other = home / "elsewhere"
    assert main(["plugin", "install", "kdenlive", "--into", str(other)]) == 2
    assert "There is no folder" in capsys.readouterr().err
    other.mkdir()
    result(capsys, ["plugin", "install", "kdenlive", "--into", str(other)])
    assert "dtsgan-extend" in (other / "clipjobsettings.rc").read_text()
    result(capsys, ["plugin", "uninstall", "kdenlive", "--into", str(other)])
    assert everything(other) == []


def test_the_extension_is_written_as_an_archive(tmp_path: Path, capsys: Printed) -> None:
    """For a Blender that is somewhere else; what is there is not replaced unless that is said."""
    path = tmp_path / "dtsgan.zip"
    words = ["plugin", "archive", "-o", str(path)]
    result(capsys, words)
    with zipfile.ZipFile(path) as archive:
        assert "blender_manifest.toml" in archive.namelist()
        assert archive.testzip() is None
    assert main(words) == 2
    result(capsys, [*words, "--overwrite"])
    assert main(["plugin", "archive", "-o", str(tmp_path / "none/x.zip")]) == 2
    assert everything(tmp_path) == ["dtsgan.zip"]


def test_status_tells_of_all(home: Path, capsys: Printed) -> None:
    """Each editor with what it was seen to work in."""
    assert home.exists()
    assert main(["plugin", "status"]) == 0
    said = capsys.readouterr().out
    for entry in hosts():
        if entry.installer:
            assert entry.name in said
    assert [each["host"] for each in result(capsys, ["plugin", "status"])["hosts"]] == [
        entry.id for entry in hosts() if entry.installer
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        OWN,
        OWN.rstrip("\n"),
        "# only a comment\n",
        OWN.replace("\n", "\r\n"),
        "[Ids]\na=b\n\n\n[Binary]\nx=y\n",
        "x=1\n",
    ],
    ids=range(7),
)
def test_lines_of_a_person_stay_as_they_are(text: str) -> None:
    """Every line, in its order and its group; twice put is once there."""
    once = clipjobs.put(text)
    assert clipjobs.put(clipjobs.take(once)) == once
    own = [line for line in once.splitlines() if not line.startswith("dtsgan-")]
    kept = iter(own)
    assert all(line in kept for line in text.splitlines())  # in their order
    assert clipjobs.take(once).removesuffix("\n") == text.removesuffix("\n")
    groups: dict[str, list[str]] = {}
    for line in once.splitlines():
        if line.startswith("["):
            groups[line] = []
        elif line.startswith("dtsgan-"):
            groups[list(groups)[-1]].append(line)
    assert len(groups["[Ids]"]) == len(groups["[Binary]"]) == 3


def test_bytes_that_are_no_text_stay(tmp_path: Path) -> None:
    path = tmp_path / "clipjobsettings.rc"
    path.write_bytes(b"[Ids]\nold=\xff\xfe\n")
    part = Lines(path=path, put=clipjobs.put, take=clipjobs.take)
    part.install()
    assert b"old=\xff\xfe\n" in path.read_bytes()
    part.uninstall()
    assert path.read_bytes() == b"[Ids]\nold=\xff\xfe\n"


@pytest.mark.parametrize(
    ("name", "folder", "module"),
    [
        ("win32", "AppData/Roaming/Blender Foundation/Blender/4.5", blender),
        ("darwin", "Library/Application Support/Blender/4.5", blender),
        ("linux", ".config/blender/4.5", blender),
        ("linux", ".var/app/org.blender.Blender/config/blender/4.5", blender),
        ("win32", "AppData/Roaming/kdenlive", clipjobs),
        ("darwin", "Library/Application Support/kdenlive", clipjobs),
        ("linux", ".var/app/org.kde.kdenlive/data/kdenlive", clipjobs),
    ],
)
def test_editors_are_found_on_every_system(name: str, folder: str, module, tmp_path: Path) -> None:
    """Where they keep a person's own; nowhere else."""
    system = System(name=name, home=tmp_path, environment={})
    assert module.places(system) == []
    (tmp_path / folder).mkdir(parents=True)
    assert module.places(system) == [tmp_path / folder]
    assert all(part.path.is_relative_to(tmp_path / folder) for part in module.parts(tmp_path / folder))


@pytest.mark.parametrize("job", clipjobs.JOBS)
def test_kdenlive_can_run_each_job(job: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed) -> None:
    """As it does: the arguments split at spaces, then the files and the person's choices put in; the output is new
    video, and progress comes as it reads it."""
    edit_here(monkeypatch, tmp_path)
    source, output = tmp_path / "a clip.mkv", tmp_path / "a clip.mov"
    (tmp_path / "clip.mkv").rename(source)
    own = clipjobs.JOBS[job]
    values = {"{source}": str(source), "{output}": str(output)}
    values |= {f"{{param{n}}}": own[f"Param{n}List"].split("  ")[0] for n in (1, 2) if f"Param{n}List" in own}
    words = []
    for word in own["Parameters"].split():
        for name, value in values.items():
            word = word.replace(name, value)  # noqa: PLW2901
        words.append(word)
    assert not any("{" in word for word in words)
    assert main(words) == 0
    assert "percentage: 50" in capsys.readouterr().err
    frames = len(read(output))
    assert frames > len(FRAMES) if job != "dtsgan-texture" else frames == len(FRAMES)


def test_jobs_are_such_as_kdenlive_takes() -> None:
    """Two parameters at most, each with a list; an extension without a dot; names that an entry can have."""
    for job, own in clipjobs.JOBS.items():
        asked = {number for number in (1, 2, 3) if f"{{param{number}}}" in own["Parameters"]}
        assert asked == {number for number in (1, 2) if f"Param{number}List" in own}
        assert all("\n" not in value and "=" not in job for value in own.values())
    assert clipjobs.SHARED["Output"].isalnum()


def test_a_note_of_the_program_that_is_damaged_is_as_none(home: Path) -> None:
    path = home / ".local/share/dtsgan/app/program.json"
    path.parent.mkdir(parents=True)
    for text in ("", "{", "[]", '{"program": "x"}', '{"program": []}', '{"program": [1]}', '{"program": ["/none"]}'):
        path.write_text(text)
        assert noted_program() == []
    path.write_text(json.dumps({"program": ["/bin/sh", "-x"]}))
    assert noted_program() == ["/bin/sh", "-x"]
