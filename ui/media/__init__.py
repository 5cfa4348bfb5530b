"""Pictures of clips, results and previews, there when they are needed and in bounded memory."""

from .media import Media
from .pictures import ArrayPictures, ClipPictures, Pictures

__all__ = ["ArrayPictures", "ClipPictures", "Media", "Pictures"]
