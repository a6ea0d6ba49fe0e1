"""Who may have the grant to a project of flexible work, and for whom (德人社发〔2022〕95 号 art. 12).

A person counts who began to work through the project after its beginning and stayed for the months that the law asks, without a
gap. What the grant is, and for how long one must stay, was published nowhere that is known: a panel decides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

import msgspec

from services.subsidies.decisions.rules import ApplicantKind, Facts, Ground, Outcome, Rule
from services.subsidies.persons.rules import Work
from shared.policy.calendar import months_after
from shared.policy.parameters import Law, MissingParameter

KIND: Final = "grant"
SOURCE: Final = "德人社发〔2022〕95号"
ARTICLE: Final = "（十二）"

CLASSES: Final[Mapping[ApplicantKind, str]] = {
    "union": "grassroots_organisation",
    "community": "grassroots_organisation",
    "platform": "business_entity",
    "provider": "business_entity",
}
"""Of the codes of `employment_service.applicants`, whose an applicant is; a person alone is none."""

GROUNDS: Final[Mapping[str, str]] = {
    "applicant": "申请人属于基层组织或者经营主体",
    "project": "属于新型灵活就业引领项目（由经办人员核验）",
    "placed": "通过项目组织的人员在项目开始后实现灵活就业",
    "staying": "所组织的人员稳定就业达到规定月数",
    "not_paid_before": "所组织的人员未在其他项目中享受过补助",
    "panel": "项目经评审，评审人数符合规定",
}
"""Each condition as an applicant reads it."""


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whom the project says that it placed, by the number of their certificate (就业创业证).

    `persons`: every worker id of theirs, none where nobody knows the number. `works`: through the project. `taken`: another project
    was granted for them.
    """

    certificate: str
    persons: tuple[str, ...]
    works: tuple[Work, ...]
    taken: bool


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """What a panel decided: the sum in yuan, and how many sat on it."""

    amount: str
    members: int


class GrantFacts(Facts, frozen=True, kw_only=True):
    """A project and those whom it placed. `until`: the day up to which their work is looked at."""

    applicant: ApplicantKind
    started_on: dt.date
    until: dt.date
    placed: tuple[Placed, ...]
    panel: Panel | None = None


def decide(facts: GrantFacts, law: Law) -> Outcome:
    """For each person who was placed and has stayed, once over all projects; the sum by parameter, or by the panel."""
    stay = _number(law, "employment_service.stay_months")
    placed = [one for one in facts.placed if _stretches(one.works, facts)]
    staying = [one for one in placed if stay is None or longest(one.works, facts) >= stay]
    counted = _each_once(one for one in staying if not one.taken)
    met: dict[str, bool | None] = {
        "applicant": CLASSES.get(facts.applicant) in law.texts("employment_service.applicants"),
        "project": None,
        "placed": bool(placed),
    }
    if placed:
        met["staying"] = None if stay is None else bool(staying)
    if staying:
        met["not_paid_before"] = bool(counted)
    amount = _by_parameter(len(counted), law)
    if amount is None:
        met["panel"] = _panel(facts.panel, law)
        amount = None if facts.panel is None else Decimal(facts.panel.amount)
    grounds = tuple(Ground(code=code, met=holds, document=SOURCE, article=ARTICLE) for code, holds in met.items())
    if False in met.values():
        return Outcome(grounds=grounds, amount=None, once=(), used=law.used)
    once = tuple(key(person) for one in counted for person in one.persons)
    return Outcome(grounds=grounds, amount=amount, once=once, used=law.used)


def key(person: str) -> str:
    """The paid fact that a person was placed."""
    return f"placed:{person}"


def subjects(facts: GrantFacts) -> tuple[str, ...]:
    """Of whom else the facts decide: everybody who was placed."""
    return tuple(dict.fromkeys(person for one in facts.placed for person in one.persons))


def longest(works: Iterable[Work], facts: GrantFacts) -> int:
    """The whole months of the longest time without a gap, of work that began with the project or after it."""
    return max((_months(first, last) for first, last in _stretches(works, facts)), default=0)


def _stretches(works: Iterable[Work], facts: GrantFacts) -> list[tuple[dt.date, dt.date]]:
    """Days of work without a gap, first and last included; what began before the project was not placed by it."""
    found: list[tuple[dt.date, dt.date]] = []
    for work in sorted(works, key=lambda one: (one.first, one.engagement_id)):
        last = min(work.last or facts.until, facts.until)
        if last < work.first:
            continue
        if found and work.first <= found[-1][1] + dt.timedelta(days=1):
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((work.first, last))
    return [one for one in found if one[0] >= facts.started_on]


def _months(first: dt.date, last: dt.date) -> int:
    """2026-01-15 to 2026-04-14, both included: three."""
    after = last + dt.timedelta(days=1)
    months = (after.year - first.year) * 12 + after.month - first.month
    return months if months_after(first, months) <= after else months - 1


def _each_once(placed: Iterable[Placed]) -> list[Placed]:
    """Nobody counts twice, whatever numbers they were named by."""
    found: dict[str, Placed] = {}
    for one in placed:
        if one.persons:
            found.setdefault(one.persons[0], one)
    return list(found.values())


def _panel(panel: Panel | None, law: Law) -> bool | None:
    if panel is None:
        return False
    least = _number(law, "employment_service.panel_members")
    return None if least is None else panel.members >= least


def _by_parameter(count: int, law: Law) -> Decimal | None:
    try:
        return law.amount("employment_service.amount") * count
    except MissingParameter:
        return None


def _number(law: Law, key: str) -> int | None:
    try:
        return law.number(key)
    except MissingParameter:
        return None


RULE: Final[Rule[GrantFacts]] = Rule(kind=KIND, version=1, facts=GrantFacts, decide=decide)
