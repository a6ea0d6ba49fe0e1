"""Keep which procedures have a claim, and say which do."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import get_args

from services.complaints.procedures.documents import ClaimProcedures
from services.complaints.procedures.rules import ALONE, DISPUTES, Claim, Side
from shared.errors import Conflict
from shared.storage.records import find
from shared.storage.transaction import Transaction


async def having(claims: Iterable[Claim], tx: Transaction, *sides: Side) -> dict[Claim, list[str]]:
    """The procedures of some sides that have a claim, by claim; only of claims that are in one."""
    claims = list(claims)
    await tx.load(ClaimProcedures, [claim.id for claim in claims])
    rows = [await ClaimProcedures.of(claim.id, tx) for claim in claims]
    found = {row.claim: [one for side in sides for one in row.having(side)] for row in rows if row is not None}
    return {claim: procedures for claim, procedures in found.items() if procedures}


async def standing(claims: Iterable[Claim]) -> list[ClaimProcedures]:
    """What is known of claims that are in a procedure, to be shown."""
    ids = sorted(claim.id for claim in claims)
    return await find(ClaimProcedures, {"_id": {"$in": ids}}) if ids else []


async def enter(side: Side, procedure: str, claims: Iterable[Claim], tx: Transaction) -> None:
    """Keep that a procedure has claims; raises Conflict where that would let two decide on one."""
    for claim in claims:
        row = await ClaimProcedures.of(claim.id, tx) or ClaimProcedures(
            id=claim.id, worker_id=claim.worker_id, enterprise=claim.enterprise, kind=claim.kind
        )
        if side in ALONE and row.having(ALONE[side]):
            raise Conflict("claim-elsewhere", "同一请求正由另一程序办理", "another procedure decides on the claim")
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


async def put_dispute(dispute_id: str, side: Side | None, claims: Collection[Claim], tx: Transaction) -> None:
    """Keep where a dispute with its claims is now: on one side, or on none."""
    found = await tx.find(ClaimProcedures, {"$or": [{one: dispute_id} for one in DISPUTES]})
    for row in found:
        for one in DISPUTES:
            if one != side and dispute_id in row.having(one):
                row.having(one).remove(dispute_id)
                await _keep(row, tx)
    if side is not None:
        await enter(side, dispute_id, claims, tx)


async def give_up(case_id: str, people: Collection[str], tx: Transaction) -> bool:
    """Keep that an investigation has no claims of these people any more; whether it has any left."""
    rows = await tx.find(ClaimProcedures, {"inspections": case_id})
    for row in rows:
        if row.worker_id in people:
            row.inspections.remove(case_id)
            await _keep(row, tx)
    return any(row.worker_id not in people for row in rows)


async def merge_worker(worker_id: str, merged_worker_id: str, tx: Transaction) -> list[Claim]:
    """Give a person's claims to the record that has taken the other's place. Of what inspection has of the one and a dispute of
    the other, the claims are returned: inspection gives way."""
    both = []
    for merged in await tx.find(ClaimProcedures, {"worker_id": merged_worker_id}):
        claim = Claim(worker_id, merged.enterprise, merged.kind)
        row = await ClaimProcedures.of(claim.id, tx) or ClaimProcedures(
            id=claim.id, worker_id=worker_id, enterprise=claim.enterprise, kind=claim.kind
        )
        for side in get_args(Side):
            row.having(side)[:] = dict.fromkeys([*row.having(side), *merged.having(side)])
        await row.put(tx)
        tx.delete(ClaimProcedures, merged.id)
        if row.inspections and row.disputes:
            both.append(claim)
    return both


async def erase_worker(worker_id: str, tx: Transaction) -> None:
    """A person's claims go, but for those that are being decided."""
    for row in await tx.find(ClaimProcedures, {"worker_id": worker_id}):
        row.inspections, row.mediations, row.civil_mediations = [], [], []
        await _keep(row, tx)


async def _keep(row: ClaimProcedures, tx: Transaction) -> None:
    if any(row.having(side) for side in get_args(Side)):
        await row.put(tx)
    else:
        tx.delete(ClaimProcedures, row.id)
