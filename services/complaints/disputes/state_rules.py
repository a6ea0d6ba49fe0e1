"""What may happen to a dispute, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from shared.contracts.complaints import DisputeApplicant, DisputeMove, DisputePartyRole, DisputeState, Forum
from shared.errors import Forbidden
from shared.states import Machine

Side = Literal["worker", "enterprise", "forum"]
"""Who takes a step: a worker, an enterprise, or an officer of the body that has the dispute in hand."""

Applicant = DisputeApplicant
"""The side that brought a dispute: a worker with a grievance, or an enterprise that applied for arbitration against one."""

State = DisputeState
Move = DisputeMove

_WITHIN: Final[tuple[Move, ...]] = (
    "serve", "defend", "copy_defence", "name_panel", "set_hearing", "extend", "pause", "resume", "advance", "award_part",
    "counter_apply", "counter_accept", "counter_refuse", "counter_apart", "counter_defend", "counter_leave", "counter_sue", "join",
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
    ("grievance", "apply"): "filed",
    ("grievance", "sue"): "court_filed",
    ("negotiation", "mediate"): "mediation",
    ("negotiation", "apply"): "filed",
    ("negotiation", "sue"): "court_filed",
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
    ("payment_order", "issue_order"): "payment_order",
    ("payment_order", "lapse"): "effective",
    ("payment_order", "perform"): "performed",
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
    ("arbitration", "joined"): "closed",
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
    **{(state, "sue"): state for state in _IN_COURT},
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
    **dict.fromkeys(("negotiate", "mediate", "apply", "breach", "ask_payment_order", "withdraw"), _WORKER),
    **dict.fromkeys(("sue", "ask_confirmation", "execute", "appeal"), _PARTIES),
    **dict.fromkeys(("settle", "fail", "leave"), _PARTIES | _FORUM),
    **dict.fromkeys(
        ("accept", "refuse", "serve", "copy_defence", "name_panel", "set_hearing", "extend", "pause", "resume", "advance",
         "award_part", "award", "reject", "set_aside", "confirm", "deny", "issue_order", "end_order", "judge",
         "take_effect", "end_execution"),
        _FORUM,
    ),
}  # fmt: skip
"""Who may take a step. What is not named here happens by itself, where a term is over, or follows from another."""

WHO_AGAINST_WORKER: Final[Mapping[Move, frozenset[Side]]] = {
    **WHO,
    "defend": _WORKER,
    "perform": _ENTERPRISE | _FORUM,
    **dict.fromkeys(("apply", "withdraw"), _ENTERPRISE),
    **dict.fromkeys(("answer", "negotiate", "mediate", "breach", "ask_payment_order"), frozenset[Side]()),
}  # fmt: skip
"""The same where an enterprise applied: the worker answers. It comes to arbitration only; before that there is nothing in the file."""

BESIDE: Final[frozenset[Move]] = frozenset(
    {
        "counter_apply",
        "counter_accept",
        "counter_refuse",
        "counter_apart",
        "counter_defend",
        "counter_leave",
        "counter_sue",
        "join",
        "joined",
    }
)
"""What has routes of its own: counter-applications, and applications that are tried together."""

SETTLES: Final[Mapping[State, Side]] = {
    "grievance": "enterprise", "negotiation": "worker", "mediation": "forum", "arbitration": "forum", "court": "forum",
}  # fmt: skip
"""Who records that both sides agree: the enterprise by giving what the grievance asks, the worker in a negotiation."""

INTERRUPTS: Final[Mapping[Move, Literal["claimed_of_other_side", "asked_authority", "other_side_agreed"]]] = {
    "negotiate": "claimed_of_other_side",
    "mediate": "asked_authority",
    "apply": "asked_authority",
    "sue": "asked_authority",
    "ask_payment_order": "asked_authority",
    "settle": "other_side_agreed",
}
"""Steps that interrupt the limitation, where the worker takes them or both sides agree (劳动争议调解仲裁法 art. 27)."""

DATED_BY_PARTIES: Final[frozenset[Move]] = frozenset({"mediate"})
"""Steps that a party may record later: a body outside this system may have got the application before."""

APPROVED: Final[frozenset[Move]] = frozenset({"extend", "refuse", "counter_refuse"})
"""What an officer who approves decides (art. 43: 经劳动争议仲裁委员会主任批准)."""

URGENT: Final[frozenset[Move]] = frozenset({"advance"})
"""What cannot wait until it is decided whether an officer stays away (劳动人事争议仲裁办案规则 art. 12)."""

FORUM_OF: Final[Mapping[State, Forum]] = {
    **dict.fromkeys(("filed", "arbitration", "awarded", "awarded_finally"), "arbitration"),
    **dict.fromkeys(("setting_aside", "set_aside", "court_filed", "court", "judged", "payment_order", "execution"), "court"),
}  # fmt: skip
"""Which body has a dispute in hand; in a mediation and a confirmation it is the one that was asked."""

MEDIATORS: Final[frozenset[Forum]] = frozenset({"people", "arbitration", "court", "union", "trade", "enterprise"})


def check_side(
    state: State, move: Move, side: Side, applicant: Applicant = "worker", role: DisputePartyRole | None = None
) -> None:
    """Raise Forbidden where this side does not take the step. A third party, whom the outcome touches, puts in its own defence,
    whoever applied (劳动争议调解仲裁法 art. 23, 30)."""
    if (move, side, role) == ("defend", "enterprise", "third_party"):
        return
    who = WHO if applicant == "worker" else WHO_AGAINST_WORKER
    if side not in who.get(move, frozenset()) or (move == "settle" and side != SETTLES.get(state, side)):
        raise Forbidden("此步骤由其他当事方或机构办理", "this step is for somebody else")


def check_claimant(side: Side, applicant: Applicant) -> None:
    """Raise Forbidden where this side says what the limitation of the other side's claims is."""
    if side not in (applicant, "forum"):
        raise Forbidden("由申请人或者办理机构登记", "who claims, or the body that has it in hand, says so")
