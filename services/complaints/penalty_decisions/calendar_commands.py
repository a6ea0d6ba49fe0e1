"""Let the days of a penalty follow the days off, once those of their year are published."""

from __future__ import annotations

import datetime as dt

from services.complaints.penalties import rules, steps
from services.complaints.penalties.documents import Notice, Penalty
from services.complaints.penalties.payment_documents import Contest, Part
from services.complaints.penalty_filing.commands import DECIDE
from services.complaints.penalty_payments.commands import schedule
from services.complaints.terms import commands as terms
from services.complaints.terms.remedies import remedies
from shared.policy.calendar import rolled
from shared.policy.contesting import sue_after_review
from shared.policy.parameters import parameters
from shared.storage.kinds import TimerKind
from shared.storage.provisional import Stored
from shared.storage.transaction import Transaction

CALENDAR = TimerKind("complaints.penalty_calendar")
DAYS = ("notice.speak_until", "decide_by", "review_by", "sue_by", "parts.on", "confiscation.on", "contests.sue_by")
STORED = Stored(CALENDAR, Penalty, lambda since: {"$or": [{day: {"$gte": since}} for day in DAYS]})
"""Penalties with a last day to come: it is reckoned from the penalty alone."""


async def recalculate(penalty_id: str, tx: Transaction) -> None:
    """Move the last days of a penalty that are days off by what has been published since, or working days less."""
    penalty = await Penalty.of(penalty_id, tx)
    if penalty is None:
        return
    before = penalty.model_copy(deep=True)
    term = await terms.open_term("penalty", penalty.id, DECIDE, tx)
    if term is not None:
        penalty.decide_by = term.due
    if penalty.notice is not None and penalty.state in rules.BEFORE and penalty.on_spot is None:
        penalty.notice = _heard(penalty.notice, penalty)
    if penalty.served_on is not None:
        found = remedies(penalty.served_on, parameters.on(penalty.served_on, place=penalty.district))
        penalty.review_by, penalty.sue_by = found.review_by, found.sue_by
    penalty.contests = [_sued(one, penalty) for one in penalty.contests]
    if penalty.state in rules.OWED:
        today = steps.today()
        penalty.parts = [_paid(one, today) for one in penalty.parts]
        if penalty.confiscation is not None:
            penalty.confiscation = _paid(penalty.confiscation, today)
        schedule(penalty, tx)
    if penalty != before:
        await penalty.put(tx)


def _heard(notice: Notice, penalty: Penalty) -> Notice:
    told_on = notice.told_on or notice.given_on
    found = rules.speaks_until(told_on, parameters.on(told_on, place=penalty.district))
    if notice.told_on is None and found < notice.speak_until:  # told anew by a version that did not keep when
        found = rolled(notice.speak_until)
    return notice.model_copy(update={"speak_until": found})


def _sued(contest: Contest, penalty: Penalty) -> Contest:
    if contest.sue_by is None:
        return contest
    received_on, found = contest.received_on, rolled(contest.sue_by)
    if received_on is not None:
        found = sue_after_review(received_on, parameters.on(received_on, place=penalty.district))
    return contest.model_copy(update={"sue_by": found})


def _paid(part: Part, today: dt.date) -> Part:
    return part if part.on < today else part.model_copy(update={"on": rolled(part.on)})
