"""Many results side by side, which move under the mouse."""

from .gallery import Gallery

__all__ = ["Gallery"]
