"""Results of the bank, and how each of their lines ended."""

from __future__ import annotations

from typing import Annotated, Literal

from pymongo import ASCENDING, IndexModel

from services.subsidies.bank_results.rules import Heap
from shared.storage.encryption import EncryptedAt
from shared.storage.fields import Yuan
from shared.storage.records import Keyed, Record

LINES, REASON = "result_part.lines", "result_line.reason"
"""The places that what a bank says is encrypted for: a reason may name somebody."""


class ResultFile(Record):
    """A result of the bank for a batch. Its id is `<batch>:<hash>`, so that the same one sent twice is one. `lines`: how many it has,
    in `parts`, of which `done` are worked off; the heaps count lines."""

    batch: str
    district: str
    sha256: str
    lines: int
    parts: int
    done: int = 0
    state: Literal["working", "finished"] = "working"
    matched: int = 0
    duplicate: int = 0
    unknown: int = 0
    amount_differs: int = 0
    returned: int = 0
    sent_by: str

    class Settings:
        name = "bank_results"
        indexes = [IndexModel([("batch", ASCENDING), ("_id", ASCENDING)])]


class ResultPart(Keyed):
    """Some lines of a result that wait to be worked off, as encrypted JSON; its id is `<result>:<number>`."""

    lines: Annotated[str, EncryptedAt(LINES)]

    class Settings:
        name = "bank_result_parts"


class ResultEnd(Keyed):
    """Where a line of a result ended; its id is `<result>:<number>`. The bank's reason is encrypted."""

    result: str
    cell: str
    reference: str
    amount: Yuan | None
    heap: Heap
    reason: Annotated[str | None, EncryptedAt(REASON)]

    class Settings:
        name = "bank_result_lines"
        indexes = [IndexModel([("result", ASCENDING), ("heap", ASCENDING), ("_id", ASCENDING)])]
