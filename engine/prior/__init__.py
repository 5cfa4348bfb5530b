"""The motion prior: endless coarse video with a clip's own layout, colours and motion, fitted in seconds."""

from .curves import LUMA, ColourCurves
from .draw import Draw, Known
from .motion import MotionPrior
from .shaped import ShapedNoise
from .stationary import doubts
from .stored import pack_prior, unpack_prior
from .wide import WidePrior

__all__ = [
    "LUMA",
    "ColourCurves",
    "Draw",
    "Known",
    "MotionPrior",
    "ShapedNoise",
    "WidePrior",
    "doubts",
    "pack_prior",
    "unpack_prior",
]
