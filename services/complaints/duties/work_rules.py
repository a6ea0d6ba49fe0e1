"""Enrolment that is overdue, and orders of people who are blocked or without cover."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

from services.complaints.duties.told_rules import Around, Found, Person, Told, after, every, last
from shared.contracts.complaints.duty_findings import EnrolmentOverdue, InsuranceGap, WorkWhileBlocked
from shared.contracts.insurance import (
    EnrolmentConfirmed,
    EnrolmentDeclared,
    EnrolmentDutyOverdue,
    EnrolmentEnded,
    EnrolmentFact,
    EnrolmentOpened,
    EnrolmentRefused,
    EnrolmentResumed,
    EnrolmentSuspended,
)
from shared.contracts.registry import EngagementActivated, EngagementBlocked, EngagementCorrected, EngagementFact
from shared.identity.regions import CITY
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import MissingParameter, Used, parameters

ONE_DAY = dt.timedelta(1)
LIFTING = EngagementActivated | EngagementCorrected
"""What says since when a person is trained."""
Cause = Literal["suspended", "refused", "unconfirmed"]
Span = tuple[dt.date, dt.date | None]
FINE = "social_insurance.unregistered_fine_multiple"
PERSON_FINE = "social_insurance.unregistered_person_fine"


def block_spans(told: Sequence[Told], person: Person | None) -> list[tuple[dt.date, dt.date | None, Told]]:
    """Whole days on which a person might not work: from the day after the platform was told, up to the engagement's last one or
    to the day before the training that let them.

    An engagement may be told as active at once, on a training of a later day than its first: the order in which the two came
    says nothing. A block that was lifted by an event that does not say since when the person was trained shows nothing.
    """
    found = []
    for period in _periods(told):
        begin, lifted = period[0], [one.fact for one in period if isinstance(one.fact, LIFTING)]
        fact = begin.fact
        assert isinstance(fact, EngagementFact)
        trained_on = min((one.trained_on for one in lifted if one.trained_on is not None), default=None)
        if lifted and trained_on is None:
            continue
        if not lifted and fact.worked is False and person is not None and person.worked:
            continue  # a training that was told later counts for an engagement that had ended
        first = max(fact.started_on, shanghai_date(fact.happened_at) + ONE_DAY)
        if not _training_needed(first):
            continue
        ends = [fact.ended_on if person is None else person.ended_on, trained_on and trained_on - ONE_DAY]
        until = min((day for day in ends if day is not None), default=None)
        if until is None or first <= until:
            found.append((first, until, begin))
    return found


def _periods(told: Sequence[Told]) -> list[list[Told]]:
    """The steps of an engagement, each block with what lifted it; the first ones may have needed none."""
    steps = sorted(
        ((one.fact.version, one) for one in told if isinstance(one.fact, EngagementBlocked | LIFTING)),
        key=lambda step: step[0],
    )
    periods: list[list[Told]] = []
    for _, one in steps:
        if not periods or isinstance(one.fact, EngagementBlocked):
            periods.append([])
        periods[-1].append(one)
    return periods


def block(told: Sequence[Told], around: Around) -> list[Found]:
    """Orders of a person before any safety training of theirs (德人社发〔2022〕95 号 art. 7)."""
    person = around.person
    spans = block_spans(told, person)
    days = _days_in([(first, until) for first, until, _ in spans], around)
    if not days:
        return []
    begins = [one for _, _, one in spans]
    fact = begins[-1].fact
    assert isinstance(fact, EngagementFact)
    return [
        Found(
            about=fact.engagement_id,
            platform=fact.platform,
            district=(person and person.district) or fact.district,
            finding=WorkWhileBlocked(
                engagement_id=fact.engagement_id, days=len(days), first_on=days[0], last_on=days[-1]
            ),
            rests_on=begins,
            to_judge=("trained_unreported", "same_day_orders"),
            worker_ref=fact.worker_ref,
            worker_id=person.worker_id if person else fact.worker_id,
        )
    ]


def _training_needed(day: dt.date) -> bool:
    """Whether who begins to work on a day must be trained."""
    try:
        return parameters.on(day).flag("safety.training_required")
    except MissingParameter:
        return False  # before the rule


def segment(told: Sequence[Told]) -> EnrolmentFact | None:
    """The enrolment as it was told last, or None where it covers no day."""
    known = last(told, EnrolmentFact)
    if known is None or (known[0].ends_on is not None and known[0].ends_on < known[0].starts_on):
        return None
    return known[0]


def gap_spans(told: Sequence[Told]) -> list[tuple[dt.date, dt.date | None, Cause]]:
    """Days without cover: while it rests, while the province has refused it, or has not confirmed it in some days.

    Until an employer's deadline is over nothing is missing, unless it has declared the person (社会保险法 art. 58).
    """
    whole = segment(told)
    if whole is None:
        return []
    found: list[tuple[dt.date, dt.date | None, Cause]] = []
    resumed = sorted(one.since for one, _ in every(told, EnrolmentResumed))
    for rest, _ in every(told, EnrolmentSuspended):
        again = next((day for day in resumed if day > rest.since), None)
        found.append((rest.since, None if again is None else again - ONE_DAY, "suspended"))
    own = [one for one in told if _same(one.fact, whole)]
    confirmed, refused, opened = (last(own, kind) for kind in (EnrolmentConfirmed, EnrolmentRefused, EnrolmentOpened))
    if refused is not None and (confirmed is None or after(refused[1], confirmed[1])):
        found.append((whole.starts_on, None, "refused"))
    elif confirmed is None and opened is not None:
        found += _unconfirmed(whole, opened[1].day, last(own, EnrolmentDeclared))
    cut = []
    for first, until, cause in found:
        ends = [day for day in (until, whole.ends_on) if day is not None]
        cut.append((max(first, whole.starts_on), min(ends, default=None), cause))
    return [(first, until, cause) for first, until, cause in cut if until is None or first <= until]


def _same(fact: object, whole: EnrolmentFact) -> bool:
    """Whether a fact is about the same days of insurance; their end may be another one."""
    return isinstance(fact, EnrolmentFact) and (
        (fact.scheme, fact.unit, fact.starts_on) == (whole.scheme, whole.unit, whole.starts_on)
    )


def _unconfirmed(
    whole: EnrolmentFact, opened: dt.date, declared: tuple[EnrolmentDeclared, Told] | None
) -> list[tuple[dt.date, dt.date | None, Cause]]:
    if whole.basis == "employer" and whole.due_on is not None and declared is None:
        return [(max(whole.due_on, opened) + ONE_DAY, None, "unconfirmed")]
    begin = max(whole.starts_on, declared[1].day if declared else opened)
    try:
        wait = parameters.on(begin).days("enrolment.confirm_days")
    except MissingParameter:
        return []  # before the rule
    return [(begin + wait * ONE_DAY, None, "unconfirmed")]


def enrolment(told: Sequence[Told], around: Around) -> list[Found]:
    """A person who was not registered in time, and orders on days without cover."""
    fact = segment(told)
    gap = [] if fact is None else _gap(fact, told, around)
    return [*_overdue(told, around), *gap]


def _overdue(told: Sequence[Told], around: Around) -> list[Found]:
    overdue = last(told, EnrolmentDutyOverdue)
    if overdue is None:
        return []
    fact, at = overdue
    own = [one for one in told if _same(one.fact, fact)]
    never = last(own, EnrolmentEnded)
    if last(own, EnrolmentConfirmed) is not None or (never and never[0].ends_on and never[0].ends_on < fact.starts_on):
        return []
    refused, due_on = last(own, EnrolmentRefused), fact.due_on
    fines, used = _fines(due_on or at.day)
    finding = EnrolmentOverdue(
        enrolment_id=fact.enrolment_id,
        engagement_id=fact.engagement_id,
        scheme=fact.scheme,
        starts_on=fact.starts_on,
        due_on=due_on,
        days_late=None if due_on is None else (at.day - due_on).days,
        refused=None if refused is None else refused[0].reason,
        unit_fine_least=fines.get("unit_least"),
        unit_fine_most=fines.get("unit_most"),
        person_fine_least=fines.get("person_least"),
        person_fine_most=fines.get("person_most"),
    )
    return [_of(fact, around, finding, [at], used, ("registered_elsewhere",))]


def _fines(day: dt.date) -> tuple[dict[str, str], tuple[Used, ...]]:
    law = parameters.on(day)
    try:
        found = {f"unit_{name}": str(law.amount(FINE, name)) for name in ("least", "most")}
        found |= {f"person_{name}": f"{law.amount(PERSON_FINE, name):.2f}" for name in ("least", "most")}
    except MissingParameter:
        return {}, ()  # before the law
    return found, law.used


def _gap(fact: EnrolmentFact, told: Sequence[Told], around: Around) -> list[Found]:
    spans = gap_spans(told)
    days = _days_in([(first, until) for first, until, _ in spans], around)
    if not days:
        return []
    causes = {cause for first, until, cause in spans if _days_in([(first, until)], around)}
    law = parameters.on(days[0])
    if "unconfirmed" in causes:
        law.days("enrolment.confirm_days")
    finding = InsuranceGap(
        engagement_id=fact.engagement_id,
        enrolment_id=fact.enrolment_id,
        scheme=fact.scheme,
        causes=tuple(sorted(causes)),
        days=len(days),
        first_on=days[0],
        last_on=days[-1],
    )
    rests_on = [one for one in told if isinstance(one.fact, EnrolmentSuspended | EnrolmentRefused | EnrolmentOpened)]
    return [_of(fact, around, finding, rests_on, law.used, ("covered_otherwise",))]


def _of(
    fact: EnrolmentFact,
    around: Around,
    finding: EnrolmentOverdue | InsuranceGap,
    rests_on: Sequence[Told],
    used: Sequence[Used],
    to_judge: Sequence[str],
) -> Found:
    person = around.person
    return Found(
        about=fact.enrolment_id,
        platform=fact.unit or fact.platform,
        district=(person and person.district) or CITY,
        finding=finding,
        rests_on=rests_on,
        used=used,
        to_judge=to_judge,
        worker_ref=person.worker_ref if person and fact.unit in (None, fact.platform) else None,
        worker_id=person.worker_id if person else fact.worker_id,
    )


def _days_in(spans: Sequence[Span], around: Around) -> list[dt.date]:
    return sorted(
        day for day in around.worked if any(first <= day and (until is None or day <= until) for first, until in spans)
    )
