"""Who calls the routes of penalties, what bodies of several of them say, and how an officer takes a step."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Response
from pydantic import BaseModel, StringConstraints

from services.complaints.officers.documents import Officer
from services.complaints.officers.rules import Duty
from services.complaints.penalties.access import check_not_standing_back, own_penalty, penalty_in_hand
from services.complaints.penalties.documents import Penalty
from services.complaints.penalties.told_views import ToldView
from services.complaints.penalties.views import PenaltyFile, shown
from shared.callers import Caller
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Platform
from shared.web.etags import RevisionSeen, set_etag
from shared.web.scope import HRSS, callers

Concerned = Annotated[Caller, callers("platform", departments=[HRSS], district="document")]
Punisher = Annotated[Caller, callers(departments=[HRSS], district="document")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]
EvidenceId = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class PenaltyText(BaseModel):
    """What somebody writes."""

    text: Text


@dataclass(frozen=True, slots=True)
class Step:
    """A step that an officer asks for: on which penalty, as they read it, and the answer that shows it then."""

    penalty_id: str
    officer: Caller
    seen: int
    response: Response

    async def take(
        self,
        what: str,
        duty: Duty | None,
        work: Callable[[Penalty, Officer, Transaction], Awaitable[Penalty]],
        detail: str | None = None,
    ) -> PenaltyFile:
        """Take it, and write it down with what it changes. `duty`: None is for whoever sees it."""

        async def act(tx: Transaction) -> Penalty:
            penalty, officer = await penalty_in_hand(self.penalty_id, self.officer, duty, self.seen, tx)
            check_not_standing_back(officer, penalty, what)
            await write_down(f"penalty.{what}", penalty.id, self.officer, tx, detail)
            return await work(penalty, officer, tx)

        return shown(await transact(act), self.response)


async def _step(penalty_id: str, caller: Punisher, seen: RevisionSeen, response: Response) -> Step:
    return Step(penalty_id, caller, seen, response)


Taking = Annotated[Step, Depends(_step)]


@dataclass(frozen=True, slots=True)
class OwnStep:
    """A step that an enterprise takes on its own penalty, as it read it, and the answer that shows it then."""

    penalty_id: str
    platform: Caller
    seen: int
    response: Response

    async def take(self, work: Callable[[Penalty, Transaction], Awaitable[Penalty]]) -> ToldView:
        async def act(tx: Transaction) -> Penalty:
            return await work(await own_penalty(self.penalty_id, self.platform, self.seen, tx), tx)

        return as_told(await transact(act), self.response)


def as_told(penalty: Penalty, response: Response) -> ToldView:
    """A penalty as the enterprise reads it."""
    set_etag(response, penalty.revision)
    return ToldView.of(penalty)


async def _own_step(penalty_id: str, platform: Platform, seen: RevisionSeen, response: Response) -> OwnStep:
    return OwnStep(penalty_id, platform, seen, response)


TakingOwn = Annotated[OwnStep, Depends(_own_step)]
