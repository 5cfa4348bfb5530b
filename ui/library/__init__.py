"""Texture models that were learned, kept between sessions."""

from .entries import Entry
from .library import Library

__all__ = ["Entry", "Library"]
