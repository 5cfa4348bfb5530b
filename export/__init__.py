"""Render texture models to video files."""
