"""Signing secrets over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel

from services.registry.admission import commands
from shared.callers import Caller
from shared.errors import NotFound
from shared.identity import uscc
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction, transact
from shared.web.scope import HRSS, callers

router = APIRouter(prefix="/v1", tags=["gateway 推送"])

CityBureau = Annotated[Caller, callers(departments=[HRSS])]


class NewSecret(BaseModel):
    """A Standard Webhooks secret. It is shown this once."""

    platform: str
    secret: str


@router.put("/platforms/{platform}/signing-secret")
async def enrol_signing_secret(officer: CityBureau, platform: str = Path(min_length=18, max_length=18)) -> NewSecret:
    """Give a platform a new signing secret, as the city's labour department; it is written down. From then on the platform's
    pushes must be signed with it (Standard Webhooks).

    The signature covers the body as it is before any Content-Encoding.
    """
    try:
        code = uscc.parse(platform)
    except uscc.InvalidUscc:
        raise NotFound("该企业", "this enterprise") from None

    async def enrol(tx: Transaction) -> str:
        await write_down("platform.signing_secret_set", code, officer, tx)
        return await commands.enrol(code, tx)

    return NewSecret(platform=code, secret=await transact(enrol))
