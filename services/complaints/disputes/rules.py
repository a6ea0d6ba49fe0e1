"""Disputes: which way a claim goes, what may happen to a dispute and by whom, and when an award is final."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

from services.complaints.procedures.rules import Claim as Pursued
from services.complaints.procedures.rules import ClaimKind
from services.complaints.procedures.rules import Side as Standing
from shared.contracts.complaints import DisputeMove, DisputeState, Forum
from shared.contracts.platform import Relation
from shared.errors import Conflict, Forbidden, RuleBroken
from shared.policy import calendar
from shared.policy.calendar import Deadline
from shared.policy.parameters import Law, MissingParameter
from shared.states import Machine

Side = Literal["worker", "enterprise", "forum"]
"""Who takes a step: a worker, an enterprise, or an officer of the body that has the dispute in hand."""

MONEY: Final[frozenset[ClaimKind]] = frozenset({"pay", "injury_medical", "severance", "damages"})
"""追索劳动报酬、工伤医疗费、经济补偿或者赔偿金 (劳动争议调解仲裁法 art. 16, 44, 47 (一))."""
STANDARDS: Final[frozenset[ClaimKind]] = frozenset({"working_time", "rest", "social_insurance"})
"""执行国家的劳动标准 (art. 47 (二))."""

State = DisputeState
Move = DisputeMove
Step = Literal["mediate", "accept", "serve", "panel", "award", "defence", "copy_defence"]
"""What a body or the other side owes within a term that `terms` keeps."""

_WITHIN: Final[tuple[Move, ...]] = (
    "serve", "defend", "copy_defence", "name_panel", "set_hearing", "extend", "pause", "resume", "advance", "award_part",
)  # fmt: skip
_IN_COURT: Final[tuple[State, ...]] = ("court_filed", "court")
_LEFT: Final[Mapping[Move, State]] = {"leave": "open", "leave_award": "effective", "leave_final": "awarded_finally"}
_BEFORE: Final[tuple[State, ...]] = ("grievance", "negotiation", "mediation", "open", "agreed", "breached", "refused")

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("grievance", "answer"): "open",
    ("grievance", "settle"): "agreed",
    ("grievance", "lapse"): "open",
    ("negotiation", "fail"): "open",
    ("negotiation", "settle"): "agreed",
    ("negotiation", "lapse"): "open",
    ("open", "negotiate"): "negotiation",
    ("open", "mediate"): "mediation",
    ("open", "apply"): "filed",
    ("open", "sue"): "court_filed",
    ("grievance", "mediate"): "mediation",
    ("negotiation", "mediate"): "mediation",
    ("mediation", "fail"): "open",
    ("mediation", "settle"): "agreed",
    ("mediation", "lapse"): "open",
    ("agreed", "perform"): "performed",
    ("agreed", "consent"): "agreed",
    ("agreed", "ask_confirmation"): "confirming",
    ("confirming", "confirm"): "effective",
    ("confirming", "deny"): "open",
    ("agreed", "breach"): "breached",
    ("breached", "perform"): "performed",
    ("breached", "ask_payment_order"): "payment_order",
    ("payment_order", "issue_order"): "effective",
    ("payment_order", "end_order"): "breached",
    ("breached", "mediate"): "mediation",
    ("breached", "apply"): "filed",
    ("breached", "sue"): "court_filed",
    ("filed", "accept"): "arbitration",
    ("filed", "refuse"): "refused",
    ("filed", "leave"): "open",
    ("filed", "sue"): "court_filed",
    ("refused", "mediate"): "mediation",
    ("refused", "sue"): "court_filed",
    **{("arbitration", move): "arbitration" for move in _WITHIN},
    ("arbitration", "leave"): "open",
    ("arbitration", "settle"): "effective",
    ("arbitration", "award"): "awarded",
    ("arbitration", "award_finally"): "awarded_finally",
    ("arbitration", "sue"): "court_filed",
    ("awarded", "sue"): "court_filed",
    ("awarded", "lapse"): "effective",
    ("awarded_finally", "sue"): "court_filed",
    ("awarded_finally", "ask_to_set_aside"): "setting_aside",
    ("awarded_finally", "perform"): "performed",
    ("awarded_finally", "execute"): "awarded_finally",
    ("awarded_finally", "lapse"): "effective",
    ("setting_aside", "sue"): "court_filed",
    ("setting_aside", "reject"): "effective",
    ("setting_aside", "set_aside"): "set_aside",
    ("set_aside", "sue"): "court_filed",
    ("set_aside", "lapse"): "closed",
    ("court_filed", "accept"): "court",
    ("court_filed", "refuse"): "open",
    **{(state, move): then for state in _IN_COURT for move, then in _LEFT.items()},
    ("court", "settle"): "effective",
    ("court", "judge"): "judged",
    ("judged", "appeal"): "court",
    ("judged", "take_effect"): "effective",
    ("effective", "perform"): "performed",
    ("effective", "execute"): "execution",
    ("execution", "perform"): "performed",
    ("execution", "end_execution"): "closed",
    **{(state, "withdraw"): "withdrawn" for state in _BEFORE},
}  # fmt: skip

STATES: Machine[State, Move, State] = Machine("dispute", MOVES, kind="dispute-state", zh="该争议的当前状态不允许此操作")

DECIDING: Final[frozenset[State]] = frozenset(
    {
        "filed",
        "arbitration",
        "awarded",
        "awarded_finally",
        "setting_aside",
        "set_aside",
        "court_filed",
        "court",
        "judged",
    }
)
"""States of a deciding procedure: a claim is in one of them in one dispute at most."""
FREE: Final[frozenset[State]] = frozenset({"open", "withdrawn", "refused"})
"""States in which a claim may go to a deciding procedure elsewhere. What was decided may not (一事不再理)."""
EARLY: Final[frozenset[State]] = frozenset({"grievance", "negotiation", "open", "mediation"})
"""States in which further workers may still join."""

_WORKER: Final[frozenset[Side]] = frozenset({"worker"})
_ENTERPRISE: Final[frozenset[Side]] = frozenset({"enterprise"})
_FORUM: Final[frozenset[Side]] = frozenset({"forum"})
_PARTIES: Final[frozenset[Side]] = _WORKER | _ENTERPRISE

WHO: Final[Mapping[Move, frozenset[Side]]] = {
    "answer": _ENTERPRISE,
    "defend": _ENTERPRISE,
    "ask_to_set_aside": _ENTERPRISE,
    "perform": _WORKER | _FORUM,
    **dict.fromkeys(("negotiate", "mediate", "apply", "breach", "ask_payment_order", "withdraw", "leave"), _WORKER),
    **dict.fromkeys(("sue", "ask_confirmation", "execute", "appeal"), _PARTIES),
    **dict.fromkeys(("settle", "fail"), _PARTIES | _FORUM),
    **dict.fromkeys(
        ("accept", "refuse", "serve", "copy_defence", "name_panel", "set_hearing", "extend", "pause", "resume", "advance",
         "award_part", "award", "reject", "set_aside", "confirm", "deny", "issue_order", "end_order", "judge",
         "take_effect", "end_execution"),
        _FORUM,
    ),
}  # fmt: skip
"""Who may take a step. What is not named here happens by itself, where a term is over, or follows from another."""

SETTLES: Final[Mapping[State, Side]] = {
    "grievance": "enterprise", "negotiation": "worker", "mediation": "forum", "arbitration": "forum", "court": "forum",
}  # fmt: skip
"""Who records that both sides agree: the enterprise by giving what the grievance asks, the worker in a negotiation."""

INTERRUPTS: Final[Mapping[Move, Literal["claimed_of_other_side", "asked_authority", "other_side_agreed"]]] = {
    "negotiate": "claimed_of_other_side",
    "mediate": "asked_authority",
    "apply": "asked_authority",
    "settle": "other_side_agreed",
}
"""Steps that interrupt the limitation (劳动争议调解仲裁法 art. 27)."""

DATED_BY_PARTIES: Final[frozenset[Move]] = frozenset({"mediate"})
"""Steps that a party may record later: a body outside this system may have got the application before."""

APPROVED: Final[frozenset[Move]] = frozenset({"extend", "refuse"})
"""What an officer who approves decides (art. 43: 经劳动争议仲裁委员会主任批准)."""

URGENT: Final[frozenset[Move]] = frozenset({"advance"})
"""What cannot wait until it is decided whether an officer stays away (劳动人事争议仲裁办案规则 art. 12)."""

FORUM_OF: Final[Mapping[State, Forum]] = {
    **dict.fromkeys(("filed", "arbitration", "awarded", "awarded_finally"), "arbitration"),
    **dict.fromkeys(("setting_aside", "set_aside", "court_filed", "court", "judged", "payment_order", "execution"), "court"),
}  # fmt: skip
"""Which body has a dispute in hand; in a mediation and a confirmation it is the one that was asked."""

MEDIATORS: Final[frozenset[Forum]] = frozenset({"people", "arbitration", "court", "union", "trade", "enterprise"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What somebody claims of an enterprise. `amount`: yuan asked for, `awarded`: yuan given. `iou`: it rests on the
    enterprise's written acknowledgement of the pay that it owes (工资欠条)."""

    id: str
    worker_id: str
    kind: ClaimKind
    known_on: dt.date
    amount: Decimal | None = None
    awarded: Decimal | None = None
    iou: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """A step as somebody takes it. `on`: the day of it, which an officer may record later; `forum`: the body that is asked;
    `due_on`: until when an agreement is to be performed, or when the hearing is; `awards`: yuan by claim; `final`: what an
    award says of itself; `served`: when the parties got it; `clear`, `hardship`: the conditions of execution in advance (art. 44)."""

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


