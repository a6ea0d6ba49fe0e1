"""What is tried together with an application: counter-applications, and other disputes between the same parties."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from services.complaints.disputes.state_rules import Applicant, Move, Side, State
from shared.contracts.complaints import DisputePartyRole
from shared.contracts.platform import Relation
from shared.errors import Conflict, Forbidden, RuleBroken
from shared.policy import calendar
from shared.policy.parameters import Law

FurtherState = Literal["filed", "accepted", "refused", "apart", "withdrawn", "over", "joined", "sued"]
"""How a further application stands: `apart` is to be filed as an application of its own; `over`: the dispute went on without it;
`joined`: it came with another dispute; `sued`: who filed it has sued on it, as it was not decided on in time."""

Outcome = Literal["accepted", "refused", "apart"]
MOVES_OF: Final[Mapping[Outcome, Move]] = {
    "accepted": "counter_accept",
    "refused": "counter_refuse",
    "apart": "counter_apart",
}
MOST_FURTHER: Final = 20
"""Further applications of a dispute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who files a counter-application: on which side, and as what they became party. `answer_by`: the last day of their own answer,
    None where they have not got the application."""

    side: Side
    role: DisputePartyRole | None
    answer_by: dt.date | None


def other_side(side: Applicant) -> Applicant:
    return "enterprise" if side == "worker" else "worker"


def check_counter(party: Party, state: State, applicant: Applicant, so_far: int, today: dt.date) -> None:
    """Raise unless a counter-application is filed now: by a respondent, within the term of its answer; after it the respondent applies
    by itself (劳动人事争议仲裁办案规则 art. 36). A third party claims nothing (劳动争议调解仲裁法 art. 23)."""
    if party.side != other_side(applicant) or party.role == "third_party":
        raise Forbidden("反申请由被申请人提出", "the respondent files a counter-application")
    if state != "arbitration":
        raise Conflict("no-counter", "该争议不在仲裁审理中，请另行申请仲裁", "arbitration does not try it: apply apart")
    if party.answer_by is not None and today > party.answer_by:
        raise Conflict("counter-late", "答辩期已届满，请另行申请仲裁", "the term to answer is over: apply apart")
    if so_far >= MOST_FURTHER:
        raise Conflict("too-many-counters", "反申请过多", "there are too many counter-applications")


def check_decision(state: FurtherState, filed_on: dt.date, day: dt.date) -> None:
    """Raise unless a counter-application is decided on a day."""
    if state != "filed":
        raise Conflict("counter-decided", "该反申请已经处理", "the counter-application is not open any more")
    if day < filed_on:
        raise RuleBroken("step-day", "办理日期有误", "the day is before the counter-application")


def decide_by(filed_on: dt.date, law: Law) -> dt.date:
    """The last day to decide whether a counter-application is taken up (劳动人事争议仲裁办案规则 art. 36)."""
    return calendar.add_working_days(filed_on, law.days("arbitration.counter_accept_days")).due


def check_suit(
    side: Side, by: Applicant, state: FurtherState, *, own: bool, decide_by: dt.date, today: dt.date
) -> None:
    """Raise unless who filed a counter-application sues on it: the commission has not decided in time whether it takes it up
    (劳动争议调解仲裁法 art. 29). One that was taken up is awarded with the application, and sued on with it (art. 43)."""
    if side != by or not own:
        raise Forbidden("由提出反申请的一方起诉", "who filed it sues on it")
    if state != "filed":
        raise Conflict("counter-decided", "该反申请已经处理", "the counter-application is not open any more")
    if today <= decide_by:
        raise Conflict("term-runs", "仲裁机构的办理期限尚未届满", "the term of arbitration is not over")


def check_answer(
    side: Side, by: Applicant, state: FurtherState, answered_on: dt.date | None, role: DisputePartyRole | None = None
) -> None:
    """Raise unless a side answers a counter-application: the other's, that was taken up and is not answered. Late is allowed, as it is
    to an application (劳动争议调解仲裁法 art. 30). Nobody claims anything of a third party, which does not answer for who applied."""
    if side != other_side(by) or role == "third_party":
        raise Forbidden("由对方当事人答辩", "the other side answers")
    if state != "accepted" or answered_on is not None:
        raise Conflict("no-answer", "该反申请尚未受理或者已经答辩", "it is not taken up, or answered already")


def check_withdrawal(side: Side, by: Applicant, state: FurtherState, *, own: bool) -> None:
    """Raise unless a side takes its own counter-application back."""
    if side != by or not own:
        raise Forbidden("由提出反申请的一方撤回", "who filed it takes it back")
    if state not in ("filed", "accepted"):
        raise Conflict("counter-decided", "该反申请已经处理", "the counter-application is not open any more")


def check_leave(brought: Iterable[Collection[str]], places: Collection[str | None]) -> None:
    """Raise where an enterprise would take back what another one claims: of several whose counter-applications have outlived the
    application each takes its own back. `brought`: by claim who brings it, nobody named where it is the dispute's own."""
    if any(parties and not {*parties} & {*places} for parties in brought):
        raise Forbidden(
            "另有企业的请求在审理中，请撤回本单位的反申请", "another enterprise claims too: take your own back"
        )


