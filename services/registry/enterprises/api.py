"""Enterprises over HTTP."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter
from pydantic import BaseModel

from services.registry.enterprises.documents import CONTACT_PHONE, Enterprise
from services.registry.scope import after
from shared.contracts.platform import DeliveryClass, Industry
from shared.identity.masking import mask_phone
from shared.storage.encryption import decrypt_field
from shared.web.auth import AnyCaller, Officer
from shared.web.paging import Page, PageAsked, cursor_of
from shared.web.problems import forbidden, not_found

router = APIRouter(prefix="/v1", tags=["enterprises 企业"])


class ClassView(BaseModel):
    day: dt.date
    delivery_class: DeliveryClass


class EnterpriseView(BaseModel):
    """An enterprise as it declared itself last; `delivery_classes` by the legal day of each declaration."""

    uscc: str
    name: str
    industries: list[Industry]
    contact_phone: str
    delivery_classes: list[ClassView]
    declared_at: dt.datetime


def _view(enterprise: Enterprise) -> EnterpriseView:
    return EnterpriseView(
        uscc=enterprise.id,
        name=enterprise.name,
        industries=enterprise.industries,
        contact_phone=mask_phone(decrypt_field(CONTACT_PHONE, enterprise.contact_phone)),
        delivery_classes=[ClassView(day=kept.day, delivery_class=kept.delivery_class) for kept in enterprise.classes],
        declared_at=enterprise.declared_at,
    )


@router.get("/enterprises")
async def list_enterprises(officer: Officer, page: PageAsked) -> Page[EnterpriseView]:
    """Every enterprise on file, by its credit code."""
    found = await Enterprise.find(after(page)).sort("+_id").limit(page.limit + 1).to_list()
    items = [_view(enterprise) for enterprise in found[: page.limit]]
    return Page(items=items, next=cursor_of(items[-1].uscc) if len(found) > page.limit else None)


@router.get("/enterprises/{uscc}")
async def read_enterprise(uscc: str, caller: AnyCaller) -> EnterpriseView:
    """One enterprise, for an officer or itself."""
    if caller.role != "officer" and caller.uscc != uscc:
        raise forbidden()
    enterprise = await Enterprise.of(uscc)
    if enterprise is None:
        raise not_found("该企业", "this enterprise")
    return _view(enterprise)