@dataclass(frozen=True, slots=True)
class Finality:
    """Whether an award is final (art. 47), None where a person must say, and why by claim."""

    final: bool | None
    reasons: tuple[str, ...]


def check_side(state: State, move: Move, side: Side) -> None:
    """Raise Forbidden where this side does not take the step."""
    if side not in WHO.get(move, frozenset()) or (move == "settle" and side != SETTLES.get(state, side)):
        raise Forbidden("此步骤由其他当事方或机构办理", "this step is for somebody else")


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


def check_suit(
    state: State,
    side: Side,
    relation: Relation,
    claims: Sequence[Claim],
    *,
    today: dt.date,
    due: dt.date | None,
    sue_by: Mapping[Side, dt.date],
    direct: bool,
) -> None:
    """Raise unless this side may sue now.

    From the way before a decision: claims of no labour relation, or of pay by an acknowledgement or a breached agreement
    (解释（一） art. 13, 15, 51). Out of arbitration: where its term is over (art. 29, 43). After an award: by `sue_by`, after a final
    one the worker alone (art. 48, 50).
    """
    match state:
        case "open" | "breached":
            civil = relation != "employment" and all(one.kind != "employment_relation" for one in claims)
            if not (civil or direct or all(one.iou and one.kind == "pay" for one in claims)):
                raise RuleBroken("arbitration-first", "该争议应先申请劳动仲裁", "arbitration comes before the court")
        case "filed" | "arbitration":
            if due is None or today <= due:
                raise Conflict("term-runs", "仲裁机构的办理期限尚未届满", "the term of arbitration is not over")
        case "awarded_finally" | "setting_aside" if side != "worker":
            raise Conflict(
                "final-award", "终局裁决仅劳动者可以起诉，用人单位可以申请撤销", "a final award binds the employer"
            )
        case "awarded" | "awarded_finally" | "setting_aside" | "set_aside":
            last = sue_by.get(side)
            if last is None or today > last:
                raise Conflict("suit-late", "起诉期限已届满", "the term to sue is over")
        case _:
            pass


