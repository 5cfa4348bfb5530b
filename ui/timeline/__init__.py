"""The timeline below the viewer: which frames are the clip's own, which are new, and what is planned."""

from .timeline import Timeline

__all__ = ["Timeline"]
