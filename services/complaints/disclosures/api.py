"""Disclosures over HTTP: the officer in charge asks, an approver decides, and reads of who reported are written down."""

from __future__ import annotations

import datetime as dt
from typing import Self

from fastapi import APIRouter
from pydantic import BaseModel

from services.complaints.cases.access import case_for_reading, case_in_hand, case_on_duty
from services.complaints.cases.body import Handler, Reason
from services.complaints.cases.documents import NAME, PHONE, RELATION, Case, clear
from services.complaints.cases.rules import Channel
from services.complaints.disclosures import commands
from services.complaints.disclosures.documents import Disclosure
from services.complaints.disclosures.rules import Move, State
from shared.callers import Caller
from shared.storage.transaction import Transaction, transact
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked

requests = APIRouter(prefix="/v1", tags=["disclosures 举报人信息披露"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["disclosures 举报人信息披露"])


class DisclosureView(BaseModel):
    """A request to read who reported."""

    disclosure_id: str
    asked_by: str
    reason: str
    state: State
    decided_by: str | None
    created_at: dt.datetime

    @classmethod
    def of(cls, disclosure: Disclosure) -> Self:
        kept = {*cls.model_fields} - {"disclosure_id", "reason"}
        return cls(disclosure_id=disclosure.id, reason=disclosure.clear_reason, **disclosure.model_dump(include=kept))


class ReporterView(BaseModel):
    """Who reported, and how to reach them."""

    channel: Channel
    worker_id: str | None
    members: list[str]
    by: str | None
    name: str | None
    phone: str | None
    relation: str | None


@requests.post("/cases/{case_id}/disclosures", status_code=201)
async def ask(case_id: str, body: Reason, officer: Handler) -> DisclosureView:
    """Ask to read who reported a case in confidence, with the reason."""

    async def store(tx: Transaction) -> Disclosure:
        return await commands.ask(await case_in_hand(case_id, officer, None, tx), body.reason, officer, tx)

    return DisclosureView.of(await transact(store))


@router.get("/cases/{case_id}/disclosures")
async def list_disclosures(case_id: str, officer: Handler, page: PageAsked) -> Page[DisclosureView]:
    """The requests to read who reported."""
    case = await case_for_reading(case_id, officer)
    return await Page.of(Disclosure, {"case_id": case.id}, DisclosureView.of, page)


@router.post("/cases/{case_id}/disclosures/{disclosure_id}/approval")
async def approve(case_id: str, disclosure_id: str, officer: Handler) -> DisclosureView:
    """Let the officer who asked read it, once."""
    return await _decide(case_id, disclosure_id, "approve", officer)


@router.post("/cases/{case_id}/disclosures/{disclosure_id}/refusal")
async def refuse(case_id: str, disclosure_id: str, officer: Handler) -> DisclosureView:
    """Keep it sealed."""
    return await _decide(case_id, disclosure_id, "refuse", officer)


@router.post("/cases/{case_id}/reporter")
async def read_reporter(case_id: str, officer: Handler) -> ReporterView:
    """Read who reported, as the officer in charge; it is written down. In a confidential case an approved request of one's own
    is used up with it."""

    async def read(tx: Transaction) -> Case:
        case = await case_in_hand(case_id, officer, None, tx)
        await commands.read(case, officer, tx)
        return case

    case = await transact(read)
    reporter = case.reporter
    return ReporterView(
        channel=reporter.channel,
        worker_id=case.worker_id,
        members=case.members,
        by=reporter.by,
        name=clear(NAME, case.id, reporter.name),
        phone=clear(PHONE, case.id, reporter.phone),
        relation=clear(RELATION, case.id, reporter.relation),
    )


async def _decide(case_id: str, disclosure_id: str, move: Move, officer: Caller) -> DisclosureView:
    async def store(tx: Transaction) -> Disclosure:
        case, approver = await case_on_duty(case_id, officer, "approver", None, tx)
        return await commands.decide(case, disclosure_id, move, approver, officer, tx)

    return DisclosureView.of(await transact(store))
