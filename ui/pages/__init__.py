"""The panel's pages: one for each kind of work."""

from .extend import ExtendPage
from .learn import LearnPage
from .queue import QueuePage
from .replace import ReplacePage
from .variants import VariantsPage

__all__ = ["ExtendPage", "LearnPage", "QueuePage", "ReplacePage", "VariantsPage"]
