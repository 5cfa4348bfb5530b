"""The motion prior: endless coarse video with a clip's own layout, colours and motion, fitted in seconds."""

from .curves import LUMA, ColourCurves
from .draw import Draw, Known
from .motion import MotionPrior
from .shaped import ShapedNoise
from .stationary import doubts

__all__ = ["LUMA", "ColourCurves", "Draw", "Known", "MotionPrior", "ShapedNoise", "doubts"]
