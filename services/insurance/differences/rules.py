"""What becomes of a difference.

`changed`: found again, with other facts on one side. One that comes again and mends itself begins anew as `mending`.
"""

from __future__ import annotations

from typing import Final, Literal

from shared.states import Machine

Kind = Literal[
    "unknown_there", "answer_lost", "end_missing", "end_receipt_lost",
    "unknown_here", "end_unknown_here", "other_end", "other_facts", "answered_otherwise",
    "unknown_bill", "other_payment", "other_person", "unreadable",
    "tax_unknown_here", "tax_other_amount", "tax_answered_otherwise", "tax_other_paid",
]  # fmt: skip


DifferenceState = Literal["mending", "open", "mended", "resolved"]
DifferenceEvent = Literal["found", "changed", "mended", "refused", "vanished", "noted", "put_right"]
MENDS_ITSELF: Final = frozenset({"unknown_there", "answer_lost", "end_missing", "end_receipt_lost"})
CAN_BE_PUT_RIGHT: Final = frozenset({"unknown_here", "end_unknown_here", "other_end", "unknown_bill"})
"""What an officer may have put right there by what we know, or taken once more; the rest only by a note."""


STATES: Machine[DifferenceState, DifferenceEvent, DifferenceState] = Machine(
    "difference",
    {
        ("mending", "found"): "mending",
        ("mending", "mended"): "mended",
        ("mending", "refused"): "open",
        ("mending", "vanished"): "mended",
        ("open", "found"): "open",
        ("open", "changed"): "open",
        ("open", "vanished"): "mended",
        ("open", "noted"): "resolved",
        ("open", "put_right"): "mending",
        ("resolved", "found"): "resolved",
        ("resolved", "changed"): "open",
        ("resolved", "vanished"): "mended",
        ("mended", "found"): "open",
        ("mended", "changed"): "open",
    },
    kind="difference-state",
    zh="该差异当前不能这样处理",
)
