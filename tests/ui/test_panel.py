from __future__ import annotations

from typing import TYPE_CHECKING

from dtsgan.ui.panel import PAGES, Panel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from dtsgan.ui.studio import Studio


def test_the_pages_follow_the_view(qtbot: QtBot, studio: Studio) -> None:
    """A tab pressed changes the view, and the view the tab."""
    panel = Panel(studio)
    qtbot.addWidget(panel)
    for place, page in enumerate(PAGES):
        studio.view.set({"page": page})
        assert panel.tabs.currentIndex() == place
    panel.tabs.setCurrentIndex(1)
    assert studio.view.state.page == "extend"
