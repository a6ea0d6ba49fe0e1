"""Who is hard to employ, and how a recognition ends (就业促进法 art. 52: the province says who is; 四川省就业困难人员认定办法).

The first version of the rule (`first_rules`) did not look at what the person is recognised for already.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from services.subsidies.decisions.rules import Ground, Outcome, Rule
from services.subsidies.persons.rules import Spell
from services.subsidies.recognition import first_rules
from services.subsidies.recognition.first_rules import KIND, SOURCE
from shared.errors import Conflict
from shared.policy.calendar import months_after
from shared.policy.parameters import Law, MissingParameter
from shared.states import Machine

State = Literal["recognised", "ended"]
Move = Literal["check", "end", "resume"]
Ending = Literal["employed", "expired", "unchecked", "revoked", "own_wish"]
"""已就业；期满；未通过年度核查；撤销；本人申请退出。"""

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("recognised", "check"): "recognised",
    ("recognised", "end"): "ended",
    ("ended", "resume"): "recognised",
}

STATES: Machine[State, Move, State] = Machine(
    "recognition", MOVES, kind="recognition-state", zh="该就业困难人员认定的当前状态不允许此操作"
)

GROUNDS: Final[Mapping[str, str]] = {
    **first_rules.GROUNDS,
    "not_recognised": "目前没有有效的认定（已认定的，由经办人员核对是否需要重新认定）",
}
"""Each condition as an applicant reads it."""


class RecognitionFacts(first_rules.RecognitionFacts, frozen=True, kw_only=True):
    """`recognised`: whether a recognition by another application holds on the day."""

    recognised: bool = False


def decide(facts: RecognitionFacts, law: Law) -> Outcome:
    """As the first version; whether who is recognised already is to be recognised anew, a person judges."""
    found = first_rules.decide(facts, law)
    ground = Ground(code="not_recognised", met=None if facts.recognised else True, document=SOURCE)
    return replace(found, grounds=(*found.grounds, ground))


def check_confirmer(officer: str, proposer: str | None) -> None:
    """Raise Conflict where nobody has proposed to end it, or the same officer did."""
    if proposer is None:
        raise Conflict("not-proposed", "尚未提出终止认定", "nobody has proposed to end it")
    if officer == proposer:
        raise Conflict("second-officer-needed", "须由另一名经办人员确认", "another officer must confirm this")


def until(since: dt.date, law: Law) -> dt.date | None:
    """The last day of a recognition; None where no rule is known and an officer sets it."""
    try:
        return months_after(since, law.number("hard_to_employ.valid_months")) - dt.timedelta(days=1)
    except MissingParameter:
        return None


def check_by(since: dt.date, law: Law) -> dt.date:
    """The last day of the next check; raises MissingParameter."""
    return months_after(since, law.number("hard_to_employ.check_months"))


@dataclass(frozen=True, slots=True)
class Lost:
    """The last day of a recognition, why, and the employment registration by which it was lost."""

    ending: Ending
    last: dt.date
    registration_id: str | None = None


def ends_with(since: dt.date, spells: Iterable[Spell]) -> dt.date | None:
    """The last day of a recognition that is lost with employment in a labour relation; None while there is none."""
    began = [one.first for one in spells if one.form == "employed" and (one.last is None or one.last >= since)]
    return max(min(began) - dt.timedelta(days=1), since - dt.timedelta(days=1)) if began else None


def lost(
    since: dt.date, until: dt.date | None, closed: Lost | None, registrations: Mapping[str, Sequence[Spell]]
) -> Lost | None:
    """How a recognition has ended by everything that is known, in whatever order it became known; None where it holds.

    Employment ends it before its last day and before it was `closed` otherwise; of several registrations the first to begin does.
    """
    ends = {key: ends_with(since, spells) for key, spells in registrations.items()}
    first = min(((last, key) for key, last in ends.items() if last is not None), default=None)
    others = [day for day in (until, None if closed is None else closed.last) if day is not None]
    if first is None or (others and first[0] >= min(others)):
        return closed
    return Lost("employed", *first)


RULE: Final[Rule[RecognitionFacts]] = Rule(kind=KIND, version=2, facts=RecognitionFacts, decide=decide)
