"""Move the last days of disputes, once the days off are published that they rest on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Final

from services.complaints.disputes import rules
from services.complaints.disputes.counter_commands import first_answer
from services.complaints.disputes.documents import Dispute, Term
from services.complaints.disputes.party_commands import answer_day
from services.complaints.disputes.rules import Step
from services.complaints.disputes.state_rules import State
from services.complaints.disputes.term_commands import CALENDAR, wait
from services.complaints.terms import commands as terms
from shared.policy import calendar
from shared.policy.calendar import Deadline
from shared.policy.parameters import Law, parameters
from shared.storage import provisional
from shared.storage.client import Row
from shared.storage.kinds import TimerKind
from shared.storage.provisional import Provisional, Stored, from_day, rests_on
from shared.storage.transaction import Transaction

_AWAITED: Final[Mapping[State, Step]] = {"mediation": "mediate", "filed": "accept", "arbitration": "award"}
"""The term whose last day a dispute shows as its own."""
AFTER_AWARD: Final = frozenset({"awarded", "awarded_finally", "set_aside"})
"""States that wait for the parties' own terms."""
NATURAL: Final = frozenset({"grievance", "negotiation"})
"""States with a term of natural days of their own; the others' are terms of the matter."""


def _watched(row: Row) -> list[tuple[str, Provisional]]:
    """What a dispute waits for; a term of its own runs from the day on which its state began."""
    if row["state"] not in NATURAL:
        return [(row["_id"], rests_on(row["due_on"]))]
    start = row["stepped_on"].date()
    days = parameters.on(start, place=row["district"]).days(f"dispute.{row['state']}_days")
    return [(row["_id"], rests_on(row["due_on"], start, days=days))]


EARLIER = Stored(CALENDAR, Dispute, from_day("due_on"), ("due_on", "state", "stepped_on", "district"), _watched)
PARTIES_CALENDAR = TimerKind("complaints.dispute_parties_calendar")
PARTIES_DAYS: Final = (
    "sue_by.worker", "sue_by.enterprise", "set_aside_by", "confirm_by", "added.answer_by", "further.answer_by",
)  # fmt: skip
"""The parties' own last days."""
STORED = Stored(
    PARTIES_CALENDAR,
    Dispute,
    lambda since: {"$or": [{day: {"$gte": since}} for day in PARTIES_DAYS]},
)


async def recalculate(dispute_id: str, kept: Provisional, tx: Transaction) -> None:
    """Move the last day of what a dispute waits for, where the days off have been published that it rests on."""
    dispute = await Dispute.of(dispute_id, tx)
    if dispute is None or dispute.due_on != kept.due:
        return
    if kept.start is not None:
        deadline = provisional.moved(kept)
    else:
        step = _AWAITED.get(dispute.state)
        deadline = await terms.recalculate_open("dispute", dispute.id, step, tx) if step else None
    if deadline is not None and deadline.due != kept.due:
        dispute.due_on = deadline.due
        provisional.watch(CALENDAR, dispute.id, deadline, tx)
        wait(dispute, tx)
        await dispute.put(tx)


async def move_days(dispute_id: str, tx: Transaction) -> None:
    """Move the parties' last days after an award or an agreement, and of their own answers, where they are days off by what has been
    published since."""
    dispute = await Dispute.of(dispute_id, tx)
    if dispute is None:
        return
    before = dispute.model_copy(deep=True)
    dispute.sue_by = {side: _again(dispute, side, day, rules.sue_by) for side, day in dispute.sue_by.items()}
    if dispute.set_aside_by is not None:
        dispute.set_aside_by = _again(dispute, "set_aside", dispute.set_aside_by, rules.set_aside_by)
    if dispute.confirm_by is not None:
        dispute.confirm_by = _again(dispute, "confirm", dispute.confirm_by, rules.confirm_by)
    for added in dispute.added:
        added.answer_by = answer_day(dispute, added.enterprise) or added.answer_by
    for counter in dispute.further:
        counter.answer_by = first_answer(counter, dispute.district)
    own = [*dispute.sue_by.values(), *([dispute.set_aside_by] if dispute.set_aside_by else [])]
    if dispute.due_on is not None and dispute.state in AFTER_AWARD and own:
        dispute.due_on = max(own)
    if dispute != before:
        wait(dispute, tx)
        await dispute.put(tx)


def _again(dispute: Dispute, term: Term, day: dt.date, reckoned: Callable[[dt.date, Law], Deadline]) -> dt.date:
    """A party's last day by the days off that are published now. Where an earlier version did not keep from when it runs, the party
    may only get more time."""
    start = dispute.runs_from.get(term)
    return calendar.rolled(day) if start is None else reckoned(start, parameters.on(start, place=dispute.district)).due
