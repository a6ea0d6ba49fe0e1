"""What completion takes, and which result of an examination may follow which."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from shared.policy.parameters import Law, MissingParameter

Completion = Literal["completed", "too_few_hours", "suspected", "not_enrolled", "completed_already", "not_over"]
"""What became of a person who is said to have completed a course."""

Recording = Literal[
    "recorded", "recorded_already", "differs", "not_completed", "out_of_turn", "passed_already", "day_wrong"
]
"""What became of a result."""


def enough_hours(attended: int, whole: int, law: Law) -> bool | None:
    """Whether these class hours are enough for completion; None where no share is known, and the body or an officer decides."""
    try:
        share = law.fraction("training_programme.completion_share")
    except MissingParameter:
        return None
    return attended >= share * whole


def may_record(attempt: int, taken_on: dt.date, earlier: list[tuple[int, dt.date, bool]]) -> Recording:
    """Whether a new result may be recorded beside the earlier ones, each an attempt, its legal day, and whether it was passed."""
    if any(passed for _, _, passed in earlier):
        return "passed_already"
    if attempt != len(earlier) + 1:
        return "out_of_turn"
    return "day_wrong" if any(taken_on <= day for _, day, _ in earlier) else "recorded"
