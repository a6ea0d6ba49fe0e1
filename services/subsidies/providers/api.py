"""Bodies that train or evaluate over HTTP: they file, officers check, everybody finds who is on file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, StringConstraints

from services.subsidies.providers import commands
from services.subsidies.providers.access import Body, Checker, Reader, filing_of, on_file, seen_by
from services.subsidies.providers.documents import Occupation, Provider
from services.subsidies.providers.rules import State
from services.subsidies.providers.views import FilingView, ProviderView
from shared import clock
from shared.callers import Caller
from shared.contracts.subsidies import ProviderKind, SkillLevel
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import DistrictOrCity, mobile
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import Everybody
from shared.web.steps import take_step

TAGS = ["training providers 培训与评价机构"]
filing = APIRouter(prefix="/v1", tags=[*TAGS], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=[*TAGS])

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
OccupationCode = Annotated[
    str, StringConstraints(pattern=r"^\d(-\d{2}){3}$"), Field(description="职业编码, as 4-02-07-10")
]


class OccupationBody(BaseModel):
    """An occupation of the classification (职业编码) with the levels at which it is trained or evaluated."""

    code: OccupationCode
    name: Name
    levels: Annotated[list[SkillLevel], Field(min_length=1, max_length=6)]


class ProviderFiling(BaseModel):
    """A body that asks to be put on file, by its own token."""

    kind: ProviderKind
    name: Name
    district: DistrictOrCity
    address: Name
    phone: str = Field(max_length=24, description="the mobile number that hears of the check")
    occupations: Annotated[list[OccupationBody], Field(min_length=1, max_length=200)]

    @property
    def filed(self) -> commands.Filing:
        return commands.Filing(
            kind=self.kind,
            name=self.name,
            district=self.district,
            address=self.address,
            phone=mobile(self.phone),
            occupations=[Occupation(**one.model_dump()) for one in self.occupations],
        )


class Validity(BaseModel):
    """The legal days for which a body is on file, both included."""

    valid_from: dt.date
    valid_to: dt.date


class Renewal(BaseModel):
    """The new last day."""

    valid_to: dt.date


class Reason(BaseModel):
    """Why."""

    reason: Text


@filing.post("/training-provider-filings", status_code=201)
async def file_provider(body: ProviderFiling, caller: Body, response: Response) -> FilingView:
    """Ask to be put on file as a school, a training body, the couriers' base or an evaluation body."""
    uscc, filed = str(caller.uscc), body.filed
    provider = await transact(lambda tx: commands.submit(filed, uscc, caller.subject, tx))
    response.headers["Location"] = f"/v1/training-provider-filings/{provider.id}"
    return _shown(provider, response)


@router.get("/training-providers")
async def list_providers(
    caller: Everybody,
    page: PageAsked,
    kind: Annotated[ProviderKind | None, Query(description="only of this kind")] = None,
    district: Annotated[str | None, Query(max_length=6, description="only of this district")] = None,
) -> Page[ProviderView]:
    """Who is on file today, for every caller."""
    asked = {"kind": kind, "district": district}
    query = on_file(shanghai_date(clock.now())) | {name: value for name, value in asked.items() if value is not None}
    return await Page.of(Provider, query, ProviderView.of, page)


@router.get("/training-provider-filings")
async def list_filings(
    caller: Reader,
    page: PageAsked,
    state: Annotated[State | None, Query(description="only filings that stand so")] = None,
) -> Page[FilingView]:
    """A body's own filings, or those that an officer's department checks in their district."""
    query = seen_by(caller) | ({} if state is None else {"state": state})
    return await Page.of(Provider, query, FilingView.of, page)


@router.get("/training-provider-filings/{filing_id}")
async def read_filing(filing_id: str, caller: Reader, response: Response) -> FilingView:
    """A filing with its steps."""
    return _shown(await filing_of(filing_id, caller), response)


@router.post("/training-provider-filings/{filing_id}/acceptance")
async def accept(
    filing_id: str, body: Validity, officer: Checker, seen: RevisionSeen, response: Response
) -> FilingView:
    """Put a body on file."""
    return await _done(
        filing_id,
        officer,
        seen,
        response,
        lambda one, tx: commands.accept(one, body.valid_from, body.valid_to, officer.subject, tx),
    )


@router.post("/training-provider-filings/{filing_id}/renewal")
async def renew(filing_id: str, body: Renewal, officer: Checker, seen: RevisionSeen, response: Response) -> FilingView:
    """Let a filing hold longer."""
    return await _done(
        filing_id, officer, seen, response, lambda one, tx: commands.renew(one, body.valid_to, officer.subject, tx)
    )


@router.post("/training-provider-filings/{filing_id}/refusal")
async def refuse(filing_id: str, body: Reason, officer: Checker, seen: RevisionSeen, response: Response) -> FilingView:
    """Refuse a filing, with the reason."""
    return await _done(
        filing_id, officer, seen, response, lambda one, tx: commands.refuse(one, body.reason, officer.subject, tx)
    )


@router.post("/training-provider-filings/{filing_id}/withdrawal")
async def withdraw(filing_id: str, caller: Body, seen: RevisionSeen, response: Response) -> FilingView:
    """Take a filing back before it is checked."""
    return await _done(filing_id, caller, seen, response, lambda one, tx: commands.withdraw(one, caller.subject, tx))


@router.post("/training-provider-filings/{filing_id}/suspension")
async def suspend(filing_id: str, body: Reason, officer: Checker, seen: RevisionSeen, response: Response) -> FilingView:
    """Let a body take no new programme and no new enrolment, until it is resumed."""
    return await _done(
        filing_id, officer, seen, response, lambda one, tx: commands.suspend(one, body.reason, officer.subject, tx)
    )


@router.post("/training-provider-filings/{filing_id}/resumption")
async def resume(filing_id: str, officer: Checker, seen: RevisionSeen, response: Response) -> FilingView:
    """End a suspension."""
    return await _done(filing_id, officer, seen, response, lambda one, tx: commands.resume(one, officer.subject, tx))


@router.post("/training-provider-filings/{filing_id}/removal")
async def remove(filing_id: str, body: Reason, officer: Checker, seen: RevisionSeen, response: Response) -> FilingView:
    """Take a body off file, with the reason."""
    return await _done(
        filing_id, officer, seen, response, lambda one, tx: commands.remove(one, body.reason, officer.subject, tx)
    )


async def _done(
    filing_id: str,
    caller: Caller,
    seen: int,
    response: Response,
    step: Callable[[Provider, Transaction], Awaitable[Provider]],
) -> FilingView:
    return _shown(await take_step(filing_of, filing_id, caller, seen, step), response)


def _shown(provider: Provider, response: Response) -> FilingView:
    set_etag(response, provider.revision)
    return FilingView.of(provider)
