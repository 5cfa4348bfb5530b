from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*words: str, search: Path | None = None) -> None:
    """Run a tool of this interpreter's environment at the root; its own words are the failure."""
    paths = {} if search is None else {"PYTHONPATH": str(search)}
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, env=os.environ | paths, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_finds_nothing() -> None:
    """The rules of pyproject.toml hold everywhere."""
    run("ruff", "check", "--no-cache", "--quiet", ".")


def test_ruff_formats_nothing() -> None:
    """Every file is laid out as ruff lays it out."""
    run("ruff", "format", "--no-cache", "--check", "--quiet", ".")


def test_pyright_finds_nothing(tmp_path: Path) -> None:
    """The types hold, in the tests too."""
    try:
        # Only a link of that name tells pyright what "dtsgan" is: the editable install is a hook it doesn't run.
        (tmp_path / "dtsgan").symlink_to(ROOT, target_is_directory=True)
    except OSError:
        pytest.skip("this system makes no symbolic links without special rights")
    run("pyright", "--pythonpath", sys.executable, "--warnings", search=tmp_path)
