"""Disputes: which way a claim goes, within which terms, and when an award is final; what may happen to one is in `state_rules`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

from services.complaints.disputes.state_rules import DECIDING, FREE, Applicant, Move, Side, State
from services.complaints.procedures.rules import Claim as Pursued
from services.complaints.procedures.rules import ClaimKind
from services.complaints.procedures.rules import Side as Standing
from services.complaints.terms.rules import Length
from shared.contracts.complaints import Forum
from shared.contracts.platform import Relation
from shared.errors import Conflict, RuleBroken
from shared.policy import calendar
from shared.policy.calendar import Deadline
from shared.policy.parameters import Law, MissingParameter

MONEY: Final[frozenset[ClaimKind]] = frozenset({"pay", "injury_medical", "severance", "damages"})
"""追索劳动报酬、工伤医疗费、经济补偿或者赔偿金 (劳动争议调解仲裁法 art. 16, 44, 47 (一))."""
STANDARDS: Final[frozenset[ClaimKind]] = frozenset({"working_time", "rest", "social_insurance"})
"""执行国家的劳动标准 (art. 47 (二))."""

Step = Literal["mediate", "accept", "serve", "panel", "award", "defence", "copy_defence", "counter_accept"]
"""What a body or the other side owes within a term that `terms` keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a worker claims of an enterprise, or it of them. `amount`: yuan asked for, `awarded`: yuan given. `iou`: it rests on the
    enterprise's written acknowledgement of the pay that it owes (工资欠条). `applicant`, `parties`: the side that claims it and the
    enterprises that it is of, where these are not the dispute's own."""

    id: str
    worker_id: str
    kind: ClaimKind
    known_on: dt.date
    amount: Decimal | None = None
    awarded: Decimal | None = None
    iou: bool = False
    applicant: Applicant | None = None
    parties: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """A step as somebody takes it. `on`: the day of it, which an officer may record later; `forum`: the body that is asked;
    `due_on`: until when an agreement is to be performed, or when the hearing is; `awards`: yuan by claim; `final`: what an
    award says of itself; `served`: when the parties got it, today where that is not said; `clear`, `hardship`: the conditions of
    execution in advance (art. 44); `bound`: the enterprises that an award binds, by claim; `party`: which of several takes it."""

    step: Move
    on: dt.date | None = None
    text: str | None = None
    forum: Forum | None = None
    due_on: dt.date | None = None
    awards: Mapping[str, Decimal | None] = field(default_factory=dict)
    final: bool | None = None
    served: Mapping[Side, dt.date] = field(default_factory=dict)
    clear: bool = False
    hardship: bool = False
    bound: Mapping[str, Sequence[str]] = field(default_factory=dict)
    party: str | None = None


@dataclass(frozen=True, slots=True)
class Finality:
    """Whether an award is final (art. 47), None where a person must say, and why by claim."""

    final: bool | None
    reasons: tuple[str, ...]


def check_arbitration(relation: Relation, kinds: Collection[ClaimKind]) -> None:
    """Raise RuleBroken unless the claims go to arbitration: all of a labour relation's; of one that is not fully so, only whether
    there is a labour relation (劳动争议调解仲裁法 art. 2; rules of 德人社发〔2022〕95 号 art. 2)."""
    if relation == "employment" or (relation == "partial" and set(kinds) == {"employment_relation"}):
        return
    raise RuleBroken(
        "not-for-arbitration",
        "该争议不属于劳动仲裁受理范围：除确认劳动关系外，请申请调解或者向人民法院提起民事诉讼",
        "arbitration takes it only to establish a labour relation; else mediation, then the court",
    )


def finality(claims: Iterable[Claim], law: Law, applicant: Applicant = "worker") -> Finality:
    """Whether an award on these claims is final, each by its own amount (劳动争议调解仲裁法 art. 47; 解释（一） art. 19, 20).

    Of money it is only where the worker claims it (解释（一） art. 19: 劳动者…追索): on what an enterprise claims both sides may sue.
    Where the minimum wage of the place is not known, a person says.
    """
    found: list[tuple[bool | None, str]] = [_final(claim, law, claim.applicant or applicant) for claim in claims]
    reasons = tuple(reason for _, reason in found)
    if any(final is False for final, _ in found):
        return Finality(False, reasons)
    return Finality(None if any(final is None for final, _ in found) else True, reasons)


