"""How much memory this process has had at most."""

from __future__ import annotations

import re
import sys
from pathlib import Path


def peak_mib() -> float:
    """Peak resident memory in MiB.

    Linux keeps getrusage's figure across fork and exec, so that a child of a large test run would report its
    parent's: there the kernel's own figure for this program is read.
    """
    status = Path("/proc/self/status")
    if status.exists():
        match = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        if match:
            return int(match[1]) / 1024
    import resource  # not on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)
