"""Small previews of a replacement, made within seconds in a process that stays warm: ``server`` is what runs in it.

Importing this needs neither torch nor a runtime: who asks for previews needs none.
"""

from .proxy import proxy_size, window_of
from .request import Request

__all__ = ["Request", "proxy_size", "window_of"]
