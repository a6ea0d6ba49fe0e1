"""Which faults of the database pass by themselves, so that the same work may be tried again."""

from __future__ import annotations

from pymongo.errors import BulkWriteError, ConnectionFailure, OperationFailure, PyMongoError

PASSING_CODES = frozenset({64, 91, 112, 189, 244, 251, 11600, 11602, 13435, 13436})
"""Write concern time-out, servers that stop or step down, write conflicts, transactions that were aborted."""


class Stale(Exception):
    """The document was changed by someone else since it was read."""


def is_passing(error: BaseException) -> bool:
    """Whether the same work may succeed when it is tried again, because of what went wrong in the database."""
    if isinstance(error, ConnectionFailure | Stale):
        return True
    if isinstance(error, PyMongoError) and error.has_error_label("TransientTransactionError"):
        return True
    if isinstance(error, BulkWriteError):
        details = error.details or {}
        return bool(details.get("writeConcernErrors")) and not details.get("writeErrors")
    return isinstance(error, OperationFailure) and error.code in PASSING_CODES
