"""Masks: shapes that people draw, and the pictures that they are."""
