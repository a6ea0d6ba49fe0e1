"""Who handles what is exchanged with the province: the labour and social-security department."""

from __future__ import annotations

from typing import Annotated

from services.insurance.exchange.people import district_of, enrolments_of
from shared.identity.regions import CITY
from shared.storage.transaction import Transaction
from shared.web.auth import Caller
from shared.web.scope import HRSS, callers

Bureau = Annotated[Caller, callers(departments=[HRSS], district="document")]
CityBureau = Annotated[Caller, callers(departments=[HRSS])]
"""For what is compared of the whole city."""


async def district_for(worker_id: str, caller: Caller, tx: Transaction) -> str | None:
    """The district of what a caller asks for a worker: an officer's own, if the worker was ever engaged there; None for an
    officer who does not reach the worker."""
    if caller.role != "officer" or caller.district == CITY:
        return await district_of(worker_id, tx)
    here = any(enrolment.district == caller.district for enrolment in await enrolments_of(worker_id, tx))
    return caller.district if here else None
