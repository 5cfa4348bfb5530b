"""The command line: ``dtsgan learn``, ``generate``, ``info`` and ``demo``."""

from .app import main

__all__ = ["main"]
