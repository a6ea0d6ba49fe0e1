"""Who calls the routes of penalties, what bodies of several of them say, and how an officer takes a step."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Response
from pydantic import BaseModel, StringConstraints

from services.complaints.officers.documents import Officer
from services.complaints.officers.rules import Duty
from services.complaints.penalties.access import penalty_in_hand
from services.complaints.penalties.documents import Penalty
from services.complaints.penalties.views import PenaltyFile, shown
from shared.callers import Caller
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction, transact
from shared.web.scope import HRSS, callers

Punisher = Annotated[Caller, callers(departments=[HRSS], district="document")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class PenaltyText(BaseModel):
    """What somebody writes."""

    text: Text


async def acted(
    penalty_id: str,
    caller: Caller,
    duty: Duty,
    step: str,
    seen: int,
    response: Response,
    work: Callable[[Penalty, Officer, Transaction], Awaitable[Penalty]],
) -> PenaltyFile:
    """Take a step as an officer, and write it down with what it changes."""

    async def act(tx: Transaction) -> Penalty:
        penalty, officer = await penalty_in_hand(penalty_id, caller, duty, seen, tx)
        await write_down(f"penalty.{step}", penalty.id, caller, tx)
        return await work(penalty, officer, tx)

    return shown(await transact(act), response)
