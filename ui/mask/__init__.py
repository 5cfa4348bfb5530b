"""Masks: shapes that people draw, and the pictures that they are."""

from .keys import is_empty, shapes_at
from .raster import raster

__all__ = ["is_empty", "raster", "shapes_at"]
