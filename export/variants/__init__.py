"""Many results of one texture: planned, rendered by worker processes, shown as a gallery."""

from .gallery import save_gallery
from .manifest import MANIFEST, Batch, Learning, Variant, begin, read_job
from .plan import plan
from .pool import Finished, Progressed, Told, render_variants

__all__ = [
    "MANIFEST",
    "Batch",
    "Finished",
    "Learning",
    "Progressed",
    "Told",
    "Variant",
    "begin",
    "plan",
    "read_job",
    "render_variants",
    "save_gallery",
]
