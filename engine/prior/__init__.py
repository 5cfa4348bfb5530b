"""The motion prior: endless coarse video with a clip's own layout, colours and motion, fitted in seconds."""

from .curves import LUMA, ColourCurves
from .motion import Draw, MotionPrior
from .shaped import ShapedNoise
from .stationary import doubts

__all__ = ["LUMA", "ColourCurves", "Draw", "MotionPrior", "ShapedNoise", "doubts"]
