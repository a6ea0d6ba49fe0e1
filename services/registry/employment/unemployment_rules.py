"""Registration as unemployed (失业登记): who may register, and by what it ends.

Sources: 就业促进法 art. 35, 43; 就业服务与就业管理规定 art. 63–66; 失业保险条例 art. 16; 德人社发〔2022〕95 号 art. 12. It ends
by facts where the person is registered as employed in any form, by what the person or an officer says otherwise, and where the
person was not in contact for months. `resume`: the employment that ended it turned out to be none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from services.registry.employment.rules import Period
from shared.contracts.registry import UnemploymentEnding
from shared.errors import Conflict, RuleBroken
from shared.policy.calendar import months_after
from shared.policy.parameters import Law, MissingParameter
from shared.states import Machine

State = Literal["none", "registered", "ended"]
Event = Literal["register", "end", "resume"]

MOVES: Final[Mapping[tuple[State, Event], State]] = {
    ("none", "register"): "registered",
    ("registered", "end"): "ended",
    ("ended", "resume"): "registered",
}

STATES: Machine[State, Event, State] = Machine(
    "unemployment registration", MOVES, kind="unemployment-state", zh="该失业登记的当前状态不允许此操作"
)

Cause = Literal["graduate", "left_employer", "business_closed", "land_taken", "demobilised", "released", "other"]
"""毕业未就业；与用人单位终止、解除劳动关系；停业、破产；土地被征用；退役未安置；刑满释放等；其他 (规定 art. 65)."""

OwnEnding = Literal["employed", "own_business", "pension", "study_service_or_abroad", "own_wish"]
"""What a person says of their own registration."""

MOST: Final = 200
"""How many registrations as unemployed a person may have: ours, not the law's."""

_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ByFact:
    """A registered employment that ends a registration as unemployed: its id, and the last day as unemployed."""

    registration_id: str
    last: dt.date


def check(born_on: dt.date | None, since: dt.date, today: dt.date, periods: Iterable[Period], law: Law) -> None:
    """Whether a person may register today who says to be without work since a day; raises Conflict or RuleBroken.

    That the person is able to work and looks for it, they say themselves; a pension is for an officer to look at.
    """
    if born_on is not None and today < months_after(born_on, 12 * law.number("unemployment.min_age")):
        raise RuleBroken(
            "too-young", "未达到法定劳动年龄，不能办理失业登记", "below the age from which a person may work"
        )
    if since > today:
        raise RuleBroken("not-unemployed-yet", "失业日期不能晚于今天", "the first day without work has not come yet")
    for period in periods:
        if period.ends_on is None or period.ends_on >= today:
            raise Conflict("employed", "您已办理就业登记，就业期间不能办理失业登记", "registered as employed today")
        if period.ends_on >= since:
            raise RuleBroken(
                "worked-since",
                f"就业登记显示您工作至{period.ends_on}，请核对失业日期",
                f"registered as employed until {period.ends_on}",
                until=str(period.ends_on),
            )


@dataclass(frozen=True, slots=True)
class Silence:
    """Until when a person must be in contact again: the last day, and the first one on which they are warned."""

    due_on: dt.date
    warn_on: dt.date


def silence(contacted_on: dt.date, law: Law) -> Silence | None:
    """What follows where nothing more is heard of a person (规定 art. 66 (9)); None where no period is published."""
    try:
        due_on = months_after(contacted_on, law.number("unemployment.contact_months"))
    except MissingParameter:
        return None
    try:
        warned = law.days("unemployment.contact_reminder_days")
    except MissingParameter:
        return Silence(due_on, due_on)
    return Silence(due_on, max(contacted_on, due_on - dt.timedelta(days=warned)))


def check_contact(on: dt.date, registered_on: dt.date, today: dt.date) -> None:
    """Whether a person can have been in contact on a day; raises RuleBroken."""
    if not registered_on <= on <= today:
        raise RuleBroken(
            "contact-day", "联系日期应在登记之日与今天之间", "a day from that of the registration up to today"
        )


def ended_by(registered_on: dt.date, employments: Iterable[tuple[str, Period]]) -> ByFact | None:
    """The first registered employment from the day of registration on; None where there is none.

    The last day as unemployed is the one before it; where the person worked already on the day of registration, that is a day
    before its first: it never held.
    """
    later = [(one.starts_on, key) for key, one in employments if one.ends_on is None or one.ends_on >= registered_on]
    if not later:
        return None
    begins, key = min(later)
    return ByFact(key, max(begins, registered_on) - _DAY)


@dataclass(frozen=True, slots=True)
class Stands:
    """How a registration stands: its state, first day, and what ended it: `by` is the employment, None for anybody's word."""

    state: State
    registered_on: dt.date
    ended_on: dt.date | None
    by: str | None


def follow(
    kept: Stands, employments: Iterable[tuple[str, Period]], *, latest: bool
) -> tuple[list[Event], ByFact | None]:
    """What the registered employments do to a registration. `latest`: no newer one is there, so that it may run again."""
    found = ended_by(kept.registered_on, employments)
    if kept.state == "registered":
        return (["end"], found) if found else ([], None)
    if kept.by is None:
        return [], None
    if found is None:
        return (["resume"], None) if latest else ([], None)
    same = (kept.by, kept.ended_on) == (found.registration_id, found.last)
    return ([], None) if same else (["resume", "end"], found)


ENDINGS: Final[Mapping[UnemploymentEnding, str]] = {
    "employed": "就业",
    "own_business": "从事个体经营或者创办企业",
    "stable_income": "有稳定收入的劳动",
    "pension": "享受基本养老保险待遇",
    "incapable": "完全丧失劳动能力",
    "study_service_or_abroad": "入学、服兵役或者移居境外",
    "imprisoned": "被判刑收监执行",
    "own_wish": "终止就业要求",
    "refused_services": "拒绝接受公共就业服务",
    "no_contact": "连续六个月未与公共就业服务机构联系",
    "merged": "与本人另一登记重复",
    "other": "其他情形",
}
"""Why a registration ends, as a person reads it (规定 art. 66)."""
