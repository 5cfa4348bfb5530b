from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QIcon, QImage, QPainter
from pytestqt.qtbot import QtBot

from dtsgan.ui.theme import COLOURS, icon, paint_icon
from dtsgan.ui.theme.icons import NAMES


def painted(name: str) -> bytes:
    image = QImage(32, 32, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    paint_icon(painter, name, QRectF(0, 0, 32, 32), QColor("white"))
    painter.end()
    return bytes(image.constBits())


def test_each_icon_has_a_shape_of_its_own(qtbot: QtBot) -> None:
    """No two look alike, and none is empty."""
    del qtbot
    looks = [painted(name) for name in NAMES]
    assert len(set(looks)) == len(NAMES)
    assert all(any(level > 100 for level in look[::4]) for look in looks)
    with pytest.raises(KeyError):
        paint_icon(QPainter(), "no such icon", QRectF(), QColor("white"))


@pytest.mark.parametrize("theme", sorted(COLOURS))
def test_icons_are_in_the_themes_colours(qtbot: QtBot, theme: str) -> None:
    """Pressed in, an icon is seen on the colour of what is chosen; disabled, it is fainter."""
    del qtbot
    made, colours = icon("stop", COLOURS[theme]), COLOURS[theme]
    for mode, state, colour in (
        (QIcon.Mode.Normal, QIcon.State.Off, colours.text),
        (QIcon.Mode.Normal, QIcon.State.On, colours.on_accent),
        (QIcon.Mode.Disabled, QIcon.State.Off, colours.line),
    ):
        image = made.pixmap(18, mode, state).toImage()
        assert image.pixelColor(6, 9).name() == colour
