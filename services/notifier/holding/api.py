"""The release of held messages by an officer."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from services.notifier.holding import commands
from shared.callers import Caller
from shared.storage.transaction import transact
from shared.web.scope import HRSS, callers

router = APIRouter(prefix="/v1", tags=["deliveries 消息"])

CityLabourOfficer = Annotated[Caller, callers(departments=(HRSS,))]


class Released(BaseModel):
    """How many held messages go out now."""

    released: int


@router.post("/message-releases")
async def release_messages(_: CityLabourOfficer) -> Released:
    """Let go at once what is held because a later event may take it back, as an officer of the city's labour department.

    Such a message (a block, a cover) is held for some minutes, so that facts that come in another order than they happened
    alarm nobody for nothing.
    """
    return Released(released=await transact(commands.release))
