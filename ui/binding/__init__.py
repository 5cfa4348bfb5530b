"""What ties what is seen to what is: a store of one frozen record, and widgets that show and change its fields.

No widget keeps anything of its own: it shows a field, and what a person does to it is one change of the record.
"""

from .fields import field, with_fields
from .store import Store
from .widgets import Binder

__all__ = ["Binder", "Store", "field", "with_fields"]
