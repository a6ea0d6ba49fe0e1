"""What was paid in, over HTTP: the province tells it, and a worker reads their own."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.insurance.contributions import commands as contributions
from services.insurance.contributions.documents import Contribution
from services.insurance.contributions.notices import Notice
from shared.callers import Caller
from shared.contracts.insurance import Insurance
from shared.storage.fields import Yuan
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Worker
from shared.web.paging import Page, PageAsked
from shared.web.scope import callers

router = APIRouter(prefix="/v1", tags=["exchange 省平台交换"])

Province = Annotated[Caller, callers("provincial")]

NOTICES = 200


class Notices(BaseModel):
    """What the province tells at once, at most 200 items."""

    items: list[Notice] = Field(max_length=NOTICES)


class Taken(BaseModel):
    """`taken` counts the items that were read, also those that had come before."""

    taken: int


class ContributionView(BaseModel):
    """A contribution for a month (YYYY-MM), in yuan. `payer`: the employer, null where I pay myself (灵活就业);
    `reversed`: it was booked by mistake and does not count.
    """

    contribution_id: str
    insurance: Insurance
    month: str
    base: Yuan
    employer_amount: Yuan
    worker_amount: Yuan
    payer: str | None
    paid_on: dt.date
    reversed: bool


@router.post("/province/notices")
async def accept_notices(body: Notices, caller: Province) -> Taken:
    """What the province tells without being asked: contributions and payments of bills, the same as it lists.

    For the provincial platform only. Needs no idempotency key: each item is known by its number, and comes to the same
    however often and in whatever order it is told.
    """

    async def take(tx: Transaction) -> None:
        for notice in body.items:
            await contributions.take(notice, tx)

    await transact(take)
    return Taken(taken=len(body.items))


@router.get("/workers/me/contributions")
async def read_my_contributions(worker: Worker, page: PageAsked) -> Page[ContributionView]:
    """What was paid in for the caller, by the province's number, the highest first (社会保险法 art. 74)."""
    return await Page.of(Contribution, {"worker_id": worker.worker_id}, _view, page, sort="-_id")


def _view(one: Contribution) -> ContributionView:
    return ContributionView(contribution_id=one.id, **one.model_dump(exclude={"id"}))