def check_none_waits(states: Iterable[FurtherState]) -> None:
    """Raise Conflict where a counter-application waits for a decision: the commission takes it up or not before it decides."""
    if "filed" in states:
        raise Conflict("counter-waits", "反申请尚未决定是否受理", "a counter-application waits for a decision")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A dispute as arbitration tries it: between whom, since when, and whether the answer of its respondents is in."""

    state: State
    relation: Relation
    workers: Collection[str]
    enterprises: Collection[str]
    respondents: Collection[str]
    department: str
    district: str
    accepted_on: dt.date | None
    paused: bool
    answered: bool
    standing_back: bool
    waiting: bool
    overdue: bool = False


def check_joining(lead: Trial, other: Trial) -> None:
    """Raise unless arbitration tries another dispute together with this one: between the same parties, on the same footing, before
    the same commission, and taken up no earlier (as courts do by 民事诉讼法 art. 143). The other's respondent has answered, or its
    term to is over, and nothing of either waits for a decision. On what was not awarded in time the parties may sue
    (劳动争议调解仲裁法 art. 43), which no joining gives or takes away."""
    if (lead.state, other.state) != ("arbitration", "arbitration"):
        raise Conflict("not-tried", "合并审理的争议均应在仲裁审理中", "arbitration does not try both")
    same = {*other.workers} <= {*lead.workers} and {*other.respondents} <= {*lead.respondents}
    if not same or not {*other.enterprises} <= {*lead.enterprises}:
        raise RuleBroken("other-parties", "合并审理的争议应为相同当事人", "they are not between the same parties")
    if (lead.department, lead.district, lead.relation) != (other.department, other.district, other.relation):
        raise RuleBroken("other-commission", "受理机构或者用工关系不同，不能合并审理", "another body or footing")
    if lead.accepted_on is None or other.accepted_on is None or other.accepted_on < lead.accepted_on:
        raise RuleBroken("join-earlier", "请在先受理的争议中办理合并", "join it where the earlier one is tried")
    if lead.overdue or other.overdue:
        raise Conflict(
            "award-overdue", "仲裁逾期未裁决的争议不再合并", "one was not awarded in time: its parties may sue on it"
        )
    if lead.paused or other.paused:
        raise Conflict("trial-stands-still", "审理期限已中止，恢复后再合并", "the term of one of them is paused")
    if lead.waiting or other.waiting or other.standing_back:
        raise Conflict("joining-waits", "反申请或者回避申请尚未决定", "something of them waits for a decision")
    if not other.answered:
        raise Conflict("answer-runs", "被合并争议的答辩期尚未届满", "the other's term to answer runs")
