"""``dtsgan plan``: what learning a clip would take, before anything is learned."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...ui import words
from .arguments import rate

if TYPE_CHECKING:
    import argparse

    from .context import Context

HELP = "say what learning a clip would take here, in pixels and minutes"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("clip", type=Path, metavar="CLIP", help="a video, or a folder of pictures")
    parser.add_argument("--range", metavar="A:B", help="the part to learn from, as learn takes it")
    parser.add_argument("--rate", type=rate, metavar="FPS", help="of a folder of pictures, in frames a second")


def run(arguments: argparse.Namespace, context: Context) -> int:
    from ...engine.clip import parse_span
    from ...engine.quality import plans
    from ...engine.video import probe

    info = probe(arguments.clip, rate=arguments.rate)
    frames = info.frames
    if arguments.range:
        first, end = parse_span(arguments.range).resolve(
            count=frames, rate=info.rate, frame_at=lambda s: math.ceil(s * info.rate), name=info.path.name
        )
        frames = end - first
    choices: dict[str, dict[str, Any]] = {}
    lines = []
    for quality, needed in plans(info, frames).items():
        time = "" if needed.seconds is None else f", about {words.duration(needed.seconds)}"
        size = words.picture_size(needed.sizes_hw[-1])
        lines.append(f"{quality}: {size} px{time}, about {words.size(needed.memory_bytes)} of memory")
        choices[quality] = {
            "sizes_hw": needed.sizes_hw,
            "seconds": needed.seconds,
            "memory_bytes": needed.memory_bytes,
        }
    context.report.finish("\n".join(lines), {"choices": choices})
    return 0
