"""Who may open which dossier, and whose timelines it is made of."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from services.registry.dossier.rules import Reader, account_subject, enterprise_subject, worker_subject
from services.registry.engagements.documents import Engagement
from services.registry.memberships.access import shared_with
from services.registry.unions import scopes
from services.registry.workers.documents import Worker
from shared import clock
from shared.callers import Caller
from shared.errors import Forbidden, NotFound
from shared.identity.regions import CITY
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.storage.audit import write_down
from shared.web.scope import ALL, callers

WorkersReader = Annotated[Caller, callers("worker", "platform", "union", article=ALL, district="document")]
EnterprisesReader = Annotated[Caller, callers("platform", "union", article=ALL, district="document")]


async def of_worker(worker_id: str, caller: Caller) -> tuple[Reader, list[str]]:
    """The reader and the timelines of a worker's dossier; `me` is the caller. Raises NotFound for one whom the caller may
    not see.

    An officer's or a union's reading is written down before anything is shown.
    """
    if worker_id == "me":
        worker_id = str(caller.worker_id)
    elif caller.role == "worker" and caller.worker_id != worker_id:
        raise Forbidden()
    worker = await Worker.standing(worker_id)
    if worker is None:
        raise _unknown()
    engagements = await Engagement.find({"worker_id": worker.id}).to_list()
    shared = await shared_with(caller, worker.id) if caller.role == "union" else None
    match caller.role:
        case "officer":
            sees = caller.reaches(None) or any(caller.reaches(one.district) for one in engagements)
        case "platform":
            sees = any(one.platform == caller.uscc for one in engagements)
        case "union":
            sees = shared is not None
        case _:
            sees = True
    if not sees:
        raise _unknown()
    if caller.role in ("officer", "union"):
        await write_down("worker.dossier_read", worker.id, caller)
    accounts = sorted({account_subject(one.platform, one.worker_ref) for one in engagements})
    reader = replace(_reader(caller), shared=shared)
    return reader, [*(worker_subject(one) for one in (worker.id, *worker.aliases)), *accounts]


async def of_enterprise(uscc: str, caller: Caller) -> tuple[Reader, list[str]]:
    """The reader and the timeline of an enterprise's dossier; raises Forbidden or NotFound for whoever may not open it.

    An officer's or a union's reading is written down before anything is shown.
    """
    if caller.role == "platform" and caller.uscc != uscc:
        raise Forbidden()
    districts = _districts(caller)
    if caller.role == "union":
        districts = await scopes.districts_within(caller, uscc)
        if not districts:
            raise NotFound("该企业", "this enterprise")
        districts = None if CITY in districts else districts
    if caller.role != "platform":
        await write_down("enterprise.dossier_read", uscc, caller)
    return _reader(caller, districts, of_enterprise=True), [enterprise_subject(uscc)]


def _reader(caller: Caller, districts: frozenset[str] | None = None, *, of_enterprise: bool = False) -> Reader:
    assert caller.role in ("worker", "platform", "officer", "union")
    return Reader(
        caller.role,
        platform=caller.uscc,
        department=caller.department,
        districts=districts or _districts(caller),
        of_enterprise=of_enterprise,
        closed=parameters.on(shanghai_date(clock.now())).texts("complaint.sensitive"),
    )


def _districts(caller: Caller) -> frozenset[str] | None:
    if caller.role != "officer" or caller.of_whole_city:
        return None
    return frozenset({str(caller.district)})


def _unknown() -> Exception:
    return NotFound("该劳动者", "this worker")
