"""The paper that a footing demands, and how it stands (德人社发〔2022〕95 号 art. 2; 劳动合同法 art. 10).

`demand`: the footing demands a paper that it did not demand before, or the paper on file was taken back. `sign` and
`sign_late`: a paper of the right kind is on file, or another one takes its place. `release`: the footing demands none, or
the engagement ended before the paper was due.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, cast

from services.registry.engagements.rules import DutyState
from shared.contracts.registry import PaperKind
from shared.policy.calendar import add_months, months_after
from shared.policy.parameters import Law, MissingParameter, Used
from shared.states import Machine

State = DutyState
Event = Literal["demand", "remind", "lapse", "sign", "sign_late", "release"]

NOT_NEEDED: Final[State] = "not_needed"
_NEEDED: tuple[State, ...] = ("due", "near", "missing", "signed", "signed_late")
MOVES: Mapping[tuple[State, Event], State] = {
    (NOT_NEEDED, "demand"): "due",
    ("due", "remind"): "near",
    ("due", "lapse"): "missing",
    ("near", "lapse"): "missing",
    **{(state, "demand"): "due" for state in _NEEDED},
    **{(state, "sign"): "signed" for state in _NEEDED},
    **{(state, "sign_late"): "signed_late" for state in _NEEDED},
    **{(state, "release"): NOT_NEEDED for state in _NEEDED},
}

STATES: Machine[State, Event, State] = Machine("paper", MOVES, kind="paper-state", zh="该文书的当前状态不允许此操作")

MOST_PAPERS = 50
"""How many papers of one engagement are put on file: ours, not the law's."""

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Demand:
    """The paper that a footing demands from a day on. `due_on`: the last day to sign it, None where no term is known."""

    kind: PaperKind
    since: dt.date
    due_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper on file; `paper_id` is its own id."""

    paper_id: str
    kind: PaperKind
    number: str
    signed_on: dt.date


@dataclass(frozen=True, slots=True)
class Consequences:
    """What the law attaches to a labour contract that is missing or late: legal days, both ends included.

    Double wage is owed from the day after the first month (劳动合同法 art. 82) up to the day before the contract was signed
    or the year was full; then a contract without term is taken to exist (art. 14).
    """

    double_wage_from: dt.date
    double_wage_until: dt.date
    open_ended_from: dt.date | None


def demanded(
    since: dt.date, declared_on: dt.date, law_of: Callable[[dt.date], Law], *, part_time: bool = False
) -> tuple[Demand | None, list[Used]]:
    """What a footing that holds from `since` demands, and the parameters that say so.

    `law_of` gives the law of a day in the footing's scope. A footing older than the rule is measured by the law of the
    day on which it was declared, and its term begins with the rule. Part-time employment by the hour may be agreed orally.
    """
    for day in (since, declared_on):
        law = law_of(day)
        try:
            kind = law.text("footing.paper")
        except MissingParameter:
            continue
        if kind == "none":
            return None, list(law.used)
        if kind == "contract" and part_time and law.flag("contract.part_time_may_be_oral"):
            return None, list(law.used)
        begins = max(since, law.used[0].valid_from)
        try:
            due_on = add_months(begins, law.number("footing.paper_months")).due
        except MissingParameter:
            due_on = None
        return Demand(cast(PaperKind, kind), begins, due_on), list(law.used)
    return None, []


def counting(demand: Demand, papers: Iterable[Paper]) -> Paper | None:
    """The paper that meets a demand: of the right kind, the one signed first; a paper of the wrong kind is none."""
    right = [paper for paper in papers if paper.kind == demand.kind]
    return min(right, key=lambda paper: (paper.signed_on, paper.paper_id), default=None)


def is_late(demand: Demand, paper: Paper) -> bool:
    return demand.due_on is not None and paper.signed_on > demand.due_on


def events(
    state: State,
    kept: tuple[Demand, Paper | None] | None,
    wanted: Demand | None,
    papers: Iterable[Paper],
    ended_on: dt.date | None,
) -> list[Event]:
    """What happened between the state on file and the facts as they are now; the order in which they came is no matter.

    `kept`: the demand and the counting paper on file, None where nothing was demanded. An engagement that ended by the
    day on which the paper was due owes none.
    """
    paper = counting(wanted, papers) if wanted else None
    ended_first = wanted is not None and ended_on is not None and (wanted.due_on is None or ended_on <= wanted.due_on)
    if wanted is None or (paper is None and ended_first):
        return [] if state == NOT_NEEDED else ["release"]
    found: list[Event] = []
    taken_back = paper is None and state in ("signed", "signed_late")
    fresh = state == NOT_NEEDED or kept is None or kept[0] != wanted or taken_back
    if fresh:
        found.append("demand")
    if paper is not None and (fresh or kept is None or kept[1] != paper):
        found.append("sign_late" if is_late(wanted, paper) else "sign")
    return found


def consequences(
    demand: Demand, signed_on: dt.date | None, law: Law, ended_on: dt.date | None = None
) -> Consequences | None:
    """What follows where a labour contract is missing (`signed_on` None) or was signed late; nothing after `ended_on`, the last day
    of work.

    None for a written agreement, to which the law attaches nothing of the kind, and for a contract signed by the last day, also
    where that had moved behind a holiday (民法典 art. 203). The days are for an officer to weigh.
    """
    if demand.kind != "contract":
        return None
    first = months_after(demand.since, law.number("contract.double_wage_months", "after")) + _DAY
    full = months_after(demand.since, law.number("contract.double_wage_months", "until"))
    open_ended = months_after(demand.since, law.number("contract.open_ended_after_months"))
    if signed_on is not None and signed_on <= max(first, demand.due_on or first):
        return None
    last = full - _DAY if signed_on is None else min(full, signed_on) - _DAY
    until = min(last, ended_on or dt.date.max)
    if until < first:
        return None
    unsigned_for_a_year = min(signed_on or open_ended, ended_on or open_ended) >= open_ended
    return Consequences(first, until, open_ended if unsigned_for_a_year else None)