def _final(claim: Claim, law: Law, applicant: Applicant) -> tuple[bool | None, str]:
    if claim.kind in STANDARDS:
        return True, f"{claim.kind}:labour_standard"
    if claim.kind not in MONEY:
        return False, f"{claim.kind}:neither_money_nor_standard"
    if applicant == "enterprise":
        return False, f"{claim.kind}:claimed_by_enterprise"
    if claim.awarded is None:
        return None, f"{claim.kind}:amount_unknown"
    try:
        limit = law.amount("minimum_wage.monthly") * law.number("arbitration.final_award_months")
    except MissingParameter:
        return None, f"{claim.kind}:minimum_wage_unknown"
    within = claim.awarded <= limit
    return within, f"{claim.kind}:{'within' if within else 'above'}:{limit}"


def check_breach(perform_by: dt.date | None, today: dt.date, promised_by: Side | None) -> None:
    """Raise Conflict before the day is over by which an agreement is performed (art. 15). What an enterprise promised by itself, as it
    answered a grievance, keeps the worker from nothing until then."""
    if promised_by != "enterprise" and perform_by is not None and today <= perform_by:
        raise Conflict("not-due-yet", "协议约定的履行期限尚未届满", "the agreement is not to be performed yet")


def check_payment_order(claims: Collection[Claim], relation: Relation, *, mediated: bool) -> None:
    """Raise RuleBroken unless the agreement is on sums for which a payment order is given (art. 16); of a labour relation, pay alone
    where no mediators made it (劳动合同法 art. 30)."""
    if not all(claim.kind in MONEY for claim in claims):
        raise RuleBroken(
            "no-payment-order", "仅劳动报酬、工伤医疗费、经济补偿、赔偿金可申请支付令", "not for these claims"
        )
    if not (mediated or relation != "employment" or all(claim.kind == "pay" for claim in claims)):
        raise RuleBroken(
            "no-payment-order", "未经调解组织调解的协议，仅劳动报酬可申请支付令", "without mediators for pay alone"
        )


def check_advance(claims: Collection[Claim], *, clear: bool, hardship: bool, applicant: Applicant = "worker") -> None:
    """Raise RuleBroken unless execution may be ordered in advance (art. 44): the applicant's living is at stake, so a worker's."""
    theirs = all((claim.applicant or applicant) == "worker" and claim.kind in MONEY for claim in claims)
    if not (claims and theirs and clear and hardship):
        raise RuleBroken("no-advance", "不符合先予执行的条件", "execution in advance needs clear rights and hardship")


def common(
    claimed: Iterable[Claim],
    wanted: Sequence[Claim],
    engaged: Collection[tuple[dt.date | None, dt.date | None]],
    relation: Relation,
    law: Law,
) -> bool:
    """Whether somebody has a cause in common with those who dispute already (共同请求: 劳动争议调解仲裁法 art. 7): claims of kinds
    that are claimed there, each of a time of their own work with the same enterprise. `engaged`: from when to when they worked
    with it (None: not known, or it goes on); what ended longer before a claim was known than a limitation runs is not of its time.
    """
    kinds = {one.kind for one in claimed}
    years = law.number("arbitration.limitation_years" if relation == "employment" else "civil.limitation_years")

    def of_the_time(one: Claim) -> bool:
        since = calendar.months_after(one.known_on, -12 * years)
        return any(
            (first is None or first <= one.known_on) and (last is None or last >= since) for first, last in engaged
        )

    return all(one.kind in kinds and of_the_time(one) for one in wanted)


def group(workers: int, law: Law) -> bool:
    """Whether so many workers may choose representatives (art. 7)."""
    return workers >= law.number("arbitration.group_size")


def term_length(step: Step, law: Law) -> Length:
    """How long a step may take (art. 14, 29, 30, 32, 43; 劳动人事争议仲裁办案规则 art. 36): the terms of five and ten days of
    arbitration are of working days (劳动人事争议仲裁办案规则 art. 79)."""
    if step == "mediate":
        return Length(law.days("mediation.max_days"), "days")
    return Length(law.days(f"arbitration.{_TERMS[step]}"), "days" if step == "award" else "workdays")


_TERMS: Final[Mapping[Step, str]] = {
    "accept": "accept_days",
    "serve": "serve_days",
    "panel": "panel_notice_days",
    "award": "award_days",
    "defence": "defence_days",
    "copy_defence": "defence_copy_days",
    "counter_accept": "counter_accept_days",
}


