"""Plots are well-formed, and stand where their numbers say."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from dtsgan.export.plots import dot_plot, line_plot


def test_lines_rise_with_their_values() -> None:
    """The highest value lies at the top, names are escaped."""
    root = ElementTree.fromstring(line_plot([("a<b", [0.0, 1.0, 2.0]), ("c", [2.0, 2.0, 0.0])], title="x & y"))
    lines = [line.attrib["points"] for line in root.iter("polyline")]
    heights = [float(point.split(",")[1]) for point in lines[0].split()]
    assert heights == sorted(heights, reverse=True)
    assert {text.text for text in root.iter("text")} >= {"a<b", "c", "x & y", "0", "1", "2"}


def test_dots_lie_in_the_order_of_their_values() -> None:
    """A logarithmic axis puts a half and a double equally far from 1, and holds nothing at all."""
    root = ElementTree.fromstring(
        dot_plot([("a", "result", 0.5), ("b", "real", 1.0), ("c", "cheat", 2.0)], title="ratio", log=True)
    )
    x = [float(circle.attrib["cx"]) for circle in root.iter("circle")]
    assert x[1] - x[0] == pytest.approx(x[2] - x[1], abs=0.2)
    assert "nan" not in dot_plot([("a", "result", 0.0)], title="ratio", log=True)
    assert dot_plot([], title="none") == ""


def test_equal_values_do_not_divide_by_nothing() -> None:
    """A flat line stays inside the plot."""
    numbers = re.findall(r"[\d.]+,[\d.]+", line_plot([("flat", [3.0, 3.0])], title="flat"))
    assert len(numbers) == 2
