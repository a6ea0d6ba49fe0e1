"""What holds for persons alone: their age and capacity (行政处罚法 art. 30, 31)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Final

from services.complaints.penalty_grounds.intended_rules import Leniency, Mitigation
from shared.errors import Conflict, RuleBroken
from shared.policy import calendar
from shared.policy.parameters import Law

OF_PERSONS: Final[frozenset[Mitigation | Leniency]] = frozenset({"minor", "limited_capacity", "no_capacity"})
"""Reasons that lie in a person: of an enterprise none holds."""


def check_reasons(reasons: Collection[Mitigation | Leniency], *, person: bool) -> None:
    """Raise RuleBroken for a reason that lies in a person where an enterprise is punished."""
    if not person and not OF_PERSONS.isdisjoint(reasons):
        raise RuleBroken(
            "person-reason", "未成年、责任能力的情形仅适用于个人", "age and capacity are reasons for persons alone"
        )


def check_age(born_on: dt.date, acted_on: dt.date, mitigation: Collection[Mitigation], law: Law) -> None:
    """Raise Conflict for a person who was too young to be punished on the (last) day of the act, and RuleBroken where one who was not
    of age is not punished more lightly for it, or somebody of age is. An age is reached the day after the birthday."""
    if acted_on <= calendar.months_after(born_on, 12 * law.number("penalty.punished_age", "least")):
        raise Conflict("under-age", "行为时不满十四周岁，不予行政处罚", "nobody so young is punished")
    minor = acted_on <= calendar.months_after(born_on, 12 * law.number("penalty.punished_age", "fully"))
    if minor is not ("minor" in mitigation):
        raise RuleBroken(
            "minor",
            "行为时已满十四周岁不满十八周岁的，应当从轻或者减轻处罚并注明；其他人员不适用",
            "who was not of age is punished more lightly, nobody else for that",
        )
