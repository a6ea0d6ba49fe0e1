"""When a letter counts as served on a party, and until when that party contests it. Pure; legal days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.insurance.letters.rules import Dated, service_on
from shared.contracts.insurance import Letter, Side
from shared.errors import Conflict
from shared.policy import calendar, contesting
from shared.policy.parameters import Law, MissingParameter
from shared.policy.serving import ServiceWay


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


def check_new(party: Side, counts_from: dt.date, served: Sequence[Dated]) -> None:
    """Raise Conflict where a letter counts as served on a party as early already; an announcement gives way to an earlier service."""
    known = service_on(party, served)
    if known is not None and known.served_on <= counts_from:
        raise Conflict("served-already", "该文书已向该当事人送达", "the letter counts as served on this party already")


def terms(letter: Letter, day: dt.date, law: Law, *, final: bool = False) -> Terms:
    """The terms of a letter that was served on that day. `final`: no other assessment may follow (工伤保险条例 art. 26)."""
    match letter:
        case "assessment":
            return Terms(again_by=None if final else _known(again_by, day, law))
        case "review":
            return Terms(court_by=_known(contesting.sue_after_review, day, law))
        case "decision":
            return Terms(review_by=_known(contesting.review_by, day, law), court_by=_known(contesting.sue_by, day, law))


def again_by(day: dt.date, law: Law) -> dt.date:
    """The last day to ask the province for another assessment (工伤保险条例 art. 26)."""
    return calendar.add_days(day, law.days("work_injury.reappraisal_apply_days")).due


def _known(term: Callable[[dt.date, Law], dt.date], day: dt.date, law: Law) -> dt.date | None:
    try:
        return term(day, law)
    except MissingParameter:
        return None
