"""Until when a decision of an authority is contested, and a review of it decided. Pure; legal days.

Terms run from the receipt of the decision (行政复议法 art. 20; 行政诉讼法 art. 45, 46). The terms raise MissingParameter where
none is known on the day of the law that is given.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from shared.policy import calendar
from shared.policy.parameters import Law, MissingParameter


def review_by(received_on: dt.date, law: Law) -> dt.date:
    """The last day to ask for a review (行政复议法 art. 20)."""
    return calendar.add_days(received_on, law.days("admin_review.apply_days")).due


def sue_by(received_on: dt.date, law: Law) -> dt.date:
    """The last day to sue without a review (行政诉讼法 art. 46)."""
    return calendar.add_months(received_on, law.number("admin_suit.apply_months")).due


def sue_after_review(from_: dt.date, law: Law) -> dt.date:
    """The last day to sue after a review: from the receipt of its decision, or from the last day on which it should have been taken
    (行政诉讼法 art. 45)."""
    return calendar.add_days(from_, law.days("admin_suit.after_review_days")).due


def review_decided_by(filed_on: dt.date, law: Law) -> dt.date:
    """Until when a review is decided in ordinary procedure, counted from the last day on which the application counts as taken up
    (行政复议法 art. 30, 62)."""
    accepted = calendar.add_working_days(filed_on, law.days("admin_review.accept_workdays")).due
    return calendar.add_days(accepted, law.days("admin_review.decide_days")).due


def review_decided_at_latest(filed_on: dt.date, law: Law) -> dt.date:
    """The same where the review was prolonged, which the reviewing authority alone knows of (行政复议法 art. 62): nobody is late to
    sue before its end has passed too."""
    accepted = calendar.add_working_days(filed_on, law.days("admin_review.accept_workdays")).due
    most = law.days("admin_review.decide_days") + law.days("admin_review.extension_days")
    return calendar.add_days(accepted, most).due


Forum = Literal["review", "court"]


def latest(forum: Forum, made_on: dt.date, law: Law) -> dt.date | None:
    """The day after which nobody contests a decision any more, served or not (行政复议法 art. 21; 行政诉讼法 art. 46(2))."""
    key = "admin_review.latest_years" if forum == "review" else "admin_suit.latest_years"
    try:
        return calendar.months_after(made_on, 12 * law.number(key))
    except MissingParameter:
        return None


def is_late(day: dt.date, term: dt.date | None, end: dt.date | None) -> bool:
    """Whether a day is after the running `term` (None: it does not run yet, or is unknown) or after the `end` of all terms."""
    return any(last is not None and day > last for last in (term, end))
