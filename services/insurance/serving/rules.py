"""When a letter counts as served on a party, and until when that party contests it. Pure; legal days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from services.insurance.letters.rules import Dated, service_on
from shared.contracts.insurance import Letter, ServiceWay, Side
from shared.errors import Conflict, RuleBroken
from shared.policy import calendar
from shared.policy.parameters import Law, MissingParameter


@dataclass(frozen=True, slots=True)
class Terms:
    """Until when a party asks for review, sues, or asks for another assessment; None where the letter gives no such term, or
    nobody knows how long it is."""

    review_by: dt.date | None = None
    court_by: dt.date | None = None
    again_by: dt.date | None = None


def served_on(way: ServiceWay, on: dt.date, law: Law) -> dt.date:
    """The day on which a letter counts as served: that of its receipt; of an announcement, the last day of its term, counted from
    its publication (民事诉讼法 art. 95, by 行政复议法 art. 88 and 行政诉讼法 art. 101)."""
    return calendar.add_days(on, law.days("claims.announcement_days")).due if way == "announcement" else on


def check_day(on: dt.date, made_on: dt.date, today: dt.date) -> None:
    """Raise RuleBroken where a letter would be served before it was made, or on a day to come."""
    if not made_on <= on <= today:
        raise RuleBroken(
            "service-day", "送达日期不能早于文书作出之日或者晚于今天", "the day is before the letter or ahead"
        )


def check_way(way: ServiceWay, agreed: bool) -> None:
    """Raise RuleBroken where a letter would be served electronically on who has not agreed to it (民事诉讼法 art. 90)."""
    if way == "electronic" and not agreed:
        raise RuleBroken("not-agreed", "电子送达须经受送达人同意", "electronic service needs the party's consent")


def check_new(party: Side, counts_from: dt.date, served: Sequence[Dated]) -> None:
    """Raise Conflict where a letter counts as served on a party as early already; an announcement gives way to an earlier service."""
    known = service_on(party, served)
    if known is not None and known.served_on <= counts_from:
        raise Conflict("served-already", "该文书已向该当事人送达", "the letter counts as served on this party already")


def terms(letter: Letter, day: dt.date, law: Law, *, final: bool = False) -> Terms:
    """The terms of a letter that was served on that day. `final`: no other assessment may follow (工伤保险条例 art. 26)."""
    match letter:
        case "assessment":
            return Terms(again_by=None if final else _days(day, law, "work_injury.reappraisal_apply_days"))
        case "review":
            return Terms(court_by=_days(day, law, "admin_suit.after_review_days"))
        case "decision":
            return Terms(review_by=_days(day, law, "admin_review.apply_days"), court_by=_suit(day, law))


def _days(day: dt.date, law: Law, key: str) -> dt.date | None:
    try:
        return calendar.add_days(day, law.days(key)).due
    except MissingParameter:
        return None


def _suit(day: dt.date, law: Law) -> dt.date | None:
    try:
        return calendar.add_months(day, law.number("admin_suit.apply_months")).due
    except MissingParameter:
        return None