def finality(claims: Iterable[Claim], law: Law) -> Finality:
    """Whether an award on these claims is final, each by its own amount (劳动争议调解仲裁法 art. 47; 解释（一） art. 19, 20).

    Where the minimum wage of the place is not known, a person says.
    """
    found: list[tuple[bool | None, str]] = [_final(claim, law) for claim in claims]
    reasons = tuple(reason for _, reason in found)
    if any(final is False for final, _ in found):
        return Finality(False, reasons)
    return Finality(None if any(final is None for final, _ in found) else True, reasons)


def _final(claim: Claim, law: Law) -> tuple[bool | None, str]:
    if claim.kind in STANDARDS:
        return True, f"{claim.kind}:labour_standard"
    if claim.kind not in MONEY:
        return False, f"{claim.kind}:neither_money_nor_standard"
    if claim.awarded is None:
        return None, f"{claim.kind}:amount_unknown"
    try:
        limit = law.amount("minimum_wage.monthly") * law.number("arbitration.final_award_months")
    except MissingParameter:
        return None, f"{claim.kind}:minimum_wage_unknown"
    within = claim.awarded <= limit
    return within, f"{claim.kind}:{'within' if within else 'above'}:{limit}"


def check_payment_order(claims: Collection[Claim]) -> None:
    """Raise RuleBroken unless the agreement is on sums for which a payment order is given (art. 16)."""
    if not all(claim.kind in MONEY for claim in claims):
        raise RuleBroken(
            "no-payment-order", "仅劳动报酬、工伤医疗费、经济补偿、赔偿金可申请支付令", "not for these claims"
        )


