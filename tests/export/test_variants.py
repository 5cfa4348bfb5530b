"""Variants with real worker processes, on a model so small that they take a second each."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from dtsgan.engine.errors import OptionError, OutputError
from dtsgan.engine.video import iter_frames
from dtsgan.export.variants import (
    Batch,
    Finished,
    Progressed,
    Variant,
    begin,
    plan,
    read_job,
    render_variants,
    save_gallery,
)
from dtsgan.export.variants.manifest import check_unlike
from dtsgan.plugin.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Printed = pytest.CaptureFixture[str]
NAMES = [f"waves-seed{seed:04d}-16x12-40f.mkv" for seed in range(4)]


@pytest.fixture(scope="session")
def model(waves_file: Path) -> Path:
    return waves_file


def four(suffix: str = ".mkv") -> list[Variant]:
    return plan("waves", seeds=range(4), sizes=[(12, 16)], lengths=[40], loop=False, suffix=suffix)


def rendering(
    model: Path, folder: Path, *, workers: int = 2, stop: Callable[[], bool] = lambda: False
) -> Iterator[Any]:
    return render_variants(batch(model), folder, workers=workers, exemplar_bytes=1 << 20, stop=stop)


def batch(path: Path, digest: str = "1", suffix: str = ".mkv") -> Batch:
    return Batch(input=str(path.absolute()), sha256=digest * 64, variants=tuple(four(suffix)))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def undisturbed(model: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Four variants made in one go."""
    folder = tmp_path_factory.mktemp("undisturbed")
    events = list(rendering(model, folder))
    assert sorted(event.variant.name for event in events if isinstance(event, Finished)) == NAMES
    assert [event.made for event in events if isinstance(event, Finished)] == [1, 2, 3, 4]
    done = [event.done for event in events if isinstance(event, Progressed)]
    assert done == sorted(done)
    assert done[-1] == 1
    return contents(folder)


def test_every_setting_stands_in_the_manifest(undisturbed: dict[str, bytes]) -> None:
    """And nothing else lies in the folder."""
    assert sorted(undisturbed) == sorted([*NAMES, "variants.json"])
    (texture,) = json.loads(undisturbed["variants.json"])["textures"]
    assert (Path(texture["input"]).name, texture["sha256"]) == ("waves.dtsgan", "1" * 64)
    assert texture["variants"][2] == {"name": NAMES[2], "seed": 2, "frames": 40, "size_hw": [12, 16]}
    assert len({undisturbed[name] for name in NAMES}) == 4


