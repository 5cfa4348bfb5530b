"""How long after a stroke its preview is there: ``python -m tests.bench.preview CLIP... [--model M.dtsgan]``.

With the real process, for each kind of filling: the first time, with nothing opened, and the median of others. Run it
while the machine does nothing else.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1]))

from support.system import qt_libraries

qt_libraries()

from PySide6.QtCore import QEventLoop, QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from dtsgan.engine.video import probe  # noqa: E402
from dtsgan.ui.document import Footage, Key, Mask, Project, Reference, Replace, Stroke  # noqa: E402
from dtsgan.ui.jobs import PROGRAM  # noqa: E402
from dtsgan.ui.previews import Previews  # noqa: E402

if TYPE_CHECKING:
    from dtsgan.engine.video.probe import ClipInfo

PLACES = ((0.4, 0.4), (0.6, 0.5), (0.5, 0.6), (0.3, 0.55), (0.65, 0.4), (0.45, 0.5))
WAIT_S = 60


def project_of(info: ClipInfo, fill: str, place: tuple[float, float], model: Path | None) -> Project:
    """A short stroke somewhere, and what fills it."""
    height, width = info.size_hw
    x, y, length, radius = place[0] * width, place[1] * height, 0.12 * width, 0.05 * height
    stroke = Stroke(points=((x, y), (x + length, y + 0.03 * height)), radii=(radius, radius))
    patch = Reference(
        x=int(0.05 * width), y=int(0.7 * height), width=int(0.25 * width), height=int(0.2 * height), frame=0
    )
    return Project(
        clip=Footage(path=str(info.path), frames=info.frames, rate=info.rate, size_hw=info.size_hw),
        model=str(model) if model is not None and fill != "surround" else None,
        replace=Replace(
            mask=Mask(keys=(Key(frame=0, shapes=(stroke,)),)),
            fill=fill,  # type: ignore[arg-type]  # one of three
            instant=model is None,
            reference=patch if fill == "patch" else None,
        ),
    )


def seconds(previews: Previews, project: Project) -> float:
    loop = QEventLoop()
    began = time.perf_counter()
    previews.changed.connect(lambda: loop.quit() if previews.state.state in ("ready", "failed") else None)
    QTimer.singleShot(WAIT_S * 1000, loop.quit)
    previews.ask(project)
    loop.exec()
    previews.changed.disconnect()
    if previews.state.state != "ready":
        print(f"  {previews.state.state}: {previews.state.text}")
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clips", nargs="+", type=Path)
    parser.add_argument("--model", type=Path)
    arguments = parser.parse_args()
    application = QApplication([])
    for clip in arguments.clips:
        info = probe(clip.absolute())
        for fill in ("surround", "texture", "patch"):
            previews = Previews(PROGRAM)
            taken = [seconds(previews, project_of(info, fill, place, arguments.model)) for place in PLACES]
            warm = taken[1:]
            print(
                f"{clip.name} {fill}: first {taken[0]:.2f} s, then {statistics.median(warm):.2f} s "
                f"({min(warm):.2f} to {max(warm):.2f})"
            )
            previews.close()
    del application


if __name__ == "__main__":
    main()
