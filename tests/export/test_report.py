"""The report is one page that shows everything, from disk and offline."""

from __future__ import annotations

import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support.system import program
from support.videos import texture, write_video

from dtsgan.engine.errors import OutputError
from dtsgan.engine.metrics.evaluate import Evaluation, evaluate
from dtsgan.engine.metrics.measures import MEASURES, Networks
from dtsgan.engine.metrics.reading import Compared, read_compared
from dtsgan.export.report import save_report

KEYS = ("motion", "sharpness", "spectrum", "smoothness")


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[Compared, Evaluation]:
    """A source and a result whose name and note want to be HTML."""
    folder = tmp_path_factory.mktemp("report")
    source = write_video(folder / "source.mp4", texture(24, (48, 64)))
    result = write_video(folder / "<b>&.mp4", texture(24, (48, 64), seed=1))
    compared = read_compared(source, [result], span=None, short_side=256, frames=256, strict=False)
    measures = [measure for measure in MEASURES if measure.key in KEYS]
    *_, last = evaluate(compared.source, compared.results, measures, Networks())
    assert isinstance(last, Evaluation)
    return compared, last


class Page(HTMLParser):
    """Collects what the page refers to, and its table."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.sources: list[str] = []
        self.alts: list[str] = []
        self.cells: list[str] = []
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.sources += [found[name] or "" for name in ("src", "href") if name in found]
        if tag == "img":
            self.alts.append(found.get("alt") or "")
        self._inside = tag == "td"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.cells.append(data)


def test_the_page_holds_all_it_shows(measured: tuple[Compared, Evaluation], tmp_path: Path) -> None:
    """Pictures are inside, every row and column is there, and names are text."""
    save_report(*measured, tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    page = Page(text)
    assert page.sources
    assert all(source.startswith("data:image/") for source in page.sources)
    assert not re.search(r"https?://|<script|<link|<b>&", text)
    assert all(page.alts)
    _, result = measured
    assert page.cells.count("<b>&.mp4") == 1
    assert len(page.cells) == len(result.rows) * (1 + len(result.measures))
    for measure in result.measures:
        assert measure.definition.split("'")[0] in text


def test_a_report_that_exists_is_kept(measured: tuple[Compared, Evaluation], tmp_path: Path) -> None:
    """Unless the person says otherwise."""
    path = tmp_path / "report.html"
    path.write_text("mine")
    with pytest.raises(OutputError, match="exists already"):
        save_report(*measured, path)
    assert path.read_text() == "mine"
    save_report(*measured, path, overwrite=True)
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_browser_shows_it(measured: tuple[Compared, Evaluation], tmp_path: Path) -> None:
    """Headless Chromium, with no way to any host, draws the pictures."""
    chromium = program("chromium", "chromium-browser", "google-chrome", package="chromium")
    save_report(*measured, tmp_path / "report.html")
    words = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    words += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    words += ["--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={tmp_path / 'profile'}"]
    words += ["--force-color-profile=srgb", "--window-size=1300,900", f"--screenshot={tmp_path / 'shot.png'}"]
    subprocess.run([*words, (tmp_path / "report.html").as_uri()], check=True, capture_output=True, timeout=120)
    shot = np.asarray(Image.open(tmp_path / "shot.png").convert("RGB")).astype(int)
    coloured = (shot.max(-1) - shot.min(-1) > 20).mean()
    assert coloured > 0.1, "the page shows hardly any picture"
