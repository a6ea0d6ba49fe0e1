"""Which enrolments a caller sees: persons their own, platforms and unions those that they made, bodies those of their courses, and
officers those of the programmes that they check."""

from __future__ import annotations

from typing import Annotated, Any

from services.subsidies.enrolments.documents import Enrolment
from services.subsidies.providers.access import POST
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.transaction import Transaction
from shared.web.scope import HRSS, callers, reach

Agents = Annotated[Caller, callers("platform", "union")]
"""Who enrols others."""
Participant = Annotated[Caller, callers("worker", "platform", "union")]
Reader = Annotated[
    Caller, callers("worker", "platform", "union", "provider", departments=[HRSS, POST], district="document")
]


def seen_by(caller: Caller) -> dict[str, Any]:
    """The condition on enrolments that a caller may see."""
    own = reach(
        caller, worker="worker_id", platform="agent_id", union="agent_id", provider="bodies", district="district"
    )
    return own | ({"department": caller.department} if caller.role == "officer" else {})


async def enrolment_of(enrolment_id: str, caller: Caller, tx: Transaction | None = None) -> Enrolment:
    """An enrolment that the caller may see; any other is not found."""
    enrolment = await Enrolment.of(enrolment_id, tx)
    if enrolment is None or not _fits(enrolment, seen_by(caller)):
        raise NotFound("该报名", "this enrolment")
    return enrolment


def _fits(enrolment: Enrolment, condition: dict[str, Any]) -> bool:
    named = {name: getattr(enrolment, name) for name in condition}
    return all(value in named[name] if name == "bodies" else named[name] == value for name, value in condition.items())
