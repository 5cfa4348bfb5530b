"""How an editor finds the app, installs it and runs it."""

from __future__ import annotations

import os
import sys
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.writing import everything

from dtsgan.plugin.bridge.places import data_folder, note_program
from dtsgan.plugin.hosts.blender.addon import program
from dtsgan.plugin.hosts.blender.addon.program import Installation, Run, find_program, own_program

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which nothing is installed yet."""
    monkeypatch.setenv("DTSGAN_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


def executable(path: Path, text: str = "#!/bin/sh\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_the_app_is_looked_for_in_order(data: Path) -> None:
    """What the person says, what the app noted, what is on the path, what was installed by the editor."""
    assert find_program("") == []
    executable(own_program())
    assert find_program("") == [str(own_program())]
    on_path = executable(data / "bin/dtsgan")
    assert find_program("") == [str(on_path)]
    noted = executable(data / "env/bin/python3")
    note_program([str(noted), "-m", "dtsgan"])
    assert find_program("") == [str(noted), "-m", "dtsgan"]
    chosen = executable(data / "chosen/dtsgan")
    assert find_program(str(chosen)) == [str(chosen)]
    python = executable(data / "chosen/python3.12")
    assert find_program(str(python)) == [str(python), "-m", "dtsgan"]
    assert find_program("/none") == [str(noted), "-m", "dtsgan"]
    noted.unlink()
    assert find_program("") == [str(on_path)]


def until(is_over: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not is_over():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_run_goes_on_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it prints is kept; the editor's own settings of Python are not passed on."""
    monkeypatch.setenv("PYTHONHOME", "/none")
    monkeypatch.setenv("PYTHONPATH", "/none")
    run = Run([sys.executable, "-c", "print('one\\ntwo\\n')"])
    until(lambda: run.code is not None)
    assert (run.code, run.last_words()) == (0, "two")
    run.log.unlink()
    run = Run([sys.executable, "-c", "import time; time.sleep(600)"])
    assert run.code is None
    run.kill()
    assert run.code != 0
    run.log.unlink()


def test_what_cannot_be_started_leaves_no_log(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(data))
    with pytest.raises(OSError, match="none"):
        Run(["/none"])
    assert everything(data) == []


def write_wheel(path: Path) -> None:
    """A package of the app's name, with a command of its name."""
    info = "dtsgan-9.dist-info"
    files = {
        "dtsgan_stub.py": "def main():\n    print('installed')\n",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: dtsgan\nVersion: 9\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": "[console_scripts]\ndtsgan = dtsgan_stub:main\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)


def test_the_app_is_installed_into_a_folder_of_its_own(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By this Python's own means; then it is found, and runs. Nothing is written elsewhere."""
    wheel = data / "dtsgan-9-py3-none-any.whl"
    write_wheel(wheel)
    monkeypatch.setattr(program, "REQUIREMENT", str(wheel))
    monkeypatch.setattr("tempfile.tempdir", str(data))
    monkeypatch.setenv("PATH", os.defpath)
    installation = Installation()
    assert "Installing dtsgan" in installation.text
    until(installation.poll)
    assert installation.problem == ""
    assert find_program("") == [str(own_program())]
    run = Run(find_program(""))
    until(lambda: run.code is not None)
    assert run.last_words() == "installed"
    run.log.unlink()
    assert {Path(name).parts[0] for name in everything(data)} == {"data", wheel.name}


def test_an_installation_that_fails_says_where_its_words_are(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "REQUIREMENT", str(data / "none-1-py3-none-any.whl"))
    monkeypatch.setenv("PATH", os.defpath)
    installation = Installation()
    until(installation.poll)
    assert "could not be installed" in installation.problem
    assert Path(installation.problem.rpartition("See ")[2].rstrip(".")).exists()


def test_an_installation_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was there of it is gone."""
    monkeypatch.setenv("PATH", os.defpath)
    installation = Installation()
    installation.cancel()
    assert not (data_folder() / "env").exists()
