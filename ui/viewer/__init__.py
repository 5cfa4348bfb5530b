"""Pictures moving: the canvas, what plays it, and the bar below."""

from .viewer import Viewer

__all__ = ["Viewer"]
