"""Who may open which dossier, and whose timelines it is made of."""

from __future__ import annotations

from services.registry.dossier.rules import Reader, account_subject, enterprise_subject, worker_subject
from services.registry.engagements.documents import Engagement
from services.registry.unions.documents import Membership, Union
from services.registry.workers.commands import write_down
from services.registry.workers.documents import Worker
from shared.identity.regions import CITY
from shared.storage.transaction import transact
from shared.web.auth import Caller
from shared.web.problems import forbidden, not_found


def reader_of(caller: Caller) -> Reader:
    """The caller as the rules know readers; raises a 403 problem for anybody else."""
    if caller.role == "worker":
        return Reader("worker")
    if caller.role == "platform":
        return Reader("platform", platform=caller.uscc)
    if caller.role == "union":
        return Reader("union")
    if caller.role == "officer" and caller.district is not None:
        district = None if caller.district == CITY else caller.district
        return Reader("officer", department=caller.department, district=district)
    raise forbidden()


async def of_worker(worker_id: str, caller: Caller) -> list[str]:
    """The timelines of a worker's dossier; `me` is the caller. Raises a 404 problem for one whom the caller may not see.

    An officer's or a union's reading is written down before anything is shown.
    """
    if worker_id == "me":
        worker_id = str(caller.worker_id)
    elif caller.role == "worker" and caller.worker_id != worker_id:
        raise forbidden()
    worker = await Worker.standing(worker_id)
    if worker is None:
        raise _unknown()
    engagements = await Engagement.find({"worker_id": worker.id}).to_list()
    if caller.role == "officer":
        if caller.district != CITY and not any(caller.sees_district(one.district) for one in engagements):
            raise _unknown()
        await transact(lambda tx: write_down("worker.dossier_read", worker.id, caller, tx))
    elif caller.role == "platform":
        if not any(one.platform == caller.uscc for one in engagements):
            raise _unknown()
    elif caller.role == "union":
        if not await _acts_for(caller, worker.id):
            raise _unknown()
        await transact(lambda tx: write_down("worker.dossier_read", worker.id, caller, tx))
    elif caller.role != "worker":
        raise forbidden()
    accounts = sorted({account_subject(one.platform, one.worker_ref) for one in engagements})
    return [*(worker_subject(one) for one in (worker.id, *worker.aliases)), *accounts]


async def _acts_for(caller: Caller, worker_id: str) -> bool:
    """Whether a worker is a member of a union that the caller acts for."""
    for membership in await Membership.find({"worker_id": worker_id}).to_list():
        union = await Union.of(membership.union_id) if membership.state == "member" else None
        if union is not None and caller.subject in union.officers:
            return True
    return False


def of_enterprise(uscc: str, caller: Caller) -> list[str]:
    """The timeline of an enterprise's dossier; raises a 403 problem for whoever may not open it."""
    if caller.role == "worker" or (caller.role == "platform" and caller.uscc != uscc):
        raise forbidden()
    return [enterprise_subject(uscc)]


def _unknown() -> Exception:
    return not_found("该劳动者", "this worker")
