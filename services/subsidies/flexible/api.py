"""The subsidy for flexible employment over HTTP: a worker asks what it would be, month by month, before applying."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from services.subsidies.decisions.rules import Applicant as Applying
from services.subsidies.flexible import commands, rules
from services.subsidies.flexible.commands import Stated
from services.subsidies.flexible.views import Estimate
from shared import clock
from shared.identity.regions import CITY
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Worker

router = APIRouter(prefix="/v1", tags=["flexible employment subsidy 灵活就业社会保险补贴"])


@router.get("/flexible-subsidy-estimate")
async def estimate(asked: Annotated[Stated, Query()], worker: Worker) -> Estimate:
    """What was paid in the months named, and what of it would be subsidised by what is known today."""
    assert worker.worker_id is not None
    applicant = Applying(
        kind="person", id=worker.worker_id, application_id="", filed_on=shanghai_date(clock.now()), place=CITY
    )

    async def look(tx: Transaction) -> Estimate:
        facts = await commands.facts(asked, applicant, tx)
        law = parameters.on(facts.day, place=facts.place)
        outcome = rules.decide(facts, law)
        return Estimate.of(rules.assess(facts, law), outcome)

    return await transact(look)
