"""Which officer may act on a matter, and to whom a new one goes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from shared.contracts.complaints import Category
from shared.errors import Forbidden

Duty = Literal["handler", "approver", "inspector", "chief"]
"""What an officer does: handles cases, approves what others propose, inspects with a certificate, or leads an office."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What an officer is to act on: the departments that it belongs to, its district, the enterprise that it concerns, and
    the category whose circle of officers alone sees it, where it is a sensitive one."""

    departments: Collection[str]
    district: str | None
    enterprise: str | None = None
    circle: Category | None = None

    def outside(self, circles: Collection[Category]) -> bool:
        """Whether it is for a circle of officers, and not for one who is in these alone."""
        return self.circle is not None and self.circle not in circles


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An officer as the register has them. `everywhere`: one of the whole city. `load`: matters in their hands.
    `interests`: enterprises that they stay away from."""

    subject: str
    department: str
    district: str
    everywhere: bool
    duties: Collection[Duty]
    circles: Collection[Category]
    interests: Collection[str]
    active: bool
    load: int


def obstacle(person: Person, matter: Matter, duty: Duty | None) -> Forbidden | None:
    """Why an officer does not act on a matter, or None where they may. `duty`: None is for reading alone."""
    if not person.active or not reaches(person, matter):
        return Forbidden("您不在该事项的经办范围内", "this is not within the officer's reach")
    if duty is not None and duty not in person.duties:
        return Forbidden("您没有办理此事项的职责", f"this is for an officer with the duty {duty}")
    if matter.outside(person.circles):
        return Forbidden("此类事项由指定人员办理", "this is for the circle of officers of its category")
    if matter.enterprise is not None and matter.enterprise in person.interests:
        return Forbidden("您已申报与该单位有利害关系，应当回避", "the officer has an interest and stays away")
    return None


def check_not_away(subject: str, away: Collection[str]) -> None:
    """Raise Forbidden for an officer who stays away from a matter (`away`): to read on is to have a part in it (劳动保障监察条例
    art. 16)."""
    if subject in away:
        raise Forbidden("您已回避此事项", "the officer stays away from this matter")


def reaches(person: Person, matter: Matter) -> bool:
    """Whether a matter is of the officer's department and district; the city's officers reach every district."""
    return person.department in matter.departments and (person.everywhere or person.district == matter.district)


def assignee(people: Iterable[Person], matter: Matter, duty: Duty, away: Collection[str] = ()) -> Person | None:
    """To whom a matter goes: of those who may act on it, one of its own district before the city's, the least loaded, the
    lowest subject of equals. `away`: subjects who have refused it, or who have another part in it."""
    able = (one for one in people if one.subject not in away and obstacle(one, matter, duty) is None)
    return min(able, key=lambda one: (one.district != matter.district, one.load, one.subject), default=None)
