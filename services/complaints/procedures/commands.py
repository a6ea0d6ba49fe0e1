"""Keep which procedures have a claim, and say which do."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from services.complaints.procedures.documents import ClaimProcedures
from services.complaints.procedures.rules import Claim, Side
from shared.storage.transaction import Transaction


async def having(side: Side, claims: Iterable[Claim], tx: Transaction) -> dict[Claim, list[str]]:
    """The procedures of a side that have a claim, by claim; only of claims that are in one."""
    claims = list(claims)
    await tx.load(ClaimProcedures, [claim.id for claim in claims])
    rows = [(claim, await ClaimProcedures.of(claim.id, tx)) for claim in claims]
    return {claim: row.having(side) for claim, row in rows if row is not None and row.having(side)}


async def enter(side: Side, procedure: str, claims: Iterable[Claim], tx: Transaction) -> None:
    """Keep that a procedure has claims."""
    for claim in claims:
        row = await ClaimProcedures.of(claim.id, tx) or ClaimProcedures(
            id=claim.id, worker_id=claim.worker_id, enterprise=claim.enterprise, kind=claim.kind
        )
        if procedure not in row.having(side):
            row.having(side).append(procedure)
            await row.put(tx)


async def leave(side: Side, procedure: str, tx: Transaction, *, but: Collection[Claim] = ()) -> None:
    """Keep that a procedure has no claims any more, `but` for these."""
    kept = {claim.id for claim in but}
    for row in await tx.find(ClaimProcedures, {side: procedure}):
        if row.id not in kept:
            row.having(side).remove(procedure)
            await _keep(row, tx)


async def merge_worker(worker_id: str, merged_worker_id: str, tx: Transaction) -> None:
    """Give a person's claims to the record that has taken the other's place. Where inspection has what a dispute has, both go on."""
    for row in await tx.find(ClaimProcedures, {"worker_id": merged_worker_id}):
        claim = Claim(worker_id, row.enterprise, row.kind)
        for procedure in row.inspections:
            await enter("inspections", procedure, [claim], tx)
        for procedure in row.disputes:
            await enter("disputes", procedure, [claim], tx)
        tx.delete(ClaimProcedures, row.id)


async def erase_worker(worker_id: str, tx: Transaction) -> None:
    """A person's claims go, but for those that are being decided."""
    for row in await tx.find(ClaimProcedures, {"worker_id": worker_id}):
        row.inspections = []
        await _keep(row, tx)


async def _keep(row: ClaimProcedures, tx: Transaction) -> None:
    if row.inspections or row.disputes:
        await row.put(tx)
    else:
        tx.delete(ClaimProcedures, row.id)
