"""Blender: the contract in its own Python, and an editor's way through the extension."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from support.contract import CHECKS
from support.learning import learned, tiny
from support.stages import write_media
from support.system import blender
from support.writing import everything, read

from dtsgan.engine.clip import Span
from dtsgan.engine.model import save_model
from dtsgan.engine.video.reader import iter_frames, read_clip
from dtsgan.plugin.hosts.blender.package import ROOT, build

if TYPE_CHECKING:
    from collections.abc import Mapping

TESTS = Path(__file__).parents[2]
SEA = ROOT.parent / "shared/clips/sea_wave.avi"


def run(python: Path, words: list[str], folder: Path, path: str = "") -> str:
    """What Blender's Python prints of a script; it fails the test if it fails. Nothing of the person's is touched."""
    own = {"BLENDER_USER_RESOURCES": "resources", "DTSGAN_SESSIONS": "sessions", "DTSGAN_DATA": "data"}
    own |= {"DTSGAN_HOME": "home"}
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "BLENDER"))}
    environment["QT_QPA_PLATFORM"] = "offscreen"
    environment |= {name: str(folder / place) for name, place in own.items()} | {"PYTHONPATH": path}
    (folder / "resources").mkdir(exist_ok=True)
    done = subprocess.run(
        [str(python), *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str | None]:
    """How each check of the contract went in Blender: nothing, or what failed."""
    folder = tmp_path_factory.mktemp("blender")
    (folder / "media").mkdir()
    write_media(folder / "media")
    # The sources, as they are named once installed: Blender's environment has none of our dependencies.
    (folder / "path").mkdir()
    (folder / "path/dtsgan").symlink_to(ROOT, target_is_directory=True)
    words = [str(TESTS / "support/blender_contract.py"), str(folder / "media")]
    printed = run(blender(), words, folder, os.pathsep.join([str(folder / "path"), str(TESTS)]))
    said = [json.loads(line.removeprefix("CHECK ")) for line in printed.splitlines() if line.startswith("CHECK ")]
    return {each["name"]: each["failure"] for each in said}


@pytest.mark.parametrize("name", CHECKS)
def test_the_contract_holds_in_blender(name: str, checked: Mapping[str, str | None]) -> None:
    """What is promised of every editor, by the real sequencer."""
    assert name in checked
    assert checked[name] is None, checked[name]


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """What was seen on the way, and the folder of the project: 40 frames of real footage, 12 more by a tiny model."""
    if not SEA.exists():
        pytest.skip(f"{SEA} is not there")
    folder = tmp_path_factory.mktemp("journey")
    clip = read_clip(SEA, span=Span(start=10, stop=50), short_side=24)
    save_model(learned(clip, tiny("fast", size=16, window=8)), folder / "tiny.dtsgan")
    build(folder / "dtsgan.zip")
    how = {"model": str(folder / "tiny.dtsgan")}
    job = {"python": sys.executable, "clip": str(SEA), "first": 10, "frames": 40, "add": 12, "how": how}
    (folder / "job.json").write_text(json.dumps(job | {"size": [352, 288]}))
    run(blender(), [str(TESTS / "support/blender_journey.py"), str(folder)], folder)
    return json.loads((folder / "report.json").read_text()), folder


STRIP = [1, 1, 41, False, "sea_wave.avi"]
NEW = [1, 41, 53, False, "sea_wave-extend.mov"]


def test_a_strip_is_extended_in_blender(journey: tuple[dict[str, Any], Path]) -> None:
    """By the button of the installed extension and the real app, over the bridge: the new frames follow the strip, undo
    takes them away, and saving and opening keep them, with how they were made."""
    report, folder = journey
    assert report["enabled"]
    assert report["started"] == ["FINISHED"]
    assert (report["before"], report["undone"]) == ([STRIP], [STRIP])
    assert (report["after"], report["redone"], report["reopened"]) == ([STRIP, NEW],) * 3
    assert "1 new strip" in report["result"]
    meta = report["meta"]
    assert (Path(meta["of"]["file"]).resolve(), meta["of"]["frames"]) == (SEA.resolve(), [10, 50])
    assert (meta["edit"], meta["options"]["add"], meta["options"]["seed"]) == ("extend", 12, 3)
    assert meta["made"] == report["video"] == str(folder / "sea_wave-extend.mov")


def test_the_panel_shows_what_goes_on(journey: tuple[dict[str, Any], Path]) -> None:
    """The strip and what can be done with it; while the app works how far it is, in the status bar, too; then what came
    of it. Blender has all that it draws with."""
    report, _ = journey
    buttons = ["Extend...", "Make Loop...", "Replace Region...", "Variants...", "Open in dtsgan"]
    assert report["panel"] == ["sea", "40 frames of sea_wave.avi", *buttons]
    working = report["working"]
    assert working[:7] == report["panel"]
    assert "Cancel" in working
    assert any("dtsgan: " in text for text in working)
    assert "1 new strip" in " ".join(report["ended"])


def test_a_result_is_made_again_in_blender(journey: tuple[dict[str, Any], Path]) -> None:
    """Another video takes its place; undo brings the first one back."""
    report, folder = journey
    assert report["again"] == [[STRIP, [1, 41, 53, False, "sea_wave-extend-2.mov"]], [STRIP, NEW]]
    assert (folder / "sea_wave-extend-2.mov").exists()


def test_work_is_cancelled_in_blender(journey: tuple[dict[str, Any], Path]) -> None:
    """At once, whether the app has connected yet or not: nothing is put onto the timeline, and that is no failure."""
    report, folder = journey
    assert report["stopped"] == [["Stopped.", "", [STRIP, NEW]]] * 2
    assert {path.name for path in folder.glob("*extend*")} == {"sea_wave-extend.mov", "sea_wave-extend-2.mov"}


def test_the_window_is_opened_from_blender(journey: tuple[dict[str, Any], Path]) -> None:
    """It connects and is sent the strip; killed, it can be opened again."""
    report, _ = journey
    assert report["window"] == [["FINISHED"], ["window"]] * 2


def test_what_blender_renders_is_the_source_and_then_the_new_frames(journey: tuple[dict[str, Any], Path]) -> None:
    """Every frame, at both sides of the joint, up to the rounding of Blender's own way to RGB."""
    report, folder = journey
    rendered = sorted((folder / "rendered").glob("*.png"))
    assert len(rendered) == 52
    source = list(iter_frames(SEA, span=Span(start=10, stop=50)))
    made = [frame >> 8 if frame.dtype == np.uint16 else frame for frame in read(Path(report["video"]))]
    assert len(made) == 52
    for path, expected in zip(rendered, [*source, *made[40:]], strict=True):
        with Image.open(path) as image:
            difference = np.abs(np.asarray(image.convert("RGB")).astype(int) - expected.astype(int))
        assert difference.mean() < 0.5, path.name
        assert difference.max() <= 6, path.name
    # What is compared differs where it should: the last frames of the source and the first new ones.
    assert np.abs(source[0].astype(int) - source[-1]).mean() > 2


