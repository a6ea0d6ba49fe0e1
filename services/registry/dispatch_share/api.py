"""Dispatch shares over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from services.registry.dispatch_share.commands import share_on
from shared import clock
from shared.callers import Caller
from shared.errors import Forbidden, RuleBroken
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import MissingParameter, Used, parameters
from shared.web.fields import Uscc
from shared.web.scope import callers

router = APIRouter(prefix="/v1", tags=["cooperations 合作用工"])

Reader = Annotated[Caller, callers("platform", article=3)]


class ShareView(BaseModel):
    """How many of an employer's people are dispatched on a legal day, in persons and in per cent of all.

    All are those with a labour contract of its own and those dispatched to it (劳务派遣暂行规定 art. 4). `used`: the limit.
    """

    uscc: str
    on: dt.date
    dispatched: int
    employed: int
    percent: str = Field(description="to one decimal")
    limit_percent: str
    exceeded: bool
    used: list[Used]


@router.get("/enterprises/{uscc}/dispatch-share")
async def read_dispatch_share(
    uscc: Uscc,
    caller: Reader,
    on: Annotated[dt.date | None, Query(description="legal day; today where none is named")] = None,
) -> ShareView:
    """The dispatched among those who work through an enterprise's platform, for officers of the city and the enterprise itself.

    Calculated from the engagements as they are known now.
    """
    if caller.uscc not in (None, uscc):
        raise Forbidden()
    law = parameters.on(on or shanghai_date(clock.now()), platform=uscc)
    try:
        share = await share_on(uscc, law)
    except MissingParameter:
        raise RuleBroken("law-not-known", "该日期没有适用的派遣比例上限", "no limit is known for that day") from None
    return ShareView(
        uscc=uscc,
        on=law.day,
        dispatched=share.dispatched,
        employed=share.employed,
        percent=str(share.percent),
        limit_percent=str(share.limit),
        exceeded=share.exceeded,
        used=list(law.used),
    )
