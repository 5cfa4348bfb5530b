"""A folder in which clips are edited on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from support.learning import PRESETS, tiny
from support.videos import texture
from support.writing import write

from dtsgan.engine.config import LearnOptions
from dtsgan.plugin.cli import main

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

FRAMES = texture(60, (24, 32))


def edit_here(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Work in a folder with a clip of 60 frames; what is learned is tiny and kept there, too."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("DTSGAN_CACHE", str(folder / "cache"))
    options = {preset: tiny(preset, size=16, window=8) for preset in PRESETS}
    monkeypatch.setattr("dtsgan.engine.learn.seconds_of", lambda *_: 1.0)  # it measures the machine
    monkeypatch.setattr(LearnOptions, "of", classmethod(lambda _, preset, **__: options[preset]))
    write(Path("clip.mkv"), FRAMES)


def result(capsys: pytest.CaptureFixture[str], words: Sequence[str]) -> dict[str, Any]:
    """What a command says last, which succeeds."""
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out.splitlines()[-1])
