"""The dependants of a dead or missing worker, over HTTP: officers alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, status

from services.insurance.access import Bureau
from services.insurance.benefits.documents import Benefit
from services.insurance.benefits.missing_views import ValueToEnter
from services.insurance.claims import access
from services.insurance.dependants import change_commands, commands, wage_commands
from services.insurance.dependants.documents import Register
from services.insurance.dependants.views import (
    DependantChange,
    DependantEnd,
    DependantsToRegister,
    RegisterView,
    register_view,
)
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.audit import write_down
from shared.storage.records import find
from shared.storage.transaction import Transaction, transact
from shared.web.idempotency import IdempotentRoute

router = APIRouter(prefix="/v1/claims/{claim_id}/dependants", tags=["benefits 待遇"], route_class=IdempotentRoute)


@router.post("", status_code=status.HTTP_201_CREATED)
async def register_dependants(claim_id: str, body: DependantsToRegister, officer: Bureau) -> RegisterView:
    """Grant dependants a pension each, to accounts of their own (工伤保险条例 art. 39, 1, 2): those of a dead worker, and of a missing
    one from the fourth month on (art. 41). Together they never draw more than the wage; all are divided anew where others join."""
    people, terms = [one.supported() for one in body.dependants], body.terms()
    return await _changed(claim_id, officer, lambda tx: commands.register(claim_id, people, terms, officer.subject, tx))


@router.get("")
async def read_dependants(claim_id: str, officer: Bureau) -> RegisterView:
    """Who draws what. The reading is recorded."""
    await access.find(claim_id, officer)
    file = await Register.of(claim_id)
    if file is None:
        raise NotFound("供养亲属登记", "a register of dependants")
    await write_down("dependants.read", claim_id, officer)
    return await _view(file)


@router.put("/values")
async def enter_value(claim_id: str, body: ValueToEnter, officer: Bureau) -> RegisterView:
    """Enter what the wage waits for that the dependants share (`missing`), with its document: each one's pension follows from it."""
    return await _changed(
        claim_id,
        officer,
        lambda tx: wage_commands.enter(claim_id, body.key, body.value, body.document, officer.subject, tx),
    )


@router.post("/{number}/end")
async def end_dependant(claim_id: str, number: int, body: DependantEnd, officer: Bureau) -> RegisterView:
    """End one dependant's pension: it stops after the month of that day, and the others' grow where the wage had cut them."""
    return await _changed(
        claim_id, officer, lambda tx: change_commands.end(claim_id, number, body.why, body.on, officer.subject, tx)
    )


@router.post("/{number}/changes")
async def change_dependant(claim_id: str, number: int, body: DependantChange, officer: Bureau) -> RegisterView:
    """Record that a dependant is alone now, or has lost all capacity for work, or not any more."""
    return await _changed(
        claim_id,
        officer,
        lambda tx: change_commands.revise(
            claim_id, number, body.lone, body.incapacitated, body.since, officer.subject, tx
        ),
    )


async def _changed(
    claim_id: str, officer: Caller, change: Callable[[Transaction], Awaitable[Register]]
) -> RegisterView:
    async def work(tx: Transaction) -> Register:
        await access.find(claim_id, officer, tx)
        return await change(tx)

    return await _view(await transact(work))


async def _view(file: Register) -> RegisterView:
    return register_view(file, await find(Benefit, {"claim_id": file.id}))