def check_advance(claims: Collection[Claim], *, clear: bool, hardship: bool) -> None:
    """Raise RuleBroken unless execution may be ordered in advance (art. 44)."""
    if not (claims and all(claim.kind in MONEY for claim in claims) and clear and hardship):
        raise RuleBroken("no-advance", "不符合先予执行的条件", "execution in advance needs clear rights and hardship")


def group(workers: int, law: Law) -> bool:
    """Whether so many workers may choose representatives (art. 7)."""
    return workers >= law.number("arbitration.group_size")


def term_days(step: Step, law: Law) -> int:
    """How many days a step may take (art. 14, 29, 30, 32, 43)."""
    if step == "mediate":
        return law.days("mediation.max_days")
    return law.days(f"arbitration.{_TERMS[step]}")


_TERMS: Final[Mapping[Step, str]] = {
    "accept": "accept_days",
    "serve": "serve_days",
    "panel": "panel_notice_days",
    "award": "award_days",
    "defence": "defence_days",
    "copy_defence": "defence_copy_days",
}


def sue_by(served_on: dt.date, law: Law) -> Deadline:
    """The last day to sue against what was served (art. 48, 50; art. 49 after it was set aside)."""
    return calendar.add_days(served_on, law.days("arbitration.sue_days"))


def set_aside_by(served_on: dt.date, law: Law) -> Deadline:
    """The employer's last day to have a final award set aside (art. 49; 解释（一） art. 21 from the ruling that ends a suit)."""
    return calendar.add_days(served_on, law.days("arbitration.employer_revoke_days"))


def confirm_by(signed_on: dt.date, law: Law) -> Deadline:
    """The last day on which both may ask that an agreement be confirmed (人民调解法 art. 33)."""
    return calendar.add_days(signed_on, law.days("mediation.confirm_days"))


def check_hearing(hearing_on: dt.date, today: dt.date, law: Law) -> None:
    """Raise RuleBroken where a hearing is told of too late (art. 35)."""
    if (hearing_on - today).days < law.days("arbitration.hearing_notice_days"):
        raise RuleBroken("hearing-too-soon", "应当在开庭五日前通知双方当事人", "the parties hear five days before")


def department(forum: Forum | None, law: Law) -> str:
    """Whose officers have a dispute in hand: the body's, or the labour department's where none has."""
    return law.text("dispute.forum_departments", forum or "none")


def left_by(move: Move, *, after: Literal["final", "other"] | None) -> Move:
    """What it means that a suit is taken back or refused: without an award the way is open again, one not final takes effect, and
    against a final one the employer's term runs anew (解释（一） art. 21)."""
    if after is None:
        return move
    return "leave_final" if after == "final" else "leave_award"


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


def claim_keys(claims: Iterable[Claim], enterprises: Collection[str]) -> list[str]:
    """What a claim is once, whichever dispute it stands in: by person, enterprise, kind and the day of what happened."""
    return sorted({f"{one.worker_id}|{uscc}|{one.kind}|{one.known_on}" for one in claims for uscc in enterprises})


def pursued(claims: Iterable[Claim], enterprises: Collection[str]) -> list[Pursued]:
    """What is claimed of each enterprise, as inspection knows it too."""
    return sorted({Pursued(one.worker_id, uscc, one.kind) for one in claims for uscc in enterprises})
