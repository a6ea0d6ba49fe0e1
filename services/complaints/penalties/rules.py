"""Penalties: what may happen to one, when it may be decided, and how much it may be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Final, Literal

from services.complaints.penalty_grounds.intended_rules import Leniency
from shared.errors import Conflict, RuleBroken
from shared.policy import calendar
from shared.policy.parameters import Law
from shared.states import Machine

OriginKind = Literal["directive", "case", "inspection", "own"]
Why = Literal["small", "hard_later", "remote"]
"""Why officers collect a fine: it is small, it could hardly be enforced later (art. 68), or the bank is out of reach (art. 69)."""
Toward = Literal["fine", "confiscated"]
"""What a payment is for: the bank books fines and what is confiscated apart."""

State = Literal[
    "filed", "investigated", "notified", "hearing_asked", "hearing_set", "heard", "decided", "served", "reminded",
    "in_court", "fulfilled", "ended", "unpunished", "dropped", "referred", "annulled",
]  # fmt: skip
Move = Literal[
    "extend", "conclude", "decide_on_spot", "notify", "add_evidence", "state", "waive", "ask_hearing", "set_hearing",
    "hear", "review", "decide", "leave", "drop", "refer", "serve", "serve_warning", "pay_part", "pay", "ask_deferral",
    "defer", "refuse_deferral", "remind", "go_to_court", "end", "contest", "uphold", "change", "annul",
    "correct", "owe", "agree", "resume", "owe_after_reminder", "owe_in_court",
]  # fmt: skip

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("filed", "extend"): "filed",
    ("filed", "conclude"): "investigated",
    ("filed", "decide_on_spot"): "decided",
    ("filed", "drop"): "dropped",
    ("filed", "refer"): "referred",
    ("investigated", "extend"): "investigated",
    ("investigated", "notify"): "notified",
    ("investigated", "leave"): "unpunished",
    ("investigated", "drop"): "dropped",
    ("investigated", "refer"): "referred",
    ("notified", "extend"): "notified",
    ("notified", "add_evidence"): "notified",
    ("notified", "state"): "notified",
    ("notified", "waive"): "notified",
    ("notified", "ask_hearing"): "hearing_asked",
    ("notified", "review"): "notified",
    ("notified", "decide"): "decided",
    ("notified", "leave"): "unpunished",
    ("notified", "drop"): "dropped",
    ("notified", "refer"): "referred",
    ("hearing_asked", "extend"): "hearing_asked",
    ("hearing_asked", "add_evidence"): "hearing_asked",
    ("hearing_asked", "state"): "hearing_asked",
    ("hearing_asked", "waive"): "notified",
    ("hearing_asked", "set_hearing"): "hearing_set",
    ("hearing_asked", "leave"): "unpunished",
    ("hearing_asked", "drop"): "dropped",
    ("hearing_asked", "refer"): "referred",
    ("hearing_set", "extend"): "hearing_set",
    ("hearing_set", "add_evidence"): "hearing_set",
    ("hearing_set", "state"): "hearing_set",
    ("hearing_set", "waive"): "notified",
    ("hearing_set", "set_hearing"): "hearing_set",
    ("hearing_set", "hear"): "heard",
    ("hearing_set", "leave"): "unpunished",
    ("hearing_set", "drop"): "dropped",
    ("hearing_set", "refer"): "referred",
    ("heard", "extend"): "heard",
    ("heard", "state"): "heard",
    ("heard", "review"): "heard",
    ("heard", "decide"): "decided",
    ("heard", "leave"): "unpunished",
    ("heard", "drop"): "dropped",
    ("heard", "refer"): "referred",
    ("decided", "serve"): "served",
    ("decided", "serve_warning"): "fulfilled",
    ("decided", "annul"): "annulled",
    ("served", "pay_part"): "served",
    ("served", "pay"): "fulfilled",
    ("served", "ask_deferral"): "served",
    ("served", "defer"): "served",
    ("served", "refuse_deferral"): "served",
    ("served", "remind"): "reminded",
    ("served", "contest"): "served",
    ("served", "uphold"): "served",
    ("served", "change"): "served",
    ("served", "annul"): "annulled",
    ("served", "agree"): "served",
    ("served", "resume"): "reminded",
    ("reminded", "agree"): "served",
    ("reminded", "state"): "reminded",
    ("reminded", "pay_part"): "reminded",
    ("reminded", "pay"): "fulfilled",
    ("reminded", "ask_deferral"): "reminded",
    ("reminded", "defer"): "served",
    ("reminded", "refuse_deferral"): "reminded",
    ("reminded", "go_to_court"): "in_court",
    ("reminded", "contest"): "reminded",
    ("reminded", "uphold"): "reminded",
    ("reminded", "change"): "reminded",
    ("reminded", "annul"): "annulled",
    ("in_court", "pay_part"): "in_court",
    ("in_court", "pay"): "fulfilled",
    ("in_court", "end"): "ended",
    ("in_court", "contest"): "in_court",
    ("in_court", "uphold"): "in_court",
    ("in_court", "change"): "in_court",
    ("in_court", "annul"): "annulled",
    ("fulfilled", "pay_part"): "fulfilled",
    ("fulfilled", "contest"): "fulfilled",
    ("fulfilled", "uphold"): "fulfilled",
    ("fulfilled", "change"): "fulfilled",
    ("fulfilled", "annul"): "annulled",
    ("ended", "pay_part"): "ended",
    ("ended", "pay"): "fulfilled",
    ("ended", "contest"): "ended",
    ("ended", "uphold"): "ended",
    ("ended", "change"): "ended",
    ("ended", "annul"): "annulled",
    ("served", "correct"): "served",
    ("reminded", "correct"): "reminded",
    ("in_court", "correct"): "in_court",
    ("fulfilled", "correct"): "fulfilled",
    ("ended", "correct"): "ended",
    ("annulled", "correct"): "annulled",
    ("annulled", "pay_part"): "annulled",
    ("fulfilled", "owe"): "served",
    ("fulfilled", "owe_after_reminder"): "reminded",
    ("fulfilled", "owe_in_court"): "in_court",
}

STATES: Machine[State, Move, State] = Machine(
    "penalty", MOVES, kind="penalty-state", zh="该行政处罚的当前状态不允许此操作"
)

PUNISHED: Final[frozenset[State]] = frozenset({"decided", "served", "reminded", "in_court", "fulfilled", "ended"})
"""States of a penalty that was decided and stands."""
OWED: Final[frozenset[State]] = frozenset({"served", "reminded", "in_court"})
"""States in which a fine, or what is confiscated, is still to be paid."""
EXECUTED: Final[frozenset[State]] = frozenset({"in_court", "ended"})
"""States in which a court executes a decision, or has ended that."""
BEFORE: Final[frozenset[State]] = frozenset(
    {"filed", "investigated", "notified", "hearing_asked", "hearing_set", "heard"}
)
"""States in which the procedure runs: nothing is decided yet."""


def check_punishable(ended_on: dt.date | None, found_on: dt.date, law: Law, *, harmed: bool) -> None:
    """Raise Conflict for an act that was found too late (行政处罚法 art. 36; 劳动保障监察条例 art. 20): the time runs from its
    end, and not while it goes on. `harmed`: it harmed life or health."""
    if ended_on is None:
        return
    years = law.number("penalty.harm_limitation_years" if harmed else "inspection.limitation_years")
    if found_on > calendar.months_after(ended_on, 12 * years):
        raise Conflict(
            "limitation", f"该行为终了后{years}年内未被发现，不再给予行政处罚", f"the act was found after {years} years"
        )


def check_act(began_on: dt.date, ended_on: dt.date | None, today: dt.date) -> None:
    """Raise RuleBroken for an act that ends before it begins, or that has not been."""
    if not began_on <= (ended_on or today) <= today:
        raise RuleBroken("act-days", "违法行为的起止日期有误", "the act ends before it begins, or after today")


def speak_workdays(law: Law) -> int:
    """In how many working days after the notice one states, defends, and asks for a hearing: the longer of both terms holds for
    either (行政处罚法 art. 44, 64)."""
    return max(law.days("penalty.statement_workdays"), law.days("penalty.hearing_request_workdays"))


def speaks_until(notified_on: dt.date, law: Law) -> dt.date:
    """The last day to state, defend, and ask for a hearing."""
    return calendar.add_working_days(notified_on, speak_workdays(law)).due


def check_in_time(until: dt.date, today: dt.date) -> None:
    """Raise Conflict where the time to speak is over."""
    if today > until:
        raise Conflict("too-late", "陈述申辩、要求听证的期限已届满", "the time to speak is over")


def check_hearing_day(on: dt.date, today: dt.date, law: Law) -> None:
    """Raise RuleBroken where the enterprise would be told too late of a hearing (行政处罚法 art. 64)."""
    days = law.days("penalty.hearing_notice_workdays")
    if on < calendar.add_working_days(today, days).due:
        raise RuleBroken(
            "hearing-day", f"应当在听证的{days}个工作日前通知", f"a hearing is told {days} working days ahead"
        )


def check_heard(state: State, until: dt.date, today: dt.date, *, waived: bool) -> None:
    """Raise Conflict for a decision while the enterprise may still speak (行政处罚法 art. 62): it was heard, its time is over, or
    it has said that it will not."""
    if state == "notified" and today <= until and not waived:
        raise Conflict("may-still-speak", "陈述申辩期限尚未届满", "the enterprise may still speak")


def check_reviewed(passed: bool | None, *, due: bool) -> None:
    """Raise Conflict for a decision that the legal review has not passed, where one is due (行政处罚法 art. 58)."""
    if passed is False or (due and passed is None):
        raise Conflict("not-reviewed", "未经法制审核或者审核未通过，不得作出决定", "the legal review has not passed it")


def check_discussed(people: Collection[str], *, grave: bool) -> None:
    """Raise Conflict for a grave matter that was not discussed by several (行政处罚法 art. 57)."""
    if grave and len(set(people)) < 2:
        raise Conflict(
            "not-discussed", "情节复杂或者重大的，应当集体讨论决定", "a grave matter is discussed by several"
        )


def check_answered(statements: int, answer: str | None) -> None:
    """Raise Conflict for a decision that leaves unanswered what the enterprise stated: it is looked into, and taken up where it
    holds (行政处罚法 art. 45)."""
    if statements and answer is None:
        raise Conflict(
            "not-answered",
            "应当对当事人的陈述、申辩进行复核并说明是否采纳",
            "what the enterprise stated is looked into, and answered",
        )


def check_ordered(order: str | None, *, goes_on: bool, ordered: bool) -> None:
    """Raise Conflict for a penalty on an act that goes on, with no order to put it right: an earlier one that was breached
    (`ordered`), or one that is given with it (行政处罚法 art. 28)."""
    if goes_on and not ordered and order is None:
        raise Conflict(
            "not-ordered", "实施行政处罚时应当责令改正违法行为", "a penalty goes with an order to put the act right"
        )


def counts_as_earlier(state: State, leniency: Leniency | None) -> bool:
    """Whether an act was an earlier one of its kind: it was punished, or left unpunished since it was slight, which it was done for
    all the same (行政处罚法 art. 33: 初次违法)."""
    return state in PUNISHED or (state == "unpunished" and leniency not in ("no_fault", "no_capacity"))


def check_leniency(ground: Leniency, earlier: int) -> None:
    """Raise Conflict where an act is called the first, and is not."""
    if ground == "first_slight_put_right" and earlier:
        raise Conflict("not-first", "该当事人此前已有同类违法行为，不属初次违法", "it did the like before")


def check_officer(officer: str, others: Collection[str]) -> None:
    """Raise Conflict where one person would take two parts: investigate, hold the hearing, review, decide."""
    if officer in others:
        raise Conflict("same-officer", "应由另一名人员办理", "this is for another officer")


def check_court(remedies_over_on: dt.date, reminded_on: dt.date, today: dt.date, law: Law, *, contested: bool) -> None:
    """Raise Conflict unless a court may be applied to: nobody contests the decision any more, some days after the reminder,
    and not too late (行政强制法 art. 53, 54)."""
    if contested or today <= max(remedies_over_on, reminded_until(reminded_on, law)):
        raise Conflict(
            "too-early", "复议、诉讼或者催告期限尚未届满", "review, suit or the time after the reminder is not over"
        )
    if today > court_by(remedies_over_on, law):
        raise Conflict("too-late", "申请法院强制执行的期限已届满", "the time to apply to a court is over")


def check_contested_in_time(state: State, until: dt.date, on: dt.date, *, admitted: bool) -> None:
    """Raise Conflict where a decision is contested too late of which compulsory execution goes on, or is over. That gives
    and takes away no time to contest it: a review is asked for within its own days from when the decision was known,
    a suit within its own (行政复议法 art. 20; 行政诉讼法 art. 45, 46). `admitted`: the body took it up all the same,
    as something had held it up, or the decision said nothing of it (行政复议法 art. 20; 行政诉讼法 art. 48)."""
    if state in EXECUTED and not admitted and on > until:
        raise Conflict(
            "contest-late",
            "申请行政复议或者提起行政诉讼的期限已届满；因正当理由耽误期限而已被受理的，请注明",
            "the time for it is over: say so where it was taken up all the same",
        )


def reminded_until(reminded_on: dt.date, law: Law) -> dt.date:
    """The last day to pay after a reminder (行政强制法 art. 54; by art. 69 its ten days are working days)."""
    return calendar.add_working_days(reminded_on, law.days("penalty.reminder_workdays")).due


def court_by(remedies_over_on: dt.date, law: Law) -> dt.date:
    """The last day to apply to a court."""
    return calendar.add_months(remedies_over_on, law.number("penalty.court_months")).due
