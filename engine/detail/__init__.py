"""The detail transfer: small video comes back at delivery size, made of the source's own pixels."""

from .giveway import GiveWay
from .transfer import DetailTransfer

__all__ = ["DetailTransfer", "GiveWay"]
