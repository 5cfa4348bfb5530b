"""The variants at a glance: a contact sheet, and a web page whose pictures move under the mouse."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

import numpy as np

from ...engine.clip import Span
from ...engine.files import replacing
from ...engine.video import iter_frames, probe
from ..sheet import Excerpt, contact_sheet, save_sheet, spread

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from .manifest import Variant

PAGE = "index.html"
SHEET = "sheet.png"
SHOWN_FRAMES = 6
LONGEST_SIDE = 384
STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 90rem; padding: 0 1rem; }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(18rem, 1fr)); gap: 1.2rem; }
figure { margin: 0; } figcaption { font-size: .85rem; opacity: .75; overflow-wrap: anywhere; }
video, img { width: 100%; display: block; border-radius: 4px; background: #000; }
"""
PLAY = 'loop muted playsinline preload="metadata" tabindex="0" onmouseenter="this.play()" onmouseleave="this.pause()"'
PLAY += ' onfocus="this.play()" onblur="this.pause()"'


def save_gallery(title: str, variants: Sequence[Variant], folder: Path) -> tuple[Path, Path]:
    """Write the contact sheet and the page of variants that are complete; their paths."""
    rows = [(variant.name, _some_frames(folder / variant.name)) for variant in variants]
    save_sheet(contact_sheet(rows, columns=SHOWN_FRAMES, slices=False), folder / SHEET)
    figures = [_figure(variant, folder) for variant in variants]
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
    head += f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
    about = (
        f"<h1>{escape(title)}</h1><p>{len(variants)} variants. Point at one, or move to it by Tab, to see it move.</p>"
    )
    with replacing(folder / PAGE) as temporary:
        temporary.write_text("\n".join([head, about, "<main>", *figures, "</main></html>"]), encoding="utf-8")
    return folder / PAGE, folder / SHEET


def _some_frames(path: Path) -> Excerpt:
    info = probe(path)
    shrink = min(1.0, LONGEST_SIDE / max(info.size_hw))
    size_hw = (max(1, round(info.size_hw[0] * shrink)), max(1, round(info.size_hw[1] * shrink)))
    numbers = spread(info.frames, SHOWN_FRAMES)
    shown = [next(iter_frames(path, span=Span(start=n, stop=n + 1), size_hw=size_hw)) for n in numbers]
    return Excerpt(frames_thwc=np.stack(shown), numbers=numbers, length=info.frames, size_hw=info.size_hw)


def _figure(variant: Variant, folder: Path) -> str:
    name = escape(variant.name)
    info = probe(folder / variant.name)
    source = escape(quote(variant.name))
    picture = f'<video src="{source}" {PLAY} aria-label="{name}"></video>'
    if variant.name.endswith(".gif"):
        picture = f'<img src="{source}" alt="{name}">'
    facts = f"seed {variant.seed}, {info.size_hw[1]} x {info.size_hw[0]}, {info.frames} frames"
    if variant.fine_seed is not None:
        facts = f"{facts}, fine seed {variant.fine_seed}"
    return f"<figure>{picture}<figcaption>{name}<br>{facts}{', a loop' if variant.loop else ''}</figcaption></figure>"
