"""For how many months a person may have the subsidy, and until when: by group, or to retirement where that is near."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, get_args

from services.subsidies.persons import retirement_rules
from services.subsidies.persons.retirement_rules import Group as RetirementGroup
from services.subsidies.persons.rules import Sex
from shared.policy.calendar import first_day, months_after
from shared.policy.parameters import Law, MissingParameter

_WOMEN: Final[tuple[RetirementGroup, ...]] = ("female_cadre", "female_worker")
_APPROVED_WITHIN: Final = 12
"""Months after the first subsidised one within which it was approved: the day itself is not kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """How long a person may have it. `retires`: the days on which they may retire, by what is known: none, one or two.

    `near`: whether they were near retirement at the first approval; None where a person must say. `longest`: the most months even
    then, None where no rule is known.
    """

    most: int
    used: frozenset[str]
    retires: tuple[dt.date, ...]
    near: bool | None
    longest: int | None

    def before_retirement(self, month: str) -> bool:
        """Whether the person does not retire, by anything that is known, before the end of a month."""
        return not self.retires or last_day(month) < max(self.retires)

    def retirement_unsure(self, months: Iterable[str]) -> bool:
        """Whether nobody knows if all of these months lie before retirement."""
        return not self.retires or any(last_day(month) >= min(self.retires) for month in months)

    def take(self, months: Sequence[str]) -> tuple[set[str], bool]:
        """Which of these months, in their order, may be had, and whether a person must judge that.

        A month that was subsidised before counts once: what is paid to another scheme of it takes no further month.
        """
        kept, unsure = set[str](), False
        for month in sorted(months):
            count = len(self.used | kept | {month})
            if month in self.used or count <= self.most:
                kept.add(month)
            elif self.near is not False:
                if self.longest is not None and count > self.longest:
                    continue
                unsure = unsure or self.near is None or (self.longest is None and count > NEAR_MONTHS)
                kept.add(month)
        return kept, unsure


NEAR_MONTHS: Final = 60
"""Months up to which an extension is the same whether it goes to retirement or to at most five years: beyond, the texts differ."""


def allowed(
    group: str,
    filed_on: dt.date,
    used: Iterable[str],
    born_on: dt.date | None,
    sex: Sex | None,
    confirmed: RetirementGroup | None,
    law: Law,
) -> Allowed:
    """How long a person of a group may have it; raises MissingParameter where the law has no limit.

    Only the hard to employ may have it until retirement, by the age at the first approval.
    """
    months = frozenset(used)
    retires = _retires(born_on, sex, confirmed, law)
    near: bool | None = False
    if group == "hard_to_employ":
        near = _near(months, filed_on, retires, law.number("flexible_subsidy.near_retirement_years"))
    return Allowed(
        most=law.number("flexible_subsidy.max_months", group),
        used=months,
        retires=retires,
        near=near,
        longest=_longest(law) if near is not False else None,
    )


def _retires(
    born_on: dt.date | None, sex: Sex | None, confirmed: RetirementGroup | None, law: Law
) -> tuple[dt.date, ...]:
    if born_on is None:
        return ()
    group = None if sex is None else retirement_rules.group_of(sex, confirmed, law)
    groups = (group,) if group is not None else _WOMEN if sex == "female" else get_args(RetirementGroup)
    try:
        return tuple(sorted({retirement_rules.retires_on(born_on, one, law) for one in groups}))
    except MissingParameter:
        return ()


def _near(used: frozenset[str], filed_on: dt.date, retires: Sequence[dt.date], years: int) -> bool | None:
    """Whether retirement was no more than so many years away at the first approval: of the first subsidised month where there is
    one, else of this application."""
    if not retires:
        return None
    first = first_day(min(used)) if used else filed_on
    latest = months_after(first, _APPROVED_WITHIN) if used else first
    surely = all(day <= months_after(first, 12 * years) for day in retires)
    never = all(day > months_after(latest, 12 * years) for day in retires)
    return True if surely else False if never else None


def _longest(law: Law) -> int | None:
    try:
        return law.number("flexible_subsidy.near_retirement_max_months")
    except MissingParameter:
        return None


def last_day(month: str) -> dt.date:
    """The last day of a month (YYYY-MM)."""
    return months_after(first_day(month), 1) - dt.timedelta(days=1)
