"""Make an enrolment fit the segments that facts call for: keep them, tell them, and have the province told."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from services.insurance.enrolment import rules
from services.insurance.enrolment.asking import Ask, SetEnd, requests
from services.insurance.enrolment.documents import EngagedPerson, Enrolment, KeptSegment, Person, Request
from services.insurance.enrolment.segments import News, Segment, in_force, news
from services.insurance.footing.documents import Footing
from shared import clock
from shared.contracts.insurance import EnrolmentEnded, EnrolmentOpened
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.storage.transaction import Transaction

EXCHANGE, DUTY, DUTY_NEAR = "insurance.exchange", "insurance.duty", "insurance.duty_near"

ANSWER_TIME = dt.timedelta(hours=1)
"""How long the province has to answer before a duty told after its deadline counts as missed: our own, not the law's."""


async def fit(footing: Footing, enrolment: Enrolment | None, wanted: Sequence[Segment], tx: Transaction) -> None:
    """Store an engagement's enrolment with these segments, where it has others."""
    changes = news([kept.segment for kept in enrolment.segments] if enrolment else [], wanted)
    moved = enrolment is not None and enrolment.district != footing.district
    if not changes and not moved:
        return
    had_duty = enrolment is not None and enrolment.due_on is not None
    before = enrolment.state if enrolment else "none"
    rests = enrolment.rests if enrolment else []
    event = rules.event_of(before, wanted, rests)
    kept = [_kept(segment) for segment in wanted]
    enrolment = enrolment or _begun(footing, kept)
    enrolment.segments, enrolment.district = kept, footing.district
    if event is not None:
        enrolment.state = rules.next_state(before, event)
    if changes:
        _summarise(enrolment, changes)
    _tell(enrolment, changes, tx)
    await ask_province(enrolment, tx)
    _set_duty(enrolment, changes, had_duty, tx)
    await enrolment.put(tx)


def _kept(segment: Segment) -> KeptSegment:
    due_on = rules.register_by(segment, parameters.on(segment.starts_on))
    return KeptSegment(**dataclasses.asdict(segment), due_on=due_on)


def _begun(footing: Footing, kept: Sequence[KeptSegment]) -> Enrolment:
    return Enrolment(
        id=footing.id,
        platform=footing.platform,
        worker_ref=footing.worker_ref,
        district=footing.district,
        state="open",
        segments=[],
        requests=[],
        **kept[-1].model_dump(exclude={"unit"}),
    )


def _summarise(enrolment: Enrolment, changes: Sequence[News]) -> None:
    """Give the enrolment the days of its last segment, or those of what never was."""
    last = (
        enrolment.segments[-1] if enrolment.segments else KeptSegment(**dataclasses.asdict(changes[0][1]), due_on=None)
    )
    for name in ("worker_id", "scheme", "basis", "starts_on", "ends_on", "due_on"):
        setattr(enrolment, name, getattr(last, name))
    if _is_new(enrolment, changes):
        enrolment.overdue, enrolment.confirmed_on = False, None


def _is_new(enrolment: Enrolment, changes: Sequence[News]) -> bool:
    """Whether the last segment was opened by these changes."""
    return bool(enrolment.segments) and ("opened", enrolment.segments[-1].segment) in changes


def _tell(enrolment: Enrolment, changes: Sequence[News], tx: Transaction) -> None:
    for what, segment in changes:
        kept = next((kept for kept in enrolment.segments if kept.segment == segment), None) or _kept(segment)
        fact = EnrolmentOpened if what == "opened" else EnrolmentEnded
        tx.tell(fact(**facts(enrolment, kept)))


def facts(enrolment: Enrolment, segment: KeptSegment) -> dict[str, Any]:
    """One segment as events tell it."""
    return {
        "enrolment_id": enrolment.id,
        "engagement_id": enrolment.id,
        "platform": enrolment.platform,
        **segment.model_dump(),
    }


async def ask_province(
    enrolment: Enrolment, tx: Transaction, asked: Sequence[Ask | SetEnd] | None = None
) -> list[Request]:
    """Have the province told what it does not know yet, or `asked` alone; the new requests."""
    wanted = in_force([kept.segment for kept in enrolment.segments], enrolment.rests)
    fresh: list[Request] = []
    for change in asked or requests(enrolment.sent, wanted):
        if isinstance(change, SetEnd):
            _set_end(enrolment, change, tx)
            continue
        number = f"{enrolment.id}:{len(enrolment.requests) + 1}"
        request = Request(**dataclasses.asdict(change.segment), number=number, district=enrolment.district)
        enrolment.requests.append(request)
        if await Person.of(request.worker_id, tx) is not None:
            hand_over(enrolment, request, clock.now(), tx)
        else:  # whoever brings the registry's word of them hands it over, and finds it by this row
            await EngagedPerson.note(request.worker_id, enrolment.id, tx)
        fresh.append(request)
    return fresh


def _set_end(enrolment: Enrolment, change: SetEnd, tx: Transaction) -> None:
    request = enrolment.request(change.number)
    assert request is not None
    request.ends_on, request.end_receipt = change.ends_on, None
    if request.end_is_due:  # one that waits is under way already, and its end follows its answer
        hand_over(enrolment, request, clock.now(), tx)


def hand_over(enrolment: Enrolment, request: Request, at: dt.datetime, tx: Transaction) -> None:
    tx.schedule(EXCHANGE, request.number, at, enrolment=enrolment.id)


def _set_duty(enrolment: Enrolment, changes: Sequence[News], had_duty: bool, tx: Transaction) -> None:
    due_on = enrolment.due_on
    if due_on is None or enrolment.state not in rules.STANDING:
        if had_duty:
            clear_duty(enrolment, tx)
    elif _is_new(enrolment, changes):
        now = clock.now()
        tx.schedule(DUTY, enrolment.id, max(calendar.end_of_day(due_on), now + ANSWER_TIME))
        days = parameters.on(enrolment.starts_on).days("enrolment.remind_days")
        remind_at = calendar.start_of_day(due_on - dt.timedelta(days=days))
        if remind_at > now:
            tx.schedule(DUTY_NEAR, enrolment.id, remind_at)


def clear_duty(enrolment: Enrolment, tx: Transaction) -> None:
    tx.cancel(DUTY, enrolment.id)
    tx.cancel(DUTY_NEAR, enrolment.id)
