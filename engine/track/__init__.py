"""How the camera moves in a clip: a region that is drawn once follows what it was drawn on.

Importing this needs no OpenCV, which is an extra; using it does.
"""

from .reading import check_opencv, read_track
from .track import Track

__all__ = ["Track", "check_opencv", "read_track"]