def sue_by(served_on: dt.date, law: Law) -> Deadline:
    """The last day to sue against what was served (art. 48, 50; art. 49 after it was set aside)."""
    return calendar.add_days(served_on, law.days("arbitration.sue_days"))


def set_aside_by(served_on: dt.date, law: Law) -> Deadline:
    """The employer's last day to have a final award set aside (art. 49; 解释（一） art. 21 from the ruling that ends a suit)."""
    return calendar.add_days(served_on, law.days("arbitration.employer_revoke_days"))


def object_by(served_on: dt.date, law: Law) -> Deadline:
    """The enterprise's last day to pay or to object to a payment order, which may be carried out after it (民事诉讼法 art. 227)."""
    return calendar.add_days(served_on, law.days("payment_order.objection_days"))


def confirm_by(signed_on: dt.date, law: Law) -> Deadline:
    """The last day on which both may ask that an agreement be confirmed (人民调解法 art. 33)."""
    return calendar.add_days(signed_on, law.days("mediation.confirm_days"))


def check_confirmation(
    forum: Forum | None, signed_on: dt.date | None, today: dt.date, law: Law, *, mediated: bool
) -> None:
    """Raise unless both may still ask that this body confirm an agreement: a court, or arbitration within its shorter term
    (劳动人事争议仲裁办案规则 art. 74), and only one that was mediated."""
    if forum not in ("arbitration", "court"):
        raise RuleBroken("no-forum", "请选择仲裁审查或者司法确认", "say who is to confirm the agreement")
    if not mediated:
        raise RuleBroken("not-mediated", "仅经调解组织调解达成的协议可以申请确认", "no mediators made the agreement")
    if forum != "arbitration" or signed_on is None:
        return
    if today > calendar.add_days(signed_on, law.days("mediation.review_days")).due:
        raise Conflict("confirmation-late", "申请仲裁审查的期限已届满", "the term to have it reviewed is over")


def check_hearing(hearing_on: dt.date, today: dt.date, law: Law) -> None:
    """Raise RuleBroken where a hearing is told of too late (art. 35; 劳动人事争议仲裁办案规则 art. 79)."""
    if hearing_on < calendar.add_working_days(today, law.days("arbitration.hearing_notice_days")).due:
        raise RuleBroken(
            "hearing-too-soon", "应当在开庭五个工作日前通知双方当事人", "the parties hear five working days before"
        )


def department(forum: Forum | None, law: Law) -> str:
    """Whose officers have a dispute in hand: the body's, or the labour department's where none has."""
    return law.text("dispute.forum_departments", forum or "none")


def hold(state: State) -> Literal["take", "give_up", "keep"]:
    """What a dispute does with its claims as it comes into a state: taken, they are decided nowhere else."""
    if state in DECIDING:
        return "take"
    return "give_up" if state in FREE else "keep"


def standing(state: State, relation: Relation) -> Standing | None:
    """Where the claims of a dispute are, as labour inspection has to know it: with a body that decides or that mediates, None where
    they are with none. Only of a labour relation is a mediation one by the law on labour disputes (劳动争议调解仲裁法 art. 2, 10)."""
    if state in DECIDING:
        return "disputes"
    if state != "mediation":
        return None
    return "mediations" if relation == "employment" else "civil_mediations"


def claim_keys(claims: Iterable[Claim], enterprises: Collection[str], applicant: Applicant = "worker") -> list[str]:
    """What a claim is once, whichever dispute it stands in: by person, enterprise, kind and the day of what happened. What an
    enterprise claims of a worker is another claim than the worker's of it: neither keeps the other from bringing theirs."""
    against = {"worker": "", "enterprise": "|enterprise"}
    return sorted(
        {
            f"{one.worker_id}|{uscc}|{one.kind}|{one.known_on}{against[one.applicant or applicant]}"
            for one in claims
            for uscc in one.parties or enterprises
        }
    )


def pursued(claims: Iterable[Claim], enterprises: Collection[str], applicant: Applicant = "worker") -> list[Pursued]:
    """What workers claim of each enterprise, as inspection knows it too."""
    return sorted(
        {
            Pursued(one.worker_id, uscc, one.kind)
            for one in claims
            if (one.applicant or applicant) == "worker"
            for uscc in one.parties or enterprises
        }
    )
