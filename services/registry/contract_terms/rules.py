"""How long a paper runs, what comes after it, and what an end owes (劳动合同法 art. 12–15, 44, 46, 47, 82; 法释〔2020〕26号 art. 34).

`begin`: a paper with a term is the latest, or another one took its place. `lapse`: its last day is over and the work goes on.
`close`: the work has ended. `release`: no paper with a term is on file any more, or the footing demands another kind.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile
from typing import Final, Literal

from services.registry.engagements.rules import TermState
from shared.contracts.registry import PaperKind, PaperTerm
from shared.policy.calendar import months_after
from shared.policy.parameters import Law
from shared.states import Machine

State = TermState
Event = Literal["begin", "remind", "lapse", "close", "release"]

_ON_FILE: Final[tuple[State, ...]] = ("running", "near", "worked_on", "over")
MOVES: Final[Mapping[tuple[State, Event], State]] = {
    ("none", "begin"): "running",
    **{(state, "begin"): "running" for state in _ON_FILE},
    ("running", "remind"): "near",
    ("running", "lapse"): "worked_on",
    ("near", "lapse"): "worked_on",
    ("running", "close"): "over",
    ("near", "close"): "over",
    ("worked_on", "close"): "over",
    **{(state, "release"): "none" for state in _ON_FILE},
}

STATES: Machine[State, Event, State] = Machine(
    "contract term", MOVES, kind="term-state", zh="该文书期限的当前状态不允许此操作"
)

_DAY: Final = dt.timedelta(days=1)

OpenReason = Literal["two_fixed_terms", "ten_years"]
"""连续订立二次固定期限劳动合同后续订；连续工作满十年。"""


@dataclass(frozen=True, slots=True)
class Contract:
    """A paper with its term; `ends_on` is the last day of a fixed one. `asked_fixed`: the worker asked for a fixed term."""

    paper_id: str
    kind: PaperKind
    number: str
    signed_on: dt.date
    term: PaperTerm
    starts_on: dt.date
    ends_on: dt.date | None
    asked_fixed: bool = False


def current(contracts: Iterable[Contract], kind: PaperKind | None) -> Contract | None:
    """The paper whose term counts: of the kind that the footing demands, the one that begins last."""
    return max((one for one in contracts if one.kind == kind), key=_age, default=None)


def events(
    state: State,
    kept: tuple[str, dt.date | None] | None,
    wanted: Contract | None,
    ended_on: dt.date | None,
) -> list[Event]:
    """What happened between the term on file (`kept`: its paper and last day) and the facts as they are now."""
    if wanted is None:
        return [] if state == "none" else ["release"]
    found: list[Event] = []
    fresh = state == "none" or kept != (wanted.paper_id, wanted.ends_on)
    if fresh or (state == "over" and ended_on is None):
        found.append("begin")
    if ended_on is not None and (found or state != "over"):
        found.append("close")
    return found


def fixed_in_a_row(contracts: Iterable[Contract], law: Law) -> int:
    """How many labour contracts of a fixed term follow each other up to the last one; those from before the law count for nothing
    (劳动合同法 art. 97)."""
    counts_from = dt.date.fromisoformat(law.text("contract.fixed_terms_count_from"))
    labour = sorted((one for one in contracts if one.kind == "contract"), key=_age, reverse=True)
    fixed = takewhile(lambda one: one.term == "fixed", labour)
    return sum(one.signed_on >= counts_from for one in fixed)


@dataclass(frozen=True, slots=True)
class OpenOwed:
    """A contract without term was to be concluded and a fixed one was, without the worker asking for it.

    From `since` on double wage is owed (劳动合同法 art. 82). Whether art. 39 or 40 stand against it is for an officer to weigh.
    """

    reason: OpenReason
    since: dt.date


def open_owed(contracts: Sequence[Contract], started_on: dt.date, law: Law) -> OpenOwed | None:
    """The first contract of a fixed term that should have been one without term; None where there is none."""
    labour = sorted((one for one in contracts if one.kind == "contract"), key=_age)
    for number, one in enumerate(labour):
        if one.term != "fixed" or one.asked_fixed:
            continue
        if fixed_in_a_row(labour[:number], law) >= law.number("contract.fixed_terms_before_open"):
            return OpenOwed("two_fixed_terms", one.starts_on)
        # one that is signed ahead goes on from a term at the end of which the years are full
        if max(one.signed_on, one.starts_on) >= _ten_years(started_on, law):
            return OpenOwed("ten_years", one.starts_on)
    return None


def next_is_open(contracts: Sequence[Contract], started_on: dt.date, law: Law) -> bool:
    """Whether the labour contract after the last one, where that is of a fixed term, is one without term, unless the worker asks for
    a fixed one: after two such terms, or ten years of work (劳动合同法 art. 14)."""
    if fixed_in_a_row(contracts, law) >= law.number("contract.fixed_terms_before_open"):
        return True
    last = max((one for one in contracts if one.kind == "contract"), key=_age, default=None)
    return last is not None and last.ends_on is not None and last.ends_on + _DAY >= _ten_years(started_on, law)


def last_of(first: dt.date, months: int) -> dt.date:
    """The last day of a term of so many months that begins on a day: a year from 29 February ends on 28 February, a month from
    31 January too (民法典 art. 202)."""
    return max(months_after(first, months) - _DAY, months_after(first - _DAY, months))


def _ten_years(started_on: dt.date, law: Law) -> dt.date:
    return months_after(started_on, 12 * law.number("contract.open_after_years"))


def worked_on_from(contract: Contract, ended_on: dt.date | None, today: dt.date) -> dt.date | None:
    """The first day of work after the last one of a fixed term; None where there was none."""
    if contract.ends_on is None or min(ended_on or today, today) <= contract.ends_on:
        return None
    return contract.ends_on + _DAY


def compensation(contract: Contract, started_on: dt.date, ended_on: dt.date | None, law: Law) -> Decimal | None:
    """Monthly wages that are owed where a labour contract ended with its fixed term (劳动合同法 art. 46 (5), 47).

    None where it runs, ended on another day (the reason of which a person has to know), or is none of a fixed term. Years of work
    from before the law are not among them (art. 97). That the worker refused a renewal on the same or better terms, and the
    limits on high wages, are for an officer to weigh.
    """
    if contract.kind != "contract" or contract.ends_on is None or ended_on != contract.ends_on:
        return None
    first = max(started_on, dt.date.fromisoformat(law.text("contract.fixed_terms_count_from")))
    years = ended_on.year - first.year + 1
    while last_of(first, 12 * years) > ended_on:
        years -= 1
    months = years * law.amount("contract.compensation_months", "year")
    begun = last_of(first, 12 * years) + _DAY
    if begun > ended_on:
        return months
    half = last_of(begun, int(law.amount("contract.compensation_months", "half_year_is")))
    part = "from_half_year" if half <= ended_on else "under_half_year"
    return months + law.amount("contract.compensation_months", part)


def _age(contract: Contract) -> tuple[dt.date, dt.date, str]:
    return contract.starts_on, contract.signed_on, contract.paper_id
