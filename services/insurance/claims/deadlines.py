"""The legal last days of a claim's steps: reminders before, a word when one is missed, and clocks that stand still."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal, NamedTuple, cast

import msgspec

from services.insurance.claims.documents import Claim
from services.insurance.claims.history import By, note
from services.insurance.claims.rules import UNDECIDED
from services.insurance.claims.step_documents import Appeal, Clock, Still
from services.insurance.letters.rules import service_on, silence
from shared import clock
from shared.contracts.insurance import Applicant, ClaimDeadlineMissed, ClaimDeadlineNear, ClaimStep, Side
from shared.policy import calendar
from shared.policy.calendar import Deadline
from shared.policy.parameters import MissingParameter, parameters
from shared.storage import provisional
from shared.storage.client import Row
from shared.storage.kinds import TimerKind
from shared.storage.provisional import Provisional, Stored, provisional_kind, rests_on
from shared.storage.transaction import Transaction


class LastDay(msgspec.Struct, frozen=True):
    """A claim, and the last day of one of its steps."""

    claim: str
    due_on: dt.date


NEAR = TimerKind("insurance.claim_near", LastDay)
MISSED = TimerKind("insurance.claim_missed", LastDay)
CALENDAR = provisional_kind("insurance.claim_calendar")
STEPS: tuple[ClaimStep, ...] = ("supplement", "review", "decide", "assess")


def _steps(row: Row) -> list[tuple[str, Provisional]]:
    """The steps under way, which are reckoned from the clock."""
    return [(f"{row['_id']}:{step}", rests_on(row["due"][step])) for step in STEPS if step in row["due"]]


STORED = Stored(
    CALENDAR, Claim, lambda since: {"$or": [{f"due.{step}": {"$gte": since}} for step in STEPS]}, ("due",), _steps
)


class Term(NamedTuple):
    """How long a step may take."""

    length: int
    unit: Literal["days", "workdays"]


SIDES: Mapping[Side, Applicant] = {"worker": "worker", "platform": "unit", "partner": "unit"}

GRACE = dt.timedelta(hours=1)
"""When a day that has passed already as it is set counts as missed: facts may come late. Ours, not the law's."""


def set_due(claim: Claim, step: ClaimStep, deadline: Deadline | dt.date | None, tx: Transaction) -> None:
    """Set or move the last day of a step; None where there is none."""
    if deadline is None:
        clear(claim, step, tx=tx)
        return
    if isinstance(deadline, Deadline):
        provisional.watch(CALENDAR, _key(claim, step), deadline, tx)
    due_on = deadline.due if isinstance(deadline, Deadline) else deadline
    claim.due[step] = due_on
    now = clock.now()
    tx.schedule(MISSED, _key(claim, step), max(calendar.end_of_day(due_on), now + GRACE), LastDay(claim.id, due_on))
    _warn_next(claim, step, due_on, now, tx)


def clear(claim: Claim, *steps: ClaimStep, tx: Transaction) -> None:
    """Take away the last days of steps that are done, or that wait."""
    for step in steps:
        if claim.due.pop(step, None) is not None:
            tx.cancel(MISSED, _key(claim, step))
            tx.cancel(NEAR, _key(claim, step))


def clear_all(claim: Claim, tx: Transaction) -> None:
    clear(claim, *list(claim.due), tx=tx)


def start(
    claim: Claim,
    step: ClaimStep,
    day: dt.date,
    tx: Transaction,
    *,
    days: int | None = None,
    workdays: int | None = None,
) -> dt.date | None:
    """Start the clock of a step on a day, which itself does not count; returns the last day."""
    claim.clock = Clock(start=day, days=days, workdays=workdays)
    return _calculate(claim, step, tx)


def stand_still(claim: Claim, step: ClaimStep, day: dt.date, tx: Transaction) -> None:
    """Stop the clock of a step: the day after is the first that does not count (工伤保险条例 art. 18, 20)."""
    assert claim.clock is not None
    claim.clock.stills.append(Still(first=day + dt.timedelta(days=1)))
    clear(claim, step, tx=tx)


