"""Many results of one texture: planned, rendered by worker processes, shown as a gallery."""

from .gallery import save_gallery
from .plan import MANIFEST, Job, Variant, plan
from .pool import Finished, Progressed, Told, render_variants

__all__ = [
    "MANIFEST",
    "Finished",
    "Job",
    "Progressed",
    "Told",
    "Variant",
    "plan",
    "render_variants",
    "save_gallery",
]
