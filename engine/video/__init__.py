"""Read and write video files with exact time and colour."""

from .arrange import arranged
from .index import ReadStopped
from .outputs import check_output
from .probe import probe
from .reader import iter_frames, read_clip
from .sound import Sound, read_sound
from .soundtrack import SoundTrack
from .writer import VideoWriter, open_output

__all__ = [
    "ReadStopped",
    "Sound",
    "SoundTrack",
    "VideoWriter",
    "arranged",
    "check_output",
    "iter_frames",
    "open_output",
    "probe",
    "read_clip",
    "read_sound",
]
