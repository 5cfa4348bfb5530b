"""The evaluation as one web page that opens from disk, offline: pictures first, then plots, then the table."""

from __future__ import annotations

import base64
import io
import json
from html import escape
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from ..engine.files import check_target, replacing
from ..engine.metrics.energy import temporal_spectrum
from .plots import dot_plot, line_plot

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ..engine.metrics.evaluate import Evaluation, Row
    from ..engine.metrics.footage import Footage
    from ..engine.metrics.measures import Measure
    from ..engine.metrics.reading import Compared

SHOWN_PX = 240
FRAMES = 4
ANIMATED = 100
STYLE = """
:root { color-scheme: light dark; --ink: #1c1c1e; --faint: #6b6b70; --paper: #fff; --line: #d8d8dc; --mark: #b3261e;
  --real: #1a7f37; --cheat: #8a8a90; }
@media (prefers-color-scheme: dark) { :root { --ink: #ececee; --faint: #a0a0a6; --paper: #18181a; --line: #3a3a3e;
  --mark: #ff8a70; --real: #5fd38a; --cheat: #8a8a90; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem auto;
  max-width: 82rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.5rem; }
p, figcaption, .faint { color: var(--faint); }
.rows { display: grid; grid-template-columns: max-content 1fr; gap: 1rem 1.5rem; align-items: start; }
.wide { overflow-x: auto; }
figure { margin: 0; } figcaption { font-size: .85rem; }
img { image-rendering: pixelated; display: block; border-radius: 3px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .7rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; position: sticky; left: 0; background: var(--paper); }
tr.real td { color: var(--real); } tr.cheat td { color: var(--cheat); }
td.blind { text-decoration: underline wavy 1px; }
.plots { display: flex; flex-wrap: wrap; gap: 1.5rem; }
svg { max-width: 100%; } svg text { fill: var(--faint); font: 11px system-ui, sans-serif; }
dt { font-weight: 600; margin-top: .8rem; } dd { margin: 0 0 0 1.2rem; }
pre { white-space: pre-wrap; }
"""


def save_report(compared: Compared, result: Evaluation, path: Path, *, overwrite: bool = False) -> None:
    """Write the page, whole or not at all. Raises OutputError."""
    check_target(path, overwrite=overwrite)
    page = "\n".join(_page(compared, result))
    with replacing(path) as temporary:
        temporary.write_text(page, encoding="utf-8")


def _page(compared: Compared, result: Evaluation) -> Iterator[str]:
    title = escape(f"How good are the videos made of {compared.source.name}?")
    yield f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<style>{STYLE}</style><h1>{title}</h1>"
    height, width = compared.source.size_hw
    yield f"<p>{result.frames} frames of each, at {width} x {height} px. "
    yield "Real footage is the source's second half held against its first, cheats are made of the source.</p>"
    yield "".join(f"<p>{escape(notice)}</p>" for notice in compared.notices)
    shown = [("source", compared.source), *((row.name, row.footage) for row in result.rows if row.kind == "result")]
    cheats = [(row.name, row.footage) for row in result.rows if row.kind == "cheat"]
    yield "<h2>Look first</h2><p>The lower strips show the middle row of pixels through time, to the right: flicker is "
    yield "seen as vertical lines, what is frozen as horizontal ones.</p>" + _pictures(shown, float(compared.rate))
    yield "<details><summary>The cheats, in pictures</summary>" + _pictures(cheats, float(compared.rate)) + "</details>"
    yield "<h2>At a glance</h2>" + _plots(compared.source, shown, result)
    yield "<h2>All figures</h2>" + _table(result)
    yield "<h2>What the columns mean</h2>" + _meanings(result.measures)
    yield "<h2>Settings</h2>" + _settings(compared) + "</html>"


