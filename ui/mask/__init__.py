"""Masks: shapes that people draw, and the pictures that they are."""

from .keys import is_empty, key_of, moves, shapes_at, with_key, with_shape, without_key
from .raster import raster

__all__ = ["is_empty", "key_of", "moves", "raster", "shapes_at", "with_key", "with_shape", "without_key"]
