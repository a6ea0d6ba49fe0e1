"""Who sees and decides on an application for legal aid (法律援助法 art. 21: what is learnt of it stays within)."""

from __future__ import annotations

from typing import Any

from services.complaints.cases.documents import Case
from services.complaints.legal_aid.documents import LegalAid
from services.complaints.members.commands import standing
from services.complaints.officers import commands as officers
from services.complaints.officers.documents import Officer
from services.complaints.officers.rules import Duty, Matter
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction
from shared.web.scope import fits


async def seen_by(caller: Caller) -> dict[str, Any]:
    """The condition on the applications that a caller sees: their own, or those of an officer's body and district."""
    if caller.role == "worker":
        return {"worker_id": caller.worker_id}
    officer = await officers.registered(caller)
    reached = {} if officer.person.everywhere else {"district": officer.district}
    return {"department": officer.department, **reached}


async def aid_of(aid_id: str, caller: Caller, tx: Transaction | None = None) -> LegalAid:
    """An application that the caller sees; any other is not found."""
    aid = await LegalAid.of(aid_id, tx)
    if aid is None or not fits(aid, await seen_by(await standing(caller, [aid.worker_id], tx))):
        raise NotFound("该法律援助申请", "the application for legal aid")
    return aid


async def origin_shown(aid: LegalAid, caller: Caller) -> str | None:
    """Where an application comes from, as the caller may know it: it would tell officers who reports in confidence (劳动保障监察条例
    art. 9), or name a sensitive case outside its circle, or one to whom stays away from it (art. 16)."""
    kind, _, case_id = (aid.origin or "").partition(":")
    if caller.role == "worker" or kind != "case":
        return aid.origin
    case = await Case.of(case_id)
    if case is None or case.protected or caller.subject in case.away:
        return None
    return aid.origin if case.circle is None or case.circle in (await officers.registered(caller)).circles else None


async def own_aid(aid_id: str, worker: Caller, seen: int, tx: Transaction) -> LegalAid:
    """A worker's own application, as they read it."""
    aid = await aid_of(aid_id, worker, tx)
    require_revision(seen, aid.revision)
    return aid


async def aid_in_hand(aid_id: str, caller: Caller, duty: Duty, seen: int, tx: Transaction) -> tuple[LegalAid, Officer]:
    """An application that an officer decides on, as they read it, and the officer."""
    aid = await aid_of(aid_id, caller, tx)
    officer = await officers.on_duty(caller, duty, Matter(departments=[aid.department], district=aid.district), tx)
    require_revision(seen, aid.revision)
    return aid, officer
