"""Whose messages a caller may read: their own, an officer's also those of the own desk, or of those whom the office serves."""

from __future__ import annotations

from typing import Annotated, Any

from services.notifier.deliveries.rules import Box
from services.notifier.notices.rules import RecipientKind
from services.notifier.notices.table import PRIVATE
from services.notifier.recipients.documents import Contact, contact_id
from services.notifier.recipients.rules import department_of
from shared.callers import Caller
from shared.errors import Forbidden
from shared.storage.records import find
from shared.storage.transaction import Transaction
from shared.web.scope import ALL, HRSS, callers, reach

Reader = Annotated[Caller, callers("worker", "platform", "provider", "union", article=ALL, district="document")]


async def own_boxes(caller: Caller, tx: Transaction | None = None) -> list[Box]:
    """What is the caller's own: an officer's messages, and behind them those of the desk of their department and district; those of
    every union that somebody acts for; those that a person got under records that were merged into theirs."""
    if caller.role == "worker":
        contact = await Contact.of(contact_id("worker", caller.worker_id or ""), tx)
        return [Box("worker", [caller.worker_id or "", *(contact.merged if contact else ())])]
    if caller.role == "union":
        unions = await find(Contact, {"officers": caller.subject}, tx)
        return [Box("union", sorted(one.recipient for one in unions))]
    if caller.role == "officer":
        desk = f"{caller.department}:{caller.district}"
        return [Box("officer", [caller.subject]), Box("department", [desk])]
    return [Box("provider" if caller.role == "provider" else "platform", [caller.uscc or ""])]


async def box_of(caller: Caller, kind: RecipientKind | None, recipient: str | None) -> tuple[Box, dict[str, Any]]:
    """Whose messages the caller asks for, and a further condition on them; raises `Forbidden` where they may not see them.

    Without a recipient they are the caller's own; an officer of the labour department reads others' too, as far as they
    belong to the officer's district and are not private (who reports in confidence, or asks for legal aid), and those of any
    department what their desks are told in the districts that they reach.
    """
    own = await own_boxes(caller)
    if recipient is None:
        found = next((box for box in own if kind in (None, box.kind)), None)
        if found is None:
            raise Forbidden()
        return found, {}
    asked = Box(kind or ("worker" if caller.role == "officer" else own[0].kind), [recipient])
    if any(asked.kind == box.kind and recipient in box.recipients for box in own) or _is_desk_of(caller, asked):
        return asked, {}
    if not caller.is_officer_of(HRSS):
        raise Forbidden()
    return asked, {**reach(caller, district="district"), "template": {"$nin": PRIVATE}}


def _is_desk_of(officer: Caller, box: Box) -> bool:
    desk = box.recipients[0]
    return (
        box.kind == "department"
        and officer.is_officer_of(department_of(desk))
        and officer.reaches(desk.partition(":")[2])
    )


async def contacts_of(box: Box) -> dict[str, Contact]:
    """How the recipients of a box are reached, by recipient, where that is known."""
    found = await find(Contact, {"_id": {"$in": [contact_id(box.kind, one) for one in box.recipients]}})
    return {one.recipient: one for one in found}
