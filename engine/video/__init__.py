"""Read and write video files with exact time and colour."""

from .index import ReadStopped
from .outputs import check_output
from .probe import probe
from .reader import iter_frames, read_clip
from .writer import VideoWriter, open_output

__all__ = ["ReadStopped", "VideoWriter", "check_output", "iter_frames", "open_output", "probe", "read_clip"]
