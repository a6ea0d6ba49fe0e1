"""What follows from a finding: an order to put right, or a reason why there is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from services.complaints.inspections import rules
from services.complaints.inspections.access import inspection_for
from services.complaints.inspections.documents import Followed, Inspection, encrypted_reason
from services.complaints.officers.documents import Officer
from shared import clock
from shared.callers import Caller
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import Transaction


async def order(inspection: Inspection, items: Sequence[str], directive_id: str, by: Officer, tx: Transaction) -> None:
    """Keep that an order to put right follows from what was found of these items, before or after the result is public."""
    rules.check_violated(items, inspection.violated)
    _keep(inspection, Followed(items=sorted(set(items)), directive_id=directive_id, by=by.id, on=_today()))
    await inspection.put(tx)


async def leave(inspection_id: str, items: Sequence[str], reason: str, caller: Caller, tx: Transaction) -> Inspection:
    """Keep why no order follows from what was found of these items, by an officer who did not inspect."""
    inspection, officer = await inspection_for(inspection_id, caller, "approver", tx)
    inspection.state = rules.INSPECTION.next(inspection.state, "leave")
    rules.check_second_officer(officer.id, inspection.inspectors)
    rules.check_violated(items, inspection.violated)
    text = encrypted_reason(inspection.id, reason)
    _keep(inspection, Followed(items=sorted(set(items)), reason=text, by=officer.id, on=_today()))
    return await inspection.put(tx)


def _keep(inspection: Inspection, followed: Followed) -> None:
    inspection.followed = [*inspection.followed, followed]


def _today() -> dt.date:
    return shanghai_date(clock.now())
