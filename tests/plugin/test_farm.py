"""The command "farm": what it refuses, and in which words."""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from distributed import Client, LocalCluster
from support.clusters import cluster
from support.videos import texture, write_video

from dtsgan.engine.errors import OptionError, ResourceError
from dtsgan.export import farm
from dtsgan.export.farm import cluster as farm_cluster
from dtsgan.export.farm import survey as farm_survey
from dtsgan.export.farm.cluster import open_to_all, threads_of
from dtsgan.export.farm.orders import About, Desk
from dtsgan.export.farm.survey import doubts, survey
from dtsgan.export.variants import Learning, Variant, read_job
from dtsgan.export.variants.manifest import schema
from dtsgan.plugin.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Printed = pytest.CaptureFixture[str]
ROOT = Path(__file__).parents[2]
DESK = Desk(folder="/", token="-", topic="-", every_s=1.0, version=importlib.metadata.version("dtsgan"))
JOB: dict[str, Any] = {
    "dtsgan": "variants",
    "version": 4,
    "textures": [{"input": "clip.mkv", "variants": [{"name": "a.mp4", "seed": 1}]}],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a clip of 20 frames."""
    folder = tmp_path_factory.mktemp("clips")
    write_video(folder / "clip.mkv", texture(20, (16, 24)))
    return folder


def job(folder: Path, **changes: Any) -> Path:
    """A job file whose only texture is changed."""
    path = folder / "job.json"
    told = json.loads(json.dumps(JOB))
    told["textures"][0] |= changes
    path.write_text(json.dumps(told))
    return path


def variant(**settings: Any) -> dict[str, Any]:
    return {"variants": [{"name": "a.mp4", **settings}]}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (variant(seed=-1), "$.textures[0].variants[0].seed"),
        (variant(seed="one"), "$.textures[0].variants[0].seed"),
        (variant(frames=0), "$.textures[0].variants[0].frames"),
        (variant(size_hw=[10]), "$.textures[0].variants[0].size_hw"),
        (variant(colour="red"), "unknown field `colour` - at `$.textures[0].variants[0]`"),
        (variant(name="../a.mp4"), "the name of a video such as fire-1.mp4 - at `$.textures[0].variants[0].name`"),
        (variant(name="a.txt"), "$.textures[0].variants[0].name"),
        (variant(name=".a.mp4"), "$.textures[0].variants[0].name"),
        ({"input": ""}, "$.textures[0].input"),
        ({"sha256": "12"}, "64 digits of SHA-256 - at `$.textures[0].sha256`"),
        ({"fit": "crop"}, "$.textures[0].fit"),
        ({"layers": ["prior", "magic"]}, "$.textures[0].layers[1]"),
        ({"rate": "fast"}, "a rate such as 25 - at `$.textures[0].rate`"),
        ({"learn": {"quality": "best"}}, "$.textures[0].learn.quality"),
        ({"variants": []}, "$.textures[0].variants"),
        ({"sha256": "0" * 64}, "is not the file that is asked for"),
        ({"input": "none.mp4"}, "none.mp4"),
        ({"range": "x"}, "range"),
        ({"layers": ["prior"]}, "nothing was learned from it"),
        (variant(loop=True, frames=1), "2 frames or more"),
        ({"variants": [{"name": "a.mp4"}, {"name": "A.mp4", "seed": 2}]}, "would be made twice"),
    ],
)
def test_wrong_fields_are_named(folder: Path, capsys: Printed, changes: dict[str, Any], said: str) -> None:
    """With their path, before any work, and nothing is made."""
    out = folder / "out"
    assert main(["farm", str(job(folder, **changes)), "-o", str(out)]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told
    assert not out.exists()


@pytest.mark.parametrize("content", [b"", b"[1]", b"\xff\xfe", b"[" * 100_000, b'{"dtsgan": "variants"}', b"null"])
def test_what_is_no_job_file(tmp_path: Path, capsys: Printed, content: bytes) -> None:
    """In words, whatever is in it."""
    path = tmp_path / "job.json"
    path.write_bytes(content)
    assert main(["farm", str(path), "-o", str(tmp_path / "out")]) == 2
    assert "is no list of variants of this version" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "is needed"),
        (["JOB", "--count", "2", "-o", "OUT"], "--count is given with a job file"),
        (["JOB", "--fine-seeds", "2", "-o", "OUT"], "--fine-seeds is given with a job file"),
        (["JOB", "--loop", "-o", "OUT"], "--loop is given with a job file"),
        (["JOB", "CLIP", "-o", "OUT"], "A job file is given with others"),
        (["CLIP", "--frames", "2", "--lengths", "3", "-o", "OUT"], "are the same"),
        (["CLIP", "--seed", "2", "--seeds", "3", "-o", "OUT"], "can't be given together"),
        (["CLIP", "--scheduler", "tcp://a:1", "--local", "2", "-o", "OUT"], "not allowed with"),
        (["CLIP", "--learn", "--learn-only", "-o", "OUT"], "not allowed with"),
        (["CLIP", "--learn-only", "--count", "2", "-o", "OUT"], "--count is given with --learn-only"),
        (["CLIP", "--learn-only", "--loop", "-o", "OUT"], "--loop is given with --learn-only"),
        (["JOB", "--learn-only", "quick", "-o", "OUT"], "--learn-only is given with a job file"),
        (["CLIP", "--scheduler", "boss", "-o", "OUT"], "is no scheduler's address"),
        (["CLIP", "--scheduler", "tcp://127.0.0.1:9", "-o", "OUT"], "No scheduler can be reached at tcp://127.0.0.1:9"),
        (["CLIP", "--scheduler", "tls://127.0.0.1:9", "-o", "OUT"], "No scheduler can be reached at tls://127.0.0.1:9"),
        (["CLIP", "--scheduler", "tls://127.0.0.1:9", "--tls-ca", "none.pem", "-o", "OUT"], "no file none.pem"),
        (["CLIP", "--scheduler", "tcp://127.0.0.1:9", "--tls-ca", "JOB", "-o", "OUT"], "is not reached by TLS"),
    ],
)
def test_what_cant_be_is_refused(
    folder: Path, capsys: Printed, words: Sequence[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With exit code 2, the address with it."""
    monkeypatch.setattr(farm_cluster, "CONNECT_S", 1)
    stand_ins = {"JOB": str(job(folder)), "CLIP": str(folder / "clip.mkv"), "OUT": str(folder / "out")}
    assert main(["farm", *(stand_ins.get(word, word) for word in words)]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "object at 0x" not in told
    assert not (folder / "out").exists()


def test_without_the_extra_it_says_how_to_get_it(folder: Path) -> None:
    """And nothing else of dtsgan needs it."""
    code = (
        "import sys; sys.modules['distributed'] = None\n"
        "from dtsgan.plugin.cli import main\n"
        f"raise SystemExit(main(['farm', {str(folder / 'clip.mkv')!r}, '-o', 'out']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 2
    assert 'pip install "dtsgan[farm]"' in done.stderr
    assert not (folder / "out").exists()


def test_the_schema_is_that_of_the_readers(capsys: Printed) -> None:
    """What it takes they take; it is told by the command, and stands in the documents; their example holds to it."""
    assert main(["farm", "--schema"]) == 0
    told = capsys.readouterr().out
    assert told == schema() == (ROOT / "docs" / "job.schema.json").read_text()
    held = jsonschema.Draft202012Validator(json.loads(told))
    held.validate(JOB)
    text = (ROOT / "docs" / "farm.md").read_text()
    example = json.loads(text.split("```json\n")[1].split("```")[0])
    held.validate(example)
    for wrong in (variant(seed=-1), variant(name="a/b.mp4"), {"variants": []}, {"more": 1}):
        with pytest.raises(jsonschema.ValidationError):
            held.validate(JOB | {"textures": [JOB["textures"][0] | wrong]})


def test_a_job_file_says_where_things_are(folder: Path) -> None:
    """Its paths are from its own folder."""
    (batch,) = read_job(job(folder, source="sources/a.mp4"))
    assert (batch.input, batch.source) == (str(folder / "clip.mkv"), str(folder / "sources/a.mp4"))
    assert batch.variants == (Variant(name="a.mp4", seed=1),)


def test_the_command_does_it(folder: Path, tmp_path: Path, capsys: Printed) -> None:
    """With workers of this computer: the videos, their manifest, a gallery; done again it makes nothing."""
    words = ["farm", str(folder / "clip.mkv"), "--seed", "3", "--count", "2", "--frames", "20", "--local", "1"]
    assert main([*words, "-o", str(tmp_path / "out"), "--json"]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (records[-1]["event"], records[-1]["made"], records[-1]["variants"]) == ("result", 2, 2)
    names = [f"clip-seed000{seed}-20f.mp4" for seed in (3, 4)]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        *names, "index.html", "sheet.png", "variants.json"
    ]  # fmt: skip
    assert [record["name"] for record in records if record["event"] == "made"] == names
    last = [record for record in records if record["event"] == "progress"][-1]
    assert (last["done"], last["frames"], last["of"]) == (1.0, 40, 40)
    assert [machine["frames"] for machine in last["machines"]] == [40]
    assert main(["farm", str(tmp_path / "out" / "variants.json"), "-o", str(tmp_path / "out"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["made"] == 0


def test_models_alone(folder: Path, tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clips are learned where it is asked for, by options or a job file, and the models named."""
    asked: list[Any] = []
    monkeypatch.setattr(farm, "farm", lambda _client, batches, _folder, **_: asked.extend(batches) or iter(()))
    out = tmp_path / "out"
    out.mkdir()
    words = ["farm", str(folder / "clip.mkv"), "--learn-only", "fine", "--seed", "7", "--range", "0:18"]
    assert main([*words, "--local", "1", "-o", str(out), "--json"]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    (batch,) = asked
    assert (batch.learn, batch.range, batch.variants) == (Learning(quality="fine", seed=7), "0:18", ())
    assert result["models"] == [str(farm.model_of(batch, out))]
    path = job(folder, learn={"quality": "fine", "seed": 7}, range="0:18")
    told = json.loads(path.read_text())
    del told["textures"][0]["variants"]
    path.write_text(json.dumps(told))
    assert main(["farm", str(path), "--local", "1", "-o", str(out)]) == 0
    assert asked[1] == batch
    assert "1 texture model in" in capsys.readouterr().out
    del told["textures"][0]["learn"]
    path.write_text(json.dumps(told))
    assert main(["farm", str(path), "-o", str(out)]) == 2
    assert "variants or learn are needed - at `$.textures[0]`" in capsys.readouterr().err


def test_no_worker_is_told(folder: Path, tmp_path: Path, capsys: Printed) -> None:
    """After the time that one waits, with how to start one."""
    with cluster(tmp_path / "cluster") as processes:
        words = [
            str(folder / "clip.mkv"),
            "--scheduler",
            processes.address,
            "--wait",
            "1s",
            "-o",
            str(tmp_path / "out"),
        ]
        assert main(["farm", *words]) == 2
    told = capsys.readouterr().err
    assert f"The scheduler {processes.address} has no workers" in told
    assert "dask worker" in told


@pytest.fixture
def client() -> Iterator[Client]:
    with (
        LocalCluster(n_workers=1, processes=False, dashboard_address="127.0.0.1:0", protocol="inproc") as local,
        Client(local, set_as_default=False) as client,
    ):
        yield client


def test_workers_without_it_are_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to install there."""

    def everywhere(_client: Client, _what: Any, *_words: str, **_rest: Any) -> dict[str, Any]:
        return {"tcp://10.0.0.7:9000": importlib.metadata.PackageNotFoundError("dtsgan")}

    monkeypatch.setattr(farm_survey, "everywhere", everywhere)
    with pytest.raises(OptionError, match=r"can't be used by worker 10\.0\.0\.7:9000.*pip install \"dtsgan\[farm\]=="):
        survey(client, DESK)


def test_a_worker_that_goes_meanwhile_is_left_out(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """And one that was not reached at first is asked again; if it never is, it is named."""
    monkeypatch.setattr(farm_survey, "AGAIN_S", 0.0)
    (address,) = threads_of(client)
    real, failures = farm_survey.everywhere, [1]

    def everywhere(asked: Client, what: Any, *words: str, workers: list[str] | None) -> dict[str, Any]:
        failures[0] -= 1
        if failures[0] >= 0:
            return {address: OSError("cut"), "tcp://10.0.0.7:9000": OSError("Stream is closed")}
        return real(asked, what, *words, workers=workers)

    monkeypatch.setattr(farm_survey, "everywhere", everywhere)
    assert list(survey(client, DESK)) == [address]
    failures[0] = 99
    with pytest.raises(OptionError, match=r"can't be used by workers .*: cut"):
        survey(client, DESK)


@pytest.mark.parametrize("name", ["python", "dask", "distributed"])
@pytest.mark.parametrize("where", ["scheduler", "workers"])
def test_versions_that_cant_work_together_are_named(
    client: Client, monkeypatch: pytest.MonkeyPatch, name: str, where: str
) -> None:
    """Ours, theirs, and whose."""
    versions: Any = client.get_versions(check=False)
    versions = json.loads(json.dumps(versions))
    other = versions["scheduler"] if where == "scheduler" else next(iter(versions["workers"].values()))
    other["host"]["python"] = "3.10.2.final.0" if name == "python" else other["host"]["python"]
    other["packages"][name] = "3.10" if name == "python" else "1.2.3"
    monkeypatch.setattr(client, "get_versions", lambda **_: versions)
    shown = "3.10" if name == "python" else "1.2.3"
    at = "the scheduler" if where == "scheduler" else r"\S+"
    with pytest.raises(OptionError, match=rf"Here is {name} \S+, and {shown} at {at}"):
        survey(client, DESK)


def test_a_worker_that_hangs_is_not_waited_for(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """For ever: the person is told."""
    monkeypatch.setattr(farm_cluster, "ANSWER_S", 0.2)
    monkeypatch.setattr(client, "run", lambda *_, **__: time.sleep(3))
    with pytest.raises(ResourceError, match=r"Not all workers of .* answer"):
        survey(client, DESK)


def test_another_dtsgan_is_named(client: Client) -> None:
    """Its pictures may be others."""
    with pytest.raises(OptionError, match=rf"Here is dtsgan 99, and {DESK.version} at \S+ \("):
        survey(client, replace(DESK, version="99"))


def test_libraries_of_other_versions_are_doubts(monkeypatch: pytest.MonkeyPatch) -> None:
    """They work, and the person is told."""
    here = {"dtsgan": "1", "numpy": "2.1", "av": "18"}
    monkeypatch.setattr(farm_survey.work, "about", lambda *_: About(host="here", versions=here, sees_folder=True))
    same = About(host="anna", versions=here, sees_folder=True)
    other = About(host="ben", versions=here | {"numpy": "2.0"}, sees_folder=True)
    assert doubts({"tcp://a:1": same}) == []
    (text,) = doubts({"tcp://a:1": same, "tcp://b:2": other})
    assert "Here is numpy 2.1, and 2.0 at ben (b:2)" in text


@pytest.mark.parametrize(
    ("address", "warned"),
    [
        ("tcp://192.168.1.5:8786", True),
        ("tcp://boss:8786", True),
        ("tcp://127.0.0.1:8786", False),
        ("tcp://[::1]:8786", False),
        ("tls://192.168.1.5:8786", False),
        ("inproc://192.168.1.5/1/1", False),
    ],
)
def test_an_open_scheduler_is_warned_of(monkeypatch: pytest.MonkeyPatch, address: str, warned: bool) -> None:
    """Where anybody in the network reaches it, and no one has to show who he is."""
    monkeypatch.setattr(farm_cluster, "address_of", lambda _client: address)
    text = open_to_all(None)  # type: ignore[arg-type]
    assert bool(text) == warned
    assert not warned or ("without TLS" in (text or "") and "run programs" in (text or ""))
