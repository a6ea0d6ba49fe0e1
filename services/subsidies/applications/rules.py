"""How an application moves, what stands for and against it, and who may sign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from services.subsidies.decisions.rules import ApplicantKind, Outcome
from services.subsidies.trainees.rules import plain
from shared.errors import Conflict, Forbidden, RuleBroken
from shared.policy import calendar, contesting
from shared.policy.calendar import Deadline, Pause
from shared.policy.parameters import Law, MissingParameter
from shared.policy.serving import ServiceWay
from shared.states import Machine

State = Literal[
    "draft",
    "submitted",
    "supplementing",
    "reviewing",
    "reviewed",
    "endorsing",
    "notice",
    "approved",
    "queued",
    "paying",
    "paid",
    "failed",
    "recovered",
    "refused",
    "withdrawn",
]
"""`reviewed`: a first officer has found; `endorsing`: two have, and the head is to sign; `notice`: on public notice; `queued`:
approved, and the budget is exhausted; `paying`: owed, and not paid yet."""

Move = Literal[
    "submit",
    "discard",
    "accept",
    "ask",
    "supplement",
    "lapse",
    "withdraw",
    "review",
    "return",
    "endorse",
    "announce",
    "approve",
    "refuse",
    "reopen",
    "queue",
    "pay",
    "settle",
    "fail",
    "recover",
]

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("draft", "submit"): "submitted",
    ("draft", "discard"): "withdrawn",
    ("submitted", "accept"): "reviewing",
    ("submitted", "ask"): "supplementing",
    ("submitted", "withdraw"): "withdrawn",
    ("supplementing", "supplement"): "submitted",
    ("supplementing", "lapse"): "withdrawn",
    ("supplementing", "withdraw"): "withdrawn",
    ("reviewing", "ask"): "supplementing",
    ("reviewing", "review"): "reviewed",
    ("reviewing", "withdraw"): "withdrawn",
    ("reviewed", "return"): "reviewing",
    ("reviewed", "endorse"): "endorsing",
    ("reviewed", "announce"): "notice",
    ("reviewed", "approve"): "approved",
    ("reviewed", "refuse"): "refused",
    ("reviewed", "withdraw"): "withdrawn",
    ("endorsing", "return"): "reviewing",
    ("endorsing", "announce"): "notice",
    ("endorsing", "approve"): "approved",
    ("endorsing", "withdraw"): "withdrawn",
    ("notice", "return"): "reviewing",
    ("notice", "approve"): "approved",
    ("notice", "withdraw"): "withdrawn",
    ("refused", "reopen"): "reviewing",
    ("approved", "queue"): "queued",
    ("approved", "pay"): "paying",
    ("queued", "pay"): "paying",
    ("queued", "withdraw"): "withdrawn",
    ("paying", "settle"): "paid",
    ("paying", "fail"): "failed",
    ("failed", "settle"): "paid",
    ("paid", "fail"): "failed",
    ("queued", "recover"): "recovered",
    ("paying", "recover"): "recovered",
    ("failed", "recover"): "recovered",
    ("paid", "recover"): "recovered",
    ("recovered", "settle"): "paid",
}
"""`paid` fails where the bank returns money that it had taken; `recover`: it is claimed back whole, or not paid after all; what was
recovered is paid again where that was set aside."""

STATES: Machine[State, Move, State] = Machine(
    "subsidy application", MOVES, kind="application-state", zh="该申请的当前状态不允许此操作"
)

UNDECIDED: Final[frozenset[State]] = frozenset(
    {"submitted", "supplementing", "reviewing", "reviewed", "endorsing", "notice"}
)
DECIDED: Final[frozenset[State]] = frozenset({"approved", "queued", "paying", "paid", "failed"})
"""Approved, whatever became of the money; what was recovered is over."""

PAID_ALREADY, RESTRICTED, PAYEE, INCOMPLETE, OTHER = "paid_already", "restricted", "payee", "incomplete", "other"

COMMON_GROUNDS: Final[Mapping[str, str]] = {
    PAID_ALREADY: "同一事项未享受过其他补贴",
    RESTRICTED: "申请单位未被列入失信惩戒或者限制享受政府资金的名单",
    PAYEE: "代为申请的，收款账户户名与申请人登记的姓名一致",
    INCOMPLETE: "申请材料齐全、符合规定形式",
    OTHER: "符合政策规定的其他条件",
}
"""Conditions of every kind, beside those of its rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a first officer finds. `judged`: grounds that the rule leaves to a person, found met; `against`: grounds not met;
    `amount`: yuan, where no parameter says it."""

    approve: bool
    judged: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    amount: Decimal | None = None


def check_finding(finding: Finding, outcome: Outcome, barred: Collection[str], *, paid: bool) -> Decimal | None:
    """The amount of a finding (None: refused, or nothing is paid); raises RuleBroken where it cannot stand.

    `barred`: grounds of every kind that stand against it; `paid`: whether the kind pays money.
    """
    if not finding.approve:
        known = {ground.code for ground in outcome.grounds} | COMMON_GROUNDS.keys()
        if not finding.against or not known.issuperset(finding.against):
            raise RuleBroken(
                "grounds-missing", "不予通过应当说明不符合的条件", "a refusal names the grounds that are not met"
            )
        return None
    failed = [*barred, *(ground.code for ground in outcome.grounds if ground.met is False)]
    if failed:
        raise RuleBroken("ground-not-met", "存在不符合的条件，不能通过", "a ground is not met", grounds=failed)
    open_ = {ground.code for ground in outcome.grounds if ground.met is None}
    if left := sorted(open_ - set(finding.judged)):
        raise RuleBroken("ground-open", "尚有条件需要人工核实", "a person must judge these grounds", grounds=left)
    if not paid:
        return None
    if outcome.amount is None and finding.amount is None:
        raise RuleBroken("amount-missing", "没有公布补贴标准，请核定金额", "no parameter says the amount: set it")
    if outcome.amount is not None and finding.amount not in (None, outcome.amount):
        raise RuleBroken(
            "amount-fixed", "补贴金额应按标准核定", "a parameter says the amount", amount=str(outcome.amount)
        )
    return outcome.amount if finding.amount is None else finding.amount


def check_own_account(holder: str, name: str) -> None:
    """Raise RuleBroken where an agent would have a person's subsidy paid to somebody else (就业补助资金管理办法: 支付到本人账户)."""
    if plain(holder) != plain(name):
        raise RuleBroken(
            "account-of-another",
            "代为申请的，收款账户应为申请人本人账户",
            "what an agent applies for is paid into the applicant's own account",
        )


