"""Who sees a dispute, on which side a caller stands, and who takes its steps."""

from __future__ import annotations

from typing import Any

from services.complaints.disputes.documents import Dispute
from services.complaints.disputes.state_rules import APPROVED, URGENT, Move, Side
from services.complaints.disputes.suit_rules import AGAINST_AWARD
from services.complaints.members.commands import standing
from services.complaints.officers import commands as officers
from services.complaints.officers.documents import Officer
from services.complaints.officers.rules import Duty, Matter, check_not_away
from services.complaints.parties.documents import Engagement
from shared.callers import Caller
from shared.errors import Conflict, Forbidden, NotFound
from shared.storage.records import find, require_revision
from shared.storage.transaction import Transaction


async def seen_by(caller: Caller) -> dict[str, Any]:
    """The condition on disputes that a caller sees: a worker's own, those with an enterprise, and those that are or were decided
    with an officer's department, in their district, but with an enterprise that they stay away from, or themselves stayed away."""
    match caller.role:
        case "worker":
            return {"workers": caller.worker_id}
        case "platform":
            return {"enterprises": caller.uscc}
    officer = await officers.registered(caller)
    reached = {} if officer.person.everywhere else {"district": officer.district}
    away = [one.enterprise for one in officer.interests]
    avoided = {"enterprises": {"$nin": away}} if away else {}
    return {"departments": officer.department, "away": {"$nin": [officer.id]}, **reached, **avoided}


async def dispute_of(dispute_id: str, caller: Caller, tx: Transaction | None = None) -> Dispute:
    """A dispute that the caller sees; any other is not found. Raises Forbidden for an officer who stays away from it."""
    dispute = await Dispute.of(dispute_id, tx)
    if dispute is not None and caller.role == "officer":
        check_not_away(caller.subject, dispute.away)
    if dispute is None or not _fits(dispute, await seen_by(await standing(caller, dispute.workers, tx))):
        raise NotFound("该争议", "the dispute")
    return dispute


async def in_hand(
    dispute_id: str, caller: Caller, step: Move | None, seen: int, tx: Transaction
) -> tuple[Dispute, Side]:
    """A dispute on which the caller takes a step, as they read it, and the side on which they stand."""
    dispute = await dispute_of(dispute_id, caller, tx)
    side = side_of(caller)
    acting = await standing(caller, dispute.workers, tx)
    alone = sues_alone(dispute, acting, step) or answers_alone(dispute, acting, step)
    if side == "worker" and acting.worker_id not in dispute.speakers and not alone:
        raise Forbidden("由推举的代表或者申请人办理", "the representatives or the first applicant act for all")
    if side == "forum":
        await _on_duty(dispute, caller, step, tx)
    require_revision(seen, dispute.revision)
    return dispute, side


def sues_alone(dispute: Dispute, caller: Caller, step: Move | None) -> bool:
    """Whether one of several workers, for whom others act, sues against an award by themselves (解释（一） art. 17)."""
    return step == "sue" and dispute.state in AGAINST_AWARD and caller.worker_id not in dispute.speakers


def answers_alone(dispute: Dispute, caller: Caller, step: Move | None) -> bool:
    """Whether one of several workers, for whom others act, answers what an enterprise claims of them in a counter-application."""
    return step == "counter_defend" and any(
        claim.worker_id == caller.worker_id for claim in dispute.of_side("enterprise")
    )


async def known_to(uscc: str | None, dispute: Dispute) -> dict[str, str]:
    """The workers of a dispute as an enterprise knows them: by its own references, or by their place."""
    wanted = {"worker_id": {"$in": dispute.workers}, "platform": uscc}
    refs = {one.worker_id: one.worker_ref for one in await find(Engagement, wanted)}
    return {one: refs.get(one, f"#{place}") for place, one in enumerate(dispute.workers, start=1)}


def side_of(caller: Caller) -> Side:
    if caller.role == "worker":
        return "worker"
    return "enterprise" if caller.role == "platform" else "forum"


async def forum_on_duty(dispute: Dispute, caller: Caller, duty: Duty, tx: Transaction) -> Officer:
    """An officer of the body that has a dispute in hand, who has a duty there and stays away from none of its parties."""
    for enterprise in dispute.enterprises:
        matter = Matter(departments=[dispute.department], district=dispute.district, enterprise=enterprise)
        officer = await officers.on_duty(caller, duty, matter, tx)
    return officer


async def _on_duty(dispute: Dispute, caller: Caller, step: Move | None, tx: Transaction) -> None:
    officer = await forum_on_duty(dispute, caller, "approver" if step in APPROVED else "handler", tx)
    if officer.id in dispute.standing_back and step not in URGENT:
        raise Conflict(
            "recusal-waits",
            "回避申请尚未决定，您暂停参与本案",
            "a party asks that the officer stay away: until it is decided they take no part",
        )


def _fits(dispute: Dispute, condition: dict[str, Any]) -> bool:
    def fits(held: object, value: object) -> bool:
        if isinstance(value, dict):
            return isinstance(held, list) and not {*held} & {*value["$nin"]}
        return value in held if isinstance(held, list) else held == value

    return all(fits(getattr(dispute, field), value) for field, value in condition.items())
