"""Contracts and written agreements that are missing or late (劳动合同法 art. 10, 82; 劳动合同法实施条例 art. 5-7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TypedDict

from services.complaints.duties.told_rules import Around, Found, Person, Told, after, last
from shared.contracts.complaints.duty_findings import AgreementMissing as MissingFinding
from shared.contracts.registry import AgreementFact, AgreementMissing, AgreementRecorded
from shared.policy.calendar import months_after
from shared.policy.parameters import MissingParameter, Used, parameters

ONE_DAY = dt.timedelta(1)


class _Owed(TypedDict):
    double_wage_from: dt.date | None
    double_wage_until: dt.date | None
    double_wage_months: int | None
    open_ended_from: dt.date | None


NOTHING: _Owed = {
    "double_wage_from": None,
    "double_wage_until": None,
    "double_wage_months": None,
    "open_ended_from": None,
}


def agreement(told: Sequence[Told], around: Around) -> list[Found]:
    """A paper that was missing when it was due. Where a labour contract came late, double wage stays owed; a written agreement
    that came late leaves nothing to pursue."""
    missing, recorded = last(told, AgreementMissing), last(told, AgreementRecorded)
    signed = None
    if recorded is not None and (missing is None or _meets(recorded, missing)):
        signed, _ = recorded
    if signed is not None and not (signed.late and signed.kind == "contract"):
        return []
    fact: AgreementFact
    if signed is not None and recorded is not None:
        fact = signed
    elif missing is not None:
        fact = missing[0]
    else:
        return []
    person = around.person
    if person is not None and not _demanded(fact, person, signed=signed is not None):
        return []
    owed, used = _owed(fact, None if signed is None else signed.signed_on, person)
    if signed is not None and person is not None and owed["double_wage_from"] is None:
        return []
    finding = MissingFinding(
        engagement_id=fact.engagement_id,
        paper=fact.kind,
        due_on=fact.due_on,
        signed_on=None if signed is None else signed.signed_on,
        days_late=None if signed is None or fact.due_on is None else (signed.signed_on - fact.due_on).days,
        **owed,
    )
    return [
        Found(
            about=f"{fact.engagement_id}|{fact.kind}",
            platform=fact.platform,
            district=fact.district,
            finding=finding,
            rests_on=[one for _, one in (pair for pair in (missing, recorded) if pair is not None)],
            used=used,
            to_judge=("signed_elsewhere", *(("wage_of_month",) if fact.kind == "contract" else ())),
            worker_ref=None if person is None else person.worker_ref,
            worker_id=fact.worker_id if person is None else person.worker_id,
        )
    ]


def _meets(recorded: tuple[AgreementRecorded, Told], missing: tuple[AgreementMissing, Told]) -> bool:
    """Whether a paper on file is the one that was said to be missing; one that was taken back since is not."""
    paper, at = recorded
    return paper.kind == missing[0].kind and after(at, missing[1])


def _demanded(fact: AgreementFact, person: Person, *, signed: bool) -> bool:
    """Whether the engagement still has the footing that demands the paper, and did not end before it was due."""
    has_footing = any(relation == fact.relation for _, relation in person.footings)
    ended = person.ended_on is not None and (fact.due_on is None or person.ended_on <= fact.due_on)
    return has_footing and (signed or not ended)


def _owed(fact: AgreementFact, signed_on: dt.date | None, person: Person | None) -> tuple[_Owed, tuple[Used, ...]]:
    """Double wage from the day after a month of work up to the day before the signing or the full year, or the last day of work."""
    since = next((day for day, relation in (person.footings if person else ()) if relation == fact.relation), None)
    if fact.kind != "contract" or since is None:
        return NOTHING, ()
    law = parameters.on(max(since, fact.due_on or since))
    try:
        first = months_after(since, law.number("contract.double_wage_months", "after")) + ONE_DAY
        full = months_after(since, law.number("contract.double_wage_months", "until"))
        open_ended = months_after(since, law.number("contract.open_ended_after_months"))
    except MissingParameter:
        return NOTHING, ()  # before the rules of 2008
    ends = [full - ONE_DAY]
    if signed_on is not None:
        ends.append(signed_on - ONE_DAY)
    if person is not None and person.ended_on is not None:
        ends.append(person.ended_on)
    until = min(ends)
    worked_on = person is None or person.ended_on is None or person.ended_on >= open_ended
    unsigned = signed_on is None or signed_on >= open_ended
    if until < first:
        return NOTHING, law.used
    return {
        "double_wage_from": first,
        "double_wage_until": until,
        "double_wage_months": _months(first, until),
        "open_ended_from": open_ended if worked_on and unsigned else None,
    }, law.used


def _months(first: dt.date, until: dt.date) -> int:
    """How many months have begun from one day to another, both included."""
    count = 1
    while months_after(first, count) <= until:
        count += 1
    return count
