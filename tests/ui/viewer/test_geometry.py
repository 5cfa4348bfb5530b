from __future__ import annotations

from fractions import Fraction

import pytest
from PySide6.QtCore import QPointF, QRectF

from dtsgan.ui.viewer.geometry import MOST_ZOOM, Pane

AREA = QRectF(100, 50, 800, 400)


def pane(**changes: object) -> Pane:
    return Pane(AREA, (360, 640), Fraction(1), None, (0.5, 0.5), 1.0)._replace(**changes)  # type: ignore[arg-type]


def near(point: QPointF, other: QPointF) -> bool:
    return (point - other).manhattanLength() < 1e-6


@pytest.mark.parametrize(
    "made",
    [
        pane(),
        pane(zoom=3.0, centre=(0.2, 0.9)),
        pane(zoom=0.25),
        pane(sample_aspect=Fraction(16, 15)),
        pane(ratio=2.0, zoom=5.0),
    ],
)
def test_points_come_back(made: Pane) -> None:
    """From the widget to the clip and back is where it began, however it is zoomed and stretched."""
    for x, y in ((0.0, 0.0), (640.0, 360.0), (13.25, 200.5), (-40.0, 900.0)):
        assert near(made.to_clip(made.to_widget(QPointF(x, y))), QPointF(x, y))


def test_fitted_it_fills_one_way() -> None:
    """All of the picture is seen, in the middle, as large as there is room."""
    assert (pane().rect.top(), pane().rect.height()) == (50, 400)
    assert pane().rect.width() == pytest.approx(400 * 16 / 9)
    assert abs(pane().rect.center().x() - AREA.center().x()) < 1


def test_pixels_that_arent_square() -> None:
    """A sample aspect of 2 makes the picture twice as wide."""
    rect = pane(sample_aspect=Fraction(2), zoom=0.5).rect
    assert (rect.width(), rect.height()) == (640, 180)


def test_zoom_counts_device_pixels() -> None:
    """At 100 % a pixel of the clip is one of the screen, whatever its density."""
    assert pane(zoom=1.0, ratio=2.0).rect.size() == QRectF(0, 0, 320, 180).size()
    assert pane(zoom=1.0, ratio=2.0).percent == 100
    assert pane(area=QRectF(0, 0, 320, 180), ratio=2.0).percent == 100


def test_zooming_keeps_what_is_under_the_pointer() -> None:
    """What is pointed at stays where it is, once there is more picture than room."""
    made, at = pane(zoom=2.0, centre=(0.4, 0.6)), QPointF(321, 222)
    before = made.to_clip(at)
    zoom, centre = made.zoomed(1.25, at)
    after = made._replace(zoom=zoom, centre=centre)
    assert zoom == pytest.approx(2.5)
    assert (after.to_widget(before) - at).manhattanLength() < 2.1  # whole device pixels


def test_zoom_has_an_end() -> None:
    """However far the wheel is turned, there is still a picture."""
    assert pane().zoomed(1e9, AREA.center())[0] == MOST_ZOOM
    assert pane().zoomed(1e-9, AREA.center())[0] > 0