def check_reasons(finding: Finding, note: str | None) -> None:
    """Raise RuleBroken for a refusal on a ground that says nothing by itself, where the officer does not say why: whoever is
    refused reads the reason."""
    if not finding.approve and OTHER in finding.against and note is None:
        raise RuleBroken(
            "reason-missing", "以其他条件不予通过的，应当写明具体理由", "say why it is refused: no ground says so"
        )


def check_signer(subject: str, signed: Collection[str], away: Collection[str]) -> None:
    """Raise where an officer would sign twice, or has an interest in the application."""
    if subject in away:
        raise Forbidden("您与该申请有利害关系，应当回避", "the officer has an interest and stays away")
    if subject in signed:
        raise Conflict("same-officer", "应由另一名经办人员审核", "another officer signs than before")


def needs_head(amount: Decimal | None, law: Law, asked: bool | None) -> bool:
    """Whether the head signs too. Where no limit is known, the second officer says so (`asked`)."""
    if amount is None:
        return False
    try:
        return amount > law.amount("subsidy.head_amount")
    except MissingParameter:
        if asked is None:
            raise RuleBroken(
                "head-unsaid",
                "没有公布审批金额上限，请说明是否报负责人审批",
                "no limit is known: say whether the head signs",
            ) from None
        return asked


def days_of_notice(today: dt.date, law: Law) -> tuple[dt.date, Deadline]:
    """The first and the last day of a public notice that begins tomorrow."""
    since = today + dt.timedelta(days=1)
    return since, calendar.add_working_days(today, law.days("subsidy.notice_workdays"))


def supplement_until(today: dt.date, law: Law, said: dt.date | None) -> Deadline:
    """Until when what is missing is handed in: by the parameter, or as the officer says where there is none."""
    try:
        return calendar.add_working_days(today, law.days("subsidy.supplement_workdays"))
    except MissingParameter:
        if said is None:
            raise RuleBroken("until-missing", "请说明补正期限", "no term is known: say until when") from None
        if said <= today:
            raise RuleBroken("until-over", "补正期限应晚于今日", "the last day is over already") from None
        return Deadline(said, provisional=False)


def look_by(received_on: dt.date, law: Law) -> dt.date:
    """The last day to say what is missing of an application; one on which nothing was said until then counts as taken up on the day
    on which it was received."""
    return calendar.add_working_days(received_on, law.days("subsidy.accept_workdays")).due


def decide_by(term: str, accepted_on: dt.date, pauses: Sequence[Pause], law: Law) -> dt.date | None:
    """The last day to decide on an application; None where no term is known, or while it waits for the applicant.

    `term`: the parameter of its kind. Days on which something was missing do not count.
    """
    try:
        days = law.days(term)
    except MissingParameter:
        return None
    deadline = calendar.due_with_pauses(accepted_on, workdays=days, pauses=pauses)
    return None if deadline is None else deadline.due


def served_on(way: ServiceWay, on: dt.date, law: Law) -> dt.date:
    """The day on which a letter counts as served: that of its receipt; of an announcement, the last day of its term, counted from
    its publication (民事诉讼法 art. 95, by 行政复议法 art. 88 and 行政诉讼法 art. 101)."""
    return calendar.add_days(on, law.days("claims.announcement_days")).due if way == "announcement" else on


@dataclass(frozen=True, slots=True)
class Remedies:
    """Until when a decision is contested: before the reviewing authority, and in court (行政复议法 art. 20; 行政诉讼法 art. 46). None
    while it was not served: no term runs, up to the end of all."""

    review_by: dt.date | None = None
    sue_by: dt.date | None = None


def remedies(served_on: dt.date | None, review_received_on: dt.date | None, law: Law) -> Remedies:
    """The terms of a decision that was served on a day; `review_received_on`: when the decision of a review that upholds it was, from
    which the time to sue runs (行政诉讼法 art. 45). `law`: that of the day from which they run."""
    review_by = sue_by = None
    if served_on is not None:
        review_by, sue_by = contesting.review_by(served_on, law), contesting.sue_by(served_on, law)
    if review_received_on is not None:
        sue_by = contesting.sue_after_review(review_received_on, law)
    return Remedies(review_by, sue_by)


def party_of(kind: ApplicantKind, applicant_id: str) -> str | None:
    """Whose token an applicant has; a community has none."""
    role = {"person": "worker", "platform": "platform", "provider": "provider", "union": "union"}.get(kind)
    return None if role is None else f"{role}:{applicant_id}"