def _pictures(videos: Sequence[tuple[str, Footage]], rate: float) -> str:
    cells = []
    for name, footage in videos:
        frames = _levels(footage)
        numbers = np.linspace(0, len(frames) - 1, FRAMES).round().astype(int)
        strip = np.concatenate([frames[number] for number in numbers], axis=1)
        slice_ = frames[:, frames.shape[1] // 2].transpose(1, 0, 2)
        height = _shown_size(frames)[1]
        still = _image(strip, (_shown_size(frames)[0] * FRAMES, height), f"frames of {name}")
        through_time = _image(slice_, (min(3 * len(frames), 600), height), f"x-t slice of {name}")
        caption = f"frames {', '.join(map(str, numbers))}"
        moving = f'<img src="{_animation(frames, rate)}" width="{_shown_size(frames)[0]}" alt="{escape(name)}, moving">'
        cells.append(
            f"<figure>{moving}<figcaption>{escape(name)}</figcaption></figure>"
            f'<div class="wide"><figure>{still}<figcaption>{caption}</figcaption></figure>'
            f"<figure>{through_time}<figcaption>middle row through time</figcaption></figure></div>"
        )
    return f'<div class="rows">{"".join(cells)}</div>'


def _plots(source: Footage, shown: Sequence[tuple[str, Footage]], result: Evaluation) -> str:
    spectra = [(name, temporal_spectrum(footage.luma, source.moving).tolist()) for name, footage in shown]
    changes = [
        (name, footage.luma.diff(dim=0)[:, source.moving].abs().mean(1)[: result.frames].tolist())
        for name, footage in shown
    ]
    plots = [
        line_plot(spectra, title="Power of slow (left) to fast (right) change", log=True),
        line_plot(changes, title="Change from frame to frame, in levels"),
    ]
    for measure in result.measures:
        scored = [(row.name, row.kind, row.scores[measure.key].value) for row in result.rows]
        dots = [(name, kind, value) for name, kind, value in scored if value is not None]
        plots.append(dot_plot(dots, title=f"{measure.label}: {measure.better}", log=measure.better == "near 1"))
    key = '<p><b style="color: var(--mark)">results</b> · <b style="color: var(--real)">real footage</b> · '
    key += '<b style="color: var(--cheat)">cheats</b>; point at a mark for its name.</p>'
    return f'{key}<div class="plots">{"".join(plots)}</div>'


def _table(result: Evaluation) -> str:
    heads = "".join(
        f'<th scope="col" title="{escape(measure.definition)}">{escape(measure.label)}<br>'
        f'<span class="faint">{measure.better}</span></th>'
        for measure in result.measures
    )
    rows = "".join(_table_row(row, result) for row in result.rows)
    return (
        f'<div class="wide"><table><thead><tr><th scope="col">video</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div><p>A cheat's figure is underlined where it is as good as real footage's "
        "or better: that measure is blind to it. A dash: no value; point at it for the reason. "
        "Point at a figure of the patches for each scale's, finest first.</p>"
        f"{_diversity(result)}"
    )


def _table_row(row: Row, result: Evaluation) -> str:
    cells = []
    for measure in result.measures:
        score = row.scores[measure.key]
        words = "\N{EN DASH}" if score.value is None else f"{score.value:.3g}"
        mark = ' class="blind"' if row.name in result.blind[measure.key] and row.kind == "cheat" else ""
        scales = ", ".join(f"{value:.3g}" for value in score.scales)
        cells.append(f'<td{mark} title="{escape(score.why_none or scales)}">{words}</td>')
    return f'<tr class="{row.kind}"><td>{escape(row.name)}</td>{"".join(cells)}</tr>'


def _diversity(result: Evaluation) -> str:
    if not result.diversity:
        return ""
    names = {"grey": "grey diversity", "lpips": "mean pairwise LPIPS"}
    parts = [
        f"{names[key]} {value:.3f} (between the source's halves {result.own_diversity[key]:.3f})"
        for key, value in result.diversity.items()
    ]
    return f"<p>How different the results are from each other: {'; '.join(parts)}.</p>"


def _meanings(measures: Sequence[Measure]) -> str:
    parts = [
        f"<dt>{escape(measure.label)} ({measure.better} is better)</dt><dd>{escape(measure.definition)}</dd>"
        f"<dd>Source: {escape(measure.source)}.</dd><dd>Does not see: {escape(measure.unseen)}</dd>"
        for measure in measures
    ]
    return f"<dl>{''.join(parts)}</dl>"


def _settings(compared: Compared) -> str:
    parts = []
    for info in compared.infos:
        height, width = info.size_hw
        facts = f"{width} x {height} px, {info.frames} frames, {float(info.rate):g} a second, {info.codec}"
        note = f"<pre>{escape(_pretty(info.note))}</pre>" if info.note else ""
        parts.append(f"<dt>{escape(info.path.name)}</dt><dd>{escape(facts)}{note}</dd>")
    return f"<dl>{''.join(parts)}</dl>"


def _pretty(note: str) -> str:
    try:
        return json.dumps(json.loads(note), indent=1)
    except ValueError:
        return note


def _levels(footage: Footage) -> np.ndarray:
    return (footage.video_tchw * 255).round().byte().permute(0, 2, 3, 1).numpy()


def _shown_size(frames: np.ndarray) -> tuple[int, int]:
    """Width and height in px, the longer side near ``SHOWN_PX``."""
    height, width = frames.shape[1:3]
    factor = SHOWN_PX / max(height, width)
    return round(width * factor), round(height * factor)


def _image(picture: np.ndarray, size_wh: tuple[int, int], words: str) -> str:
    kept = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(picture)).save(kept, "PNG")
    data = base64.b64encode(kept.getvalue()).decode()
    return f'<img src="data:image/png;base64,{data}" width="{size_wh[0]}" height="{size_wh[1]}" alt="{escape(words)}">'


def _animation(frames: np.ndarray, rate: float) -> str:
    pictures = [Image.fromarray(np.ascontiguousarray(frame)) for frame in frames[:ANIMATED]]
    for picture in pictures:
        picture.thumbnail((SHOWN_PX, SHOWN_PX))
    kept = io.BytesIO()
    pictures[0].save(
        kept, "WEBP", save_all=True, append_images=pictures[1:], duration=round(1000 / rate), loop=0, quality=85
    )
    return f"data:image/webp;base64,{base64.b64encode(kept.getvalue()).decode()}"
