"""The audit log of a service over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from shared.callers import Caller
from shared.storage.audit import AuditEntry
from shared.web.paging import Page, PageAsked
from shared.web.scope import HRSS, callers

router = APIRouter(prefix="/v1", tags=["audit 审计"])


class AuditView(BaseModel):
    """Who read or changed what: the subject of the token, its role and scope, the action and the id of what it concerns.

    `detail` says which part was read, or why it was changed.
    """

    at: dt.datetime
    by: str
    role: str
    department: str | None
    district: str | None
    action: str
    about: str
    detail: str | None


@router.get("/audit")
async def list_audit(officer: Annotated[Caller, callers(departments=[HRSS])], page: PageAsked) -> Page[AuditView]:
    """Every read and change that is written down, the oldest first, for the labour department's officers of the city."""
    return await Page.of(AuditEntry, {}, _view, page)


def _view(entry: AuditEntry) -> AuditView:
    kept = entry.model_dump(include={*AuditView.model_fields} - {"detail"})
    return AuditView(**kept, detail=entry.clear_detail)
