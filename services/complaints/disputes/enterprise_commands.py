"""An enterprise applies for arbitration against a worker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from services.complaints.disputes import commands, rules
from services.complaints.disputes.documents import Dispute, encrypted_text
from services.complaints.disputes.opening_commands import Claiming, claims_of
from services.complaints.disputes.rules import Taking
from services.complaints.disputes.term_commands import today
from services.complaints.members.commands import current
from services.complaints.parties.documents import Engagement, ErasedWorker
from shared import faults
from shared.contracts.complaints import Category
from shared.contracts.platform import Relation
from shared.errors import Conflict, NotFound
from shared.ids import new_id, readable_number
from shared.policy.parameters import parameters
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Applying:
    """An application as an enterprise files it. `platform`, `worker_ref`: through whom the worker works, and as whom that platform
    knows them; the enterprise is the platform itself, or its partner there."""

    platform: str
    worker_ref: str
    relation: Relation
    relation_ended_on: dt.date | None
    category: Category
    district: str
    text: str
    claims: Sequence[Claiming]


async def apply(applying: Applying, uscc: str, by: str, tx: Transaction) -> Dispute:
    """File an enterprise's application against a worker of its own (劳动争议调解仲裁法 art. 2, 5, 22, 28). The terms are those of a
    worker's, and so are the body and its steps; raises NotFound for who does not work for it,
    and Conflict for who was erased: an award would be on nobody."""
    worker_id = await _own_worker(applying, uscc, tx)
    dispute_id, on = new_id(), today()
    law = parameters.on(on, place=applying.district)
    dispute = Dispute(
        id=dispute_id,
        number=readable_number("德劳争", dispute_id, on),
        matter=f"dispute:{dispute_id}",
        applicant="enterprise",
        workers=[worker_id],
        enterprises=[uscc],
        relation=applying.relation,
        relation_ended_on=applying.relation_ended_on,
        category=applying.category,
        district=applying.district,
        text=encrypted_text(dispute_id, applying.text),
        claims=claims_of(applying.claims, worker_id, 0, on),
        state="open",
        department=rules.department(None, law),
        opened_on=on,
        stepped_on=on,
        used=[],
    )
    filed = await commands.take(dispute, Taking(step="apply", party=uscc), "enterprise", by, tx)
    faults.reach("dispute.applied")
    return filed


async def _own_worker(applying: Applying, uscc: str, tx: Transaction) -> str:
    known = await tx.find(Engagement, {"platform": applying.platform, "worker_ref": applying.worker_ref})
    own = [one for one in known if uscc in (one.platform, one.partner)]
    if not own:
        raise NotFound("该劳动者", "the worker")
    worker_id = await current(max(own, key=lambda one: one.happened_at).worker_id, tx)
    if await ErasedWorker.of(worker_id, tx) is not None:
        raise Conflict(
            "worker-erased", "该劳动者的信息已按规定删除，不能对其申请仲裁", "what identifies the worker was removed"
        )
    return worker_id
