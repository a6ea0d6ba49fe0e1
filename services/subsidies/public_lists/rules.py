"""How an objection to a public notice is dealt with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final, Literal

from shared.errors import Conflict
from shared.policy.calendar import months_after
from shared.policy.parameters import Law
from shared.states import Machine

State = Literal["open", "upheld", "dismissed"]
Move = Literal["uphold", "dismiss"]

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("open", "uphold"): "upheld",
    ("open", "dismiss"): "dismissed",
}

STATES: Machine[State, Move, State] = Machine("objection", MOVES, kind="objection-state", zh="该异议已经处理")

LISTED: Final = ("notice", "approved", "queued", "paying", "paid", "failed")
"""States in which an application is on a public list: on notice, or approved."""


def check_days(since: dt.date | None, until: dt.date | None, today: dt.date) -> None:
    """Raise Conflict where nothing is on public notice today."""
    if since is None or until is None or not since <= today <= until:
        raise Conflict("no-notice", "该申请不在公示期内", "it is not on public notice today")


def listed_since(today: dt.date, law: Law) -> dt.date:
    """The first day whose approvals everybody is shown: a person who was helped is not shown for ever (个人信息保护法 art. 19)."""
    return months_after(today, -law.number("subsidy.listed_months"))
