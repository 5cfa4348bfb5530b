"""How much memory rendering may take, and how much a process has had. Importing this needs no torch."""

from __future__ import annotations

import contextlib
import ctypes
import re
import sys
from pathlib import Path

import psutil

from .errors import OptionError, ResourceError

try:
    import resource
except ImportError:  # Windows
    resource = None

RENDERING_BYTES = 1000 << 20
"""All of rendering but the exemplar's frames and what grows with the picture: measured on 400 frames, rounded up."""

PIXEL_BYTES = 64
"""A pixel of the picture while it is put together and encoded."""

CELL_BYTES = 14 << 10
"""A cell of the finest grid that a larger picture is matched on, its prior's pixels included: measured on 3840 x 2160
px of a clip of 352 x 288, rounded up."""

LEAST_EXEMPLAR_BYTES = 64 << 20


KEPT_BYTES, LARGEST_KEPT_BYTES = 128 << 20, 32 << 20
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3


def keep_freed() -> None:
    """Let glibc keep what is freed for what is asked for next, as it does by itself.

    Whoever set MALLOC_TRIM_THRESHOLD_, as Dask does for its workers, made it ask the system for every large array anew:
    rendering took twice as long. Does nothing with other C libraries.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_M_MMAP_THRESHOLD, LARGEST_KEPT_BYTES)
        mallopt(_M_TRIM_THRESHOLD, KEPT_BYTES)


def exemplar_budget(memory_bytes: int, size_hw: tuple[int, int]) -> int:
    """Bytes of an exemplar's frames with which rendering pictures of this size stays within ``memory_bytes``.

    Raises OptionError where that is too little for any.
    """
    rest = RENDERING_BYTES + PIXEL_BYTES * size_hw[0] * size_hw[1]
    if memory_bytes < rest + LEAST_EXEMPLAR_BYTES:
        least = (rest + LEAST_EXEMPLAR_BYTES) / 2**30
        raise OptionError(
            f"--memory is too little for pictures of {size_hw[1]}x{size_hw[0]} px.",
            remedy=f"Give {least + 0.05:.1f}G or more, or a smaller --size.",
        )
    return memory_bytes - rest


def check_canvas(cells: int, picture_px: int, exemplar_bytes: int, memory_bytes: int | None) -> None:
    """Raise ResourceError where so many cells take more than ``memory_bytes`` with the rest, or than is free now."""
    needed = cells * CELL_BYTES + PIXEL_BYTES * picture_px
    left = psutil.virtual_memory().available
    if memory_bytes is not None:
        left = memory_bytes - RENDERING_BYTES - exemplar_bytes
    if needed > left:
        raise ResourceError(
            f"A picture of so much more of the texture takes {needed / 2**30:.1f} GiB beside what is taken anyway, and "
            f"{max(left, 0) / 2**30:.1f} GiB are left.",
            remedy="Give a smaller --size, more --memory, or --fit scale.",
        )


def peak_bytes() -> int:
    """The most resident memory that this process has had."""
    if resource is None:
        return getattr(psutil.Process().memory_info(), "peak_wset")  # noqa: B009  # known on Windows alone
    # Linux keeps getrusage's figure across fork and exec: a child of a large program would report its parent's.
    status = Path("/proc/self/status")
    if status.exists() and (match := re.search(r"VmHWM:\s+(\d+) kB", status.read_text())):
        return int(match[1]) << 10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak << 10
