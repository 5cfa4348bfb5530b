"""Many variants on many machines: work spread over a Dask cluster. Importing this needs the extra ``farm``."""

from .cluster import Tls, connected, local_cluster, open_to_all, wait_for_workers
from .farming import Event, Learned, farm
from .planning import model_of
from .reconnecting import steadily
from .tally import Machine, Progressed

__all__ = [
    "Event",
    "Learned",
    "Machine",
    "Progressed",
    "Tls",
    "connected",
    "farm",
    "local_cluster",
    "model_of",
    "open_to_all",
    "steadily",
    "wait_for_workers",
]
