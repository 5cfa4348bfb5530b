"""``dtsgan sample``: a clip to try things on, where there is none."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from ...engine.files import check_target
from .arguments import positive

if TYPE_CHECKING:
    import argparse

    from .context import Context

HELP = "simulate a short clip of a fire, to try things on"

RATE = Fraction(25)
FRAMES, SIZE_HW = 75, (180, 320)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="VIDEO")
    parser.add_argument("--frames", type=positive, default=FRAMES, metavar="N", help="default: %(default)s")
    parser.add_argument("--height", type=positive, default=SIZE_HW[0], metavar="PX", help="default: %(default)s")
    parser.add_argument("--overwrite", action="store_true", help="replace a video that exists")


def run(arguments: argparse.Namespace, context: Context) -> int:
    from ...engine.simulate import simulate_fire
    from ...engine.video import open_output

    check_target(arguments.output, overwrite=arguments.overwrite)
    size_hw = (arguments.height, arguments.height * SIZE_HW[1] // SIZE_HW[0] // 2 * 2)
    context.report.say("simulating", f"Simulating {arguments.frames} frames of fire")
    frames = simulate_fire(frames=arguments.frames, size_hw=size_hw, rate=RATE, seed=0)
    if context.stop.is_set():
        return context.stop.exit_code
    with open_output(arguments.output, size_hw=size_hw, rate=RATE, overwrite=arguments.overwrite) as writer:
        for frame in frames:
            writer.write(frame)
    context.report.finish(f"Saved {arguments.output}", {"video": arguments.output, "frames": len(frames)})
    return 0