def go_on(claim: Claim, step: ClaimStep, day: dt.date, tx: Transaction) -> dt.date | None:
    """Let a clock that stands still run again: the day after is the first that counts; returns the new last day."""
    assert claim.clock is not None
    still = claim.clock.stills.pop()
    if still.first <= day:
        claim.clock.stills.append(Still(first=still.first, last=day))
    return _calculate(claim, step, tx)


def prolong(claim: Claim, step: ClaimStep, days: int, tx: Transaction) -> dt.date | None:
    """Add natural days to a clock of natural days; returns the new last day."""
    assert claim.clock is not None
    assert claim.clock.days is not None
    claim.clock.days += days
    return _calculate(claim, step, tx)


def replace_term(claim: Claim, step: ClaimStep, term: Term, tx: Transaction) -> dt.date | None:
    """Give the clock of a step another term from the same start; the new last day, None while it stands still."""
    assert claim.clock is not None
    claim.clock.days, claim.clock.workdays = (term.length, None) if term.unit == "days" else (None, term.length)
    return None if claim.clock.stills and claim.clock.stills[-1].last is None else _calculate(claim, step, tx)


def appeal_terms(claim: Claim) -> dict[Side, dt.date]:
    """Until when each party on whom the decision that stands was served may still take its next step against it.

    None for a party that sues or has come to the end, and for one on whom nothing was served (行政复议法 art. 20). Who has asked for
    a review may sue once its term is over without a decision (行政诉讼法 art. 45).
    """
    found: dict[Side, dt.date] = {}
    if claim.state in UNDECIDED or not claim.decisions:
        return found
    decision = claim.decisions[-1]
    for party in claim.parties:
        own = [one for one in claim.appeals if one.decision == decision.number and one.side == party]
        served = service_on(party, decision.served)
        last = served.review_by if served else None
        if own and own[-1].outcome == "upheld":
            review = service_on(party, own[-1].served)
            last = review.court_by if review and own[-1].way == "review" else None
        elif own and own[-1].outcome is None and own[-1].way == "review":
            silent = silence(own[-1].filed_on, parameters.on(own[-1].filed_on, place=claim.district))
            last = silent.sue_by if silent else None
        elif own and (own[-1].outcome != "withdrawn" or any(one.outcome == "not_decided" for one in own)):
            last = None
        if last is not None:
            found[party] = last
    return found


def appeal_term(claim: Claim, earlier: list[Appeal], way: Literal["review", "court"], party: Side) -> dt.date | None:
    """Until when a party contests the decision that stands in that way, after its `earlier` appeals; None: no term runs, or is known.

    After a review from its decision's receipt on, or from the end of its term where it was not decided (行政诉讼法 art. 45).
    """
    review = next((one for one in reversed(earlier) if one.outcome in ("upheld", "not_decided")), None)
    if review is not None and review.outcome == "not_decided":
        silent = silence(review.filed_on, parameters.on(review.filed_on, place=claim.district))
        return silent.latest if silent else None
    served = service_on(party, claim.decisions[-1].served if review is None else review.served)
    return None if served is None else served.review_by if way == "review" else served.court_by


def set_next_appeal(claim: Claim, day: dt.date, tx: Transaction) -> None:
    """Set the next last day, from `day` on, on which a party may contest the decision that stands."""
    set_due(claim, "appeal", min((last for last in appeal_terms(claim).values() if last >= day), default=None), tx)


def set_serving(claim: Claim, tx: Transaction) -> None:
    """Set until when the decision that stands is served, while a party is left on whom it was not (工伤认定办法 art. 22).

    Of a refusal, and under a scheme for which no term is known, there is none.
    """
    decision = claim.decisions[-1]
    left = [party for party in claim.parties if service_on(party, decision.served) is None]
    if decision.outcome == "refused" or decision.scheme != "work_injury" or not left:
        clear(claim, "serve", tx=tx)
        return
    law = parameters.on(decision.decided_on, place=claim.district)
    try:
        deadline = calendar.add_days(decision.decided_on, law.days("work_injury.serve_days"))
    except MissingParameter:
        return
    if claim.due.get("serve") != deadline.due:
        set_due(claim, "serve", deadline, tx)