def test_nothing_is_left_in_blender(journey: tuple[dict[str, Any], Path]) -> None:
    """Uninstalled, no module, class, timer, file or session of ours is there."""
    report, folder = journey
    assert report["left"] == []
    assert not report["registered"]
    assert not report["timer"]
    assert not [name for name in everything(folder / "resources") if "dtsgan" in name]
    assert everything(folder / "sessions") == []


def test_the_extension_is_what_blender_takes(tmp_path: Path) -> None:
    """Blender's own tool finds nothing wrong; there is Python and text in it alone, all that is imported is there, and
    the same sources make the same archive."""
    archive = tmp_path / "dtsgan.zip"
    build(archive)
    python = blender()
    (tool,) = python.parents[1].glob("lib/*/site-packages/bpy/*/scripts/addons_core/bl_pkg/cli/blender_ext.py")
    subprocess.run([str(python), str(tool), "validate", str(archive)], check=True, capture_output=True)
    again = tmp_path / "again.zip"
    build(again)
    assert again.read_bytes() == archive.read_bytes()
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path / "extension")
    files = everything(tmp_path / "extension")
    assert {Path(name).suffix for name in files} == {"", ".py", ".toml"}
    for path in (tmp_path / "extension").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level:
                base = path.parents[node.level - 1]
                module = base.joinpath(*(node.module or "").split("."))
                assert module.with_suffix(".py").exists() or (module / "__init__.py").exists(), f"{path}: {node.module}"
