"""Clips made by simulation: something to learn from, with no footage and so no licence to mind."""

from __future__ import annotations

from .fire import simulate_fire

__all__ = ["simulate_fire"]