async def near(claim_id: str, step: ClaimStep, due_on: dt.date, tx: Transaction) -> None:
    """Remind of a last day, unless it has been moved or the step is done."""
    claim = await Claim.of(claim_id, tx)
    if claim is None or claim.due.get(step) != due_on:
        return
    for whose in _whose(claim, step, due_on):
        tx.publish(ClaimDeadlineNear(**claim.facts(), step=step, due_on=due_on, whose=whose, district=claim.district))
    _warn_next(claim, step, due_on, clock.now(), tx)


async def missed(claim_id: str, step: ClaimStep, due_on: dt.date, tx: Transaction) -> None:
    """Say that a step was not done in time. Where the platform has not applied, the others' own term runs on."""
    claim = await Claim.of(claim_id, tx)
    if claim is None or claim.due.get(step) != due_on:
        return
    for whose in _whose(claim, step, due_on):
        tx.publish(ClaimDeadlineMissed(**claim.facts(), step=step, due_on=due_on, whose=whose, district=claim.district))
    note(claim, "deadline_missed", By("system", "system", clock.now()), f"{step} {due_on}")
    if step == "apply" and claim.self_apply_by is not None and due_on < claim.self_apply_by:
        set_due(claim, "apply", claim.self_apply_by, tx)
    if step == "appeal":
        set_next_appeal(claim, due_on + dt.timedelta(days=1), tx)
    await claim.put(tx)


def _whose(claim: Claim, step: ClaimStep, due_on: dt.date) -> list[Applicant | None]:
    """Whose term to apply or to appeal ends on a day: each side once; None alone for other steps."""
    if step == "apply":
        return ["unit" if due_on == claim.platform_apply_by else "worker"]
    if step != "appeal":
        return [None]
    ending = [party for party, last in appeal_terms(claim).items() if last == due_on]
    return list(dict.fromkeys(SIDES[party] for party in ending)) or [None]


def _calculate(claim: Claim, step: ClaimStep, tx: Transaction) -> dt.date | None:
    running = claim.clock
    assert running is not None
    due = calendar.due_with_pauses(
        running.start,
        days=running.days,
        workdays=running.workdays,
        pauses=[still.pause for still in running.stills],
    )
    set_due(claim, step, due, tx)
    return due.due if due else None


async def recalculate(claim_id: str, step: ClaimStep, kept: Provisional, tx: Transaction) -> None:
    """Move the last day of a step under way, where the days off have been published that it rests on."""
    claim = await Claim.of(claim_id, tx)
    if claim is None or claim.due.get(step) != kept.due:
        return
    if kept.start is not None:
        set_due(claim, step, provisional.moved(kept) or kept.due, tx)
    elif step == "supplement":
        set_due(claim, step, _papers_by(claim), tx)
    elif claim.clock is not None:
        _calculate(claim, step, tx)
    await claim.put(tx)


def _papers_by(claim: Claim) -> Deadline:
    """Until when papers are handed in: from the day on which they were asked for, when the clock of the review stopped."""
    assert claim.clock is not None
    asked_on = claim.clock.stills[-1].first - dt.timedelta(days=1)
    days = parameters.on(asked_on, place=claim.district).days("claims.supplement_days")
    return calendar.add_days(asked_on, days)


def _warn_next(claim: Claim, step: ClaimStep, due_on: dt.date, now: dt.datetime, tx: Transaction) -> None:
    """Set the next reminder that is still to come."""
    try:
        days = parameters.on(calendar.shanghai_date(now), place=claim.district).texts("claims.warning_days", step)
    except MissingParameter:
        return
    to_come = [at for at in (calendar.start_of_day(due_on - dt.timedelta(days=int(one))) for one in days) if at > now]
    if to_come:
        tx.schedule(NEAR, _key(claim, step), min(to_come), LastDay(claim.id, due_on))
    else:
        tx.cancel(NEAR, _key(claim, step))


def _key(claim: Claim, step: ClaimStep) -> str:
    return f"{claim.id}:{step}"


def step_of(key: str) -> ClaimStep:
    """The step that a timer's key names."""
    return cast(ClaimStep, key.rpartition(":")[2])
