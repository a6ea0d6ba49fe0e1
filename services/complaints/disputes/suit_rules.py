"""Who may sue, and who takes a suit back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from services.complaints.disputes.rules import Claim
from services.complaints.disputes.state_rules import Applicant, Move, Side, State
from shared.contracts.platform import Relation
from shared.errors import Conflict, Forbidden, RuleBroken

IN_COURT: Final[frozenset[State]] = frozenset({"court_filed", "court"})
AGAINST_AWARD: Final[frozenset[State]] = frozenset({"awarded", "awarded_finally", "setting_aside", "set_aside"})
"""States from which each party sues against an award, or on a dispute whose award was set aside, for itself."""
_OVER: Final[frozenset[Move]] = frozenset({"leave", "leave_award", "leave_final", "refuse"})
_BRINGS_ELSEWHERE: Final[frozenset[Move]] = frozenset({"apply", "sue", "ask_to_set_aside", "appeal"})


@dataclass(frozen=True, slots=True)
class Suit:
    """A suit as it stands: the sides that sued, and whether a court has judged."""

    sides: frozenset[Side] = frozenset()
    judged: bool = False


NO_SUIT: Final = Suit()


def suit_of(steps: Iterable[tuple[Move, Side | None]]) -> Suit:
    """The suit that the steps of a dispute have led to."""
    sides: set[Side] = set()
    judged = False
    for step, side in steps:
        if step == "sue" and side is not None:
            sides.add(side)
        elif step in _OVER:
            sides.clear()
        judged = judged or step == "judge"
    return Suit(frozenset(sides), judged)


def decides_now(steps: Iterable[tuple[Move, Side | None, str | None]]) -> str | None:
    """The officer of the last step of the body that decides now; None where none was taken since a party brought the dispute there."""
    officer, sued = None, False
    for step, side, by in steps:
        if side == "forum":
            officer = by
        elif step in _BRINGS_ELSEWHERE and not (
            step == "sue" and sued
        ):  # the other side's suit is tried with the first
            officer = None
        sued = step == "sue" or (sued and step not in _OVER)
    return officer


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
    suit: Suit = NO_SUIT,
    applicant: Applicant = "worker",
) -> None:
    """Raise unless this side may sue now.

    From the way before a decision: claims of no labour relation, or of pay by an acknowledgement or a breached agreement
    (解释（一） art. 13, 15, 51). What arbitration refused or did not take up in time is sued on by who applied (art. 29), what it did
    not award in time by either side (art. 43). After an award: by `sue_by`, after a final one the worker alone (art. 48, 50); beside
    the other side's suit, which is tried with it (解释（一） art. 4).
    """
    match state:
        case "grievance" | "negotiation" | "open" | "breached":
            civil = relation != "employment" and all(one.kind != "employment_relation" for one in claims)
            if not (civil or direct or all(one.iou and one.kind == "pay" for one in claims)):
                raise RuleBroken("arbitration-first", "该争议应先申请劳动仲裁", "arbitration comes before the court")
        case "filed" | "refused" if side != applicant:
            raise Forbidden("仲裁不予受理或者逾期未决定的，由申请人起诉", "who applied for arbitration sues")
        case "filed" | "arbitration":
            if due is None or today <= due:
                raise Conflict("term-runs", "仲裁机构的办理期限尚未届满", "the term of arbitration is not over")
        case "awarded_finally" | "setting_aside" if side != "worker":
            raise Conflict(
                "final-award", "终局裁决仅劳动者可以起诉，用人单位可以申请撤销", "a final award binds the employer"
            )
        case "court_filed" | "court" if side in suit.sides or suit.judged:
            raise Conflict("sued-already", "已经起诉或者已有裁判", "this side has sued, or a court has judged")
        case "awarded" | "awarded_finally" | "setting_aside" | "set_aside" | "court_filed" | "court":
            last = sue_by.get(side)
            if last is None or today > last:
                raise Conflict("suit-late", "起诉期限已届满", "the term to sue is over")
        case _:
            pass


def check_leave(state: State, side: Side, suit: Suit, applicant: Applicant = "worker") -> None:
    """Raise unless this side takes an application or a suit back.

    Who applied takes it back; a body records that who stays away from the hearing counts as having done so
    (劳动争议调解仲裁法 art. 36; 民事诉讼法 art. 146). A suit is taken back by who sued; where the other side has sued too the court
    goes on (解释（一） art. 4), and once it has judged there is none to take back, but an appeal.
    """
    if state not in IN_COURT:
        if side == applicant or (side == "forum" and state == "arbitration"):
            return
        raise Forbidden("由申请人撤回", "who applied takes it back")
    if suit.judged:
        raise Conflict("judged-already", "一审已经裁判，撤回上诉由人民法院裁定", "a court has judged already")
    if side == "forum":
        return
    if side not in suit.sides:
        raise Forbidden("由起诉的一方撤诉", "who sued takes the suit back")
    if len(suit.sides) > 1:
        raise Conflict(
            "both-sued", "对方也已起诉，由人民法院继续审理", "the other side has sued too: the court goes on"
        )


def left_by(move: Move, *, after: Literal["final", "other"] | None) -> Move:
    """What it means that a suit is taken back or refused: without an award the way is open again, one not final takes effect, and
    against a final one the employer's term runs anew (解释（一） art. 21)."""
    if after is None:
        return move
    return "leave_final" if after == "final" else "leave_award"


def check_appeal(steps: Iterable[Move]) -> None:
    """Raise Conflict against a judgment on appeal: it is the last (民事诉讼法 art. 182)."""
    if "appeal" in steps:
        raise Conflict("judged-finally", "二审裁判为终审裁判，不能再上诉", "a judgment on appeal is final")
