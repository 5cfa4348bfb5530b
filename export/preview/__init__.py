"""Small previews of a replacement, made within seconds in a process that stays warm. Importing this needs no torch."""

from .proxy import proxy_size, window_of
from .request import Request
from .server import serve

__all__ = ["Request", "proxy_size", "serve", "window_of"]
