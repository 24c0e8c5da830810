"""What was known at an earlier moment: every read of places, allocations and leases answers from the record of then.

The change log is the source. `as_known` gives the answer, `restatements` what has been recorded otherwise since.
"""

from spaces.knowledge.moments import end_of, read, refuse
from spaces.knowledge.tables_of_then import as_known

__all__ = ["as_known", "end_of", "read", "refuse"]
