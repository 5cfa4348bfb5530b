from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from dtsgan.ui.media import Media

application = QApplication([])
media = Media()
pictures = media.open(Path(sys.argv[1]))
wanted = sys.argv[2]
while wanted != "opening" and not pictures.count:
    application.processEvents()
pictures.want(5000, step=1)
while wanted == "playing" and not pictures.kept.bytes:
    application.processEvents()
"""


@pytest.mark.parametrize("moment", ["opening", "seeking", "playing"])
def test_a_program_that_ends_while_it_decodes_ends_well(long_uhd: Path, moment: str) -> None:
    """Nobody waited for the threads, nothing was closed: still the program ends by itself, and without a crash."""
    words = [sys.executable, "-c", SCRIPT, str(long_uhd), moment]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
