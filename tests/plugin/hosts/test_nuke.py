"""The panel in Nuke and Hiero, held against stand-ins: nothing here shows that the real ones do as they say."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtWidgets import QApplication, QWidget

from dtsgan.plugin.hosts.nuke import install
from dtsgan.plugin.hosts.nuke.panel import NukePanel

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from pytestqt.qtbot import QtBot


def test_the_panel_comes_and_goes(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In a dock of another program's: it makes no application, and its studio ends with it, however that goes."""
    monkeypatch.setenv("DTSGAN_HOME", str(tmp_path))
    application, dock = QApplication.instance(), QWidget()
    assert qtbot
    panel = NukePanel(dock)
    dock.show()
    assert panel.panel.isVisible()
    assert QApplication.instance() is application
    ended: list[str] = []
    end = panel.studio.queue.end
    monkeypatch.setattr(panel.studio.queue, "end", lambda: (ended.append("closed"), end()))
    panel.close()
    assert ended == ["closed"]
    other = NukePanel(dock)
    end = other.studio.queue.end
    monkeypatch.setattr(other.studio.queue, "end", lambda: (ended.append("deleted"), end()))
    shiboken6.delete(dock)
    assert ended == ["closed", "deleted"]


def test_the_menu_registers_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """By the call that Nuke has for widgets, with an expression that gives the class."""
    (tmp_path / ".nuke").mkdir()
    folder, _ = install.parts(tmp_path / ".nuke")
    folder.install()
    calls: list[tuple[str, ...]] = []
    monkeypatch.setitem(sys.modules, "nukescripts", SimpleNamespace(registerWidgetAsPanel=lambda *a: calls.append(a)))
    monkeypatch.setattr(sys, "path", list(sys.path))
    exec((tmp_path / ".nuke/dtsgan_nuke/menu.py").read_text(), {})
    ((widget, name, identity),) = calls
    assert eval(widget) is NukePanel
    assert (name, identity) == ("dtsgan", "com.dtsgan.panel")


def test_the_persons_own_menu_stays(tmp_path: Path) -> None:
    """With one line more, which goes again; a menu that is ours alone goes whole."""
    for text in ("", "import nuke\n", "import nuke", "# dtsgan\nimport x\n"):
        menu = tmp_path / "menu.py"
        menu.write_text(text)
        for part in install.parts(tmp_path):
            part.install()
            part.install()
        assert menu.read_text().count(install.LINE) == 1
        for part in install.parts(tmp_path):
            part.uninstall()
        assert (menu.read_text() if menu.exists() else "").removesuffix("\n") == text.removesuffix("\n")
        assert not (tmp_path / "dtsgan_nuke").exists()