def test_stopped_and_gone_on_is_the_same(model: Path, undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    """Stopped in the middle nothing half made is left; a second run makes what is missing, and no more."""
    seen: list[Any] = []
    for event in rendering(model, tmp_path, workers=1, stop=lambda: any(isinstance(each, Finished) for each in seen)):
        seen.append(event)  # noqa: PERF402
    first = contents(tmp_path)
    made = [name for name in first if name in NAMES]
    assert 1 <= len(made) < 4
    assert len(first) == len(made) + 1
    again = [event.variant.name for event in rendering(model, tmp_path) if isinstance(event, Finished)]
    assert sorted(made + again) == NAMES
    assert contents(tmp_path) == undisturbed
    assert not list(rendering(model, tmp_path))


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_killed_workers_are_replaced(
    model: Path, undisturbed: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker killed in mid-variant: another one makes it, what was left of it is gone after the next run."""
    from dtsgan.export.variants import pool

    workers: list[Any] = []
    start = pool._Pool.start

    def starting(self: Any) -> None:
        start(self)
        workers.append(self.workers[-1])

    monkeypatch.setattr(pool._Pool, "start", starting)
    killed = False
    for event in rendering(model, tmp_path):
        if isinstance(event, Progressed) and not killed:
            killed = True
            os.kill(workers[0].process.pid, signal.SIGKILL)
    assert len(workers) == 3
    (tmp_path / f".{NAMES[0].removesuffix('.mkv')}.0123456789ab.partial.mkv").touch()
    (tmp_path / NAMES[0]).unlink()
    list(rendering(model, tmp_path))
    assert {name: content for name, content in contents(tmp_path).items() if not name.startswith(".")} == undisturbed
    assert not (tmp_path / f".{NAMES[0].removesuffix('.mkv')}.0123456789ab.partial.mkv").exists()


def test_a_workers_failure_is_told(tmp_path: Path) -> None:
    """What one can't read none can: its words reach the person."""
    broken = tmp_path / "waves.dtsgan"
    broken.write_bytes(b"no model")
    with pytest.raises(Exception, match=r"waves\.dtsgan"):
        list(rendering(broken, tmp_path / "out"))


def test_no_variant_takes_the_place_of_another(tmp_path: Path) -> None:
    """Of another model, and in place of files that are none, nothing is written; others come beside them."""
    one, other = batch(Path("a.dtsgan")), batch(Path("b.dtsgan"), "2")
    assert begin(tmp_path, [one]) == [one]
    first = structs.replace(one, variants=one.variants[:1])
    assert begin(tmp_path, [first]) == [first]
    assert len(json.loads((tmp_path / "variants.json").read_text())["textures"][0]["variants"]) == 4
    with pytest.raises(OutputError, match=r"holds a waves-\S+ of a\.dtsgan"):
        begin(tmp_path, [other])
    elsewhere = structs.replace(other, variants=(Variant(name="b.mkv", seed=1),))
    assert begin(tmp_path, [one, elsewhere]) == [one, elsewhere]
    assert [len(each.variants) for each in read_job(tmp_path / "variants.json")] == [4, 1]
    (tmp_path / "waves-seed0000-16x12-40f.mp4").write_text("precious")
    with pytest.raises(OutputError, match="was not made here"):
        begin(tmp_path, [batch(Path("a.dtsgan"), suffix=".mp4")])
    (tmp_path / "variants.json").write_text("[]")
    with pytest.raises(OutputError, match="no list of variants"):
        begin(tmp_path, [one])


def test_names_tell_variants_apart() -> None:
    """What isn't asked for isn't named; the same twice is refused."""
    (one,) = plan("a", seeds=[7], sizes=[None], lengths=[None], loop=True, suffix=".mp4")
    assert one.name == "a-seed0007-loop.mp4"
    many = plan("a", seeds=[1, 2], sizes=[(9, 16), (18, 32)], lengths=[8, 16], loop=False, suffix=".gif")
    assert len({each.name for each in many}) == 8
    with pytest.raises(OptionError, match="twice"):
        check_unlike(plan("a", seeds=[1, 1], sizes=[None], lengths=[None], loop=False, suffix=".mp4"))


def test_the_command_makes_a_gallery(model: Path, tmp_path: Path, capsys: Printed) -> None:
    """Videos, a page that shows them, a sheet; a second run makes nothing and says the same."""
    folder = tmp_path / "out"
    words = ["variants", str(model), "--seeds", "3,5-6", "--lengths", "8", "--loop", "-o", str(folder), "--json"]
    assert main(words) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (result["variants"], result["made"]) == (3, 3)
    names = [f"waves-seed000{seed}-8f-loop.mp4" for seed in (3, 5, 6)]
    assert sorted(path.name for path in folder.iterdir()) == ["index.html", "sheet.png", "variants.json", *names]
    page = (folder / "index.html").read_text()
    assert all(f'src="{name}"' in page for name in names)
    assert page.count("a loop") == 3
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["made"] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--seeds", "3-1"], "does not go up"),
        (["--seeds", "x"], "is no seed"),
        (["--sizes", "10"], "is no size"),
        (["--lengths", "0"], "is no whole number above 0"),
        (["--loop", "--lengths", "1"], "2 frames or more"),
        (["--seeds", "1", "--count", "2"], "not allowed with"),
        (["--memory", "1G"], "--memory is too little"),
    ],
)
def test_what_cant_be_is_refused_before_any_work(
    model: Path, tmp_path: Path, capsys: Printed, words: Sequence[str], said: str
) -> None:
    """In words, and no folder is made."""
    assert main(["variants", str(model), "-o", str(tmp_path / "out"), *words]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_page_of_odd_names(tmp_path: Path) -> None:
    """A name that is no HTML and no address is shown as it is."""
    from fractions import Fraction

    import numpy as np

    from dtsgan.engine.video import open_output

    odd = Variant(name="a&b #1 <x>.mp4", seed=1, frames=2, size_hw=None, loop=False)
    with open_output(tmp_path / odd.name, size_hw=(16, 16), rate=Fraction(25)) as writer:
        for _ in range(2):
            writer.write(np.zeros((16, 16, 3), np.uint8))
    page, sheet = save_gallery("a&b", [odd], tmp_path)
    assert 'src="a%26b%20%231%20%3Cx%3E.mp4"' in page.read_text()
    assert "<figcaption>a&amp;b #1 &lt;x&gt;.mp4<br>" in page.read_text()
    assert sheet.exists()


def test_a_part_of_a_clip_is_what_they_are_made_of(tmp_path: Path, capsys: Printed) -> None:
    """With --range a variant of a clip is what generate makes of the same part; another part is another folder's."""
    from support.videos import texture, write_video

    clip = write_video(tmp_path / "waves.mp4", texture(40, (16, 24)))
    words = [str(clip), "-o", str(tmp_path / "all"), "--count", "1", "--format", "mkv", "--workers", "1"]
    assert main(["variants", *words, "--range", "0:20"]) == 0
    (made,) = (tmp_path / "all").glob("*.mkv")
    other = tmp_path / "same.mkv"
    assert main(["generate", str(clip), "-o", str(other), "--range", "0:20"]) == 0
    pairs = zip(iter_frames(made), iter_frames(other), strict=True)
    assert all((one == same).all() for one, same in pairs)
    assert len(list(iter_frames(made))) == 20
    assert main(["variants", *words, "--range", "20:40"]) == 2
    assert main(["variants", *words, "--range", "x"]) == 2
    assert "range" in capsys.readouterr().err
