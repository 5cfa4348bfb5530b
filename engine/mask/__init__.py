"""The region of a clip that a person wants replaced: a picture, a film, or polygons that move."""

from .mask import Mask
from .opening import open_mask

__all__ = ["Mask", "open_mask"]
