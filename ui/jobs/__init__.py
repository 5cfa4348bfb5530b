"""Long work, done by processes of its own: what is to be done, the queue, and the process that does it."""

from .job import Job, Task
from .queue import JobQueue
from .worker import PROGRAM, Worker

__all__ = ["PROGRAM", "Job", "JobQueue", "Task", "Worker"]
