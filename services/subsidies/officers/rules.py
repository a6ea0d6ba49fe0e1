"""Which officer may act on money of a district."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from shared.errors import Forbidden

Duty = Literal["finance", "head"]
"""`finance`: keeps budgets and pays; `head`: leads the office, and decides what others may only propose."""


def obstacle(duties: Collection[Duty], asked: Collection[Duty], *, active: bool, reaches: bool) -> Forbidden | None:
    """Why an officer with these duties does not act where one of `asked` is needed, or None where they may.

    `active`: they are on the register; `reaches`: the district is theirs.
    """
    if not active or not reaches:
        return Forbidden("您不在该事项的经办范围内", "this is not within the officer's reach")
    if not set(asked) & set(duties):
        return Forbidden("您没有办理此事项的职责", f"this is for an officer with the duty {' or '.join(sorted(asked))}")
    return None
