"""Enterprises over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Response
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from services.registry.enterprises import commands
from services.registry.enterprises.documents import CONTACT_PHONE, Enterprise
from shared.callers import Caller
from shared.contracts.platform import DeliveryClass, Industry
from shared.contracts.registry import EnterpriseKind
from shared.errors import Forbidden, NotFound
from shared.identity import phones
from shared.identity.masking import mask_phone
from shared.storage.encryption import decrypt_field
from shared.storage.transaction import Transaction, transact
from shared.web.etags import if_match, set_etag
from shared.web.fields import Uscc
from shared.web.paging import Page, PageAsked
from shared.web.problems import Problem
from shared.web.scope import HRSS, callers

router = APIRouter(prefix="/v1", tags=["enterprises 企业"])


EnterpriseOfficer = Annotated[Caller, callers(article=11, district="any")]
Reader = Annotated[Caller, callers("platform", article=11, district="any")]
CityBureau = Annotated[Caller, callers(departments=[HRSS])]


async def _seen(value: Annotated[str | None, Header(alias="If-Match")] = None) -> int | None:
    return None if value is None else if_match(value)


class ClassView(BaseModel):
    """A delivery class and the legal day of its declaration."""

    day: dt.date
    delivery_class: DeliveryClass


class EnterpriseView(BaseModel):
    """An enterprise as it was declared last, by itself or by an officer; `delivery_classes` by the legal day of each
    declaration. `kinds`: what an officer filed it as, and `platform` wherever it pushes events.
    """

    uscc: str
    name: str
    kinds: list[EnterpriseKind]
    industries: list[Industry]
    contact_phone: str = Field(description="masked")
    delivery_classes: list[ClassView]
    declared_at: dt.datetime


class EnterpriseFiling(BaseModel):
    """An enterprise to be put on file. One enterprise may be several kinds."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    kinds: Annotated[list[EnterpriseKind], Field(min_length=1, max_length=3)]
    industries: Annotated[list[Industry], Field(min_length=1, max_length=5)]
    contact_phone: Annotated[str, AfterValidator(phones.parse)] = Field(
        description="mobile number that messages for the enterprise go to; kept encrypted"
    )


def _view(enterprise: Enterprise) -> EnterpriseView:
    return EnterpriseView(
        uscc=enterprise.id,
        name=enterprise.name,
        kinds=list(enterprise.kinds),
        industries=enterprise.industries,
        contact_phone=mask_phone(decrypt_field(CONTACT_PHONE, enterprise.id, enterprise.contact_phone)),
        delivery_classes=[ClassView(day=kept.day, delivery_class=kept.delivery_class) for kept in enterprise.classes],
        declared_at=enterprise.declared_at,
    )


@router.get("/enterprises")
async def list_enterprises(officer: EnterpriseOfficer, page: PageAsked) -> Page[EnterpriseView]:
    """Every enterprise on file, by its credit code, for officers of the departments of 德人社发〔2022〕95 号 art. 11."""
    return await Page.of(Enterprise, {}, _view, page)


@router.get("/enterprises/{uscc}")
async def read_enterprise(uscc: str, caller: Reader, response: Response) -> EnterpriseView:
    """One enterprise, for an officer or itself."""
    if caller.uscc not in (None, uscc):
        raise Forbidden()
    enterprise = await Enterprise.of(uscc)
    if enterprise is None:
        raise NotFound("该企业", "this enterprise")
    set_etag(response, enterprise.revision)
    return _view(enterprise)


@router.put("/enterprises/{uscc}")
async def file_enterprise(
    uscc: Uscc,
    body: EnterpriseFiling,
    officer: CityBureau,
    response: Response,
    seen: Annotated[int | None, Depends(_seen)],
) -> EnterpriseView:
    """Put an enterprise on file, or say what it is from now on, as the city's labour department.

    `If-Match` is needed where it is on file already. An enterprise that pushes events declares its name, industries and phone
    itself, and its next declaration holds again.
    """
    filing = commands.Filing(**body.model_dump())

    async def work(tx: Transaction) -> Enterprise:
        if seen is None and await Enterprise.of(uscc, tx) is not None:
            raise Problem(428, "if-match-missing", "缺少 If-Match 请求头", "an If-Match header is needed")
        return await commands.file(uscc, filing, seen, tx)

    enterprise = await transact(work)
    set_etag(response, enterprise.revision)
    return _view(enterprise)
