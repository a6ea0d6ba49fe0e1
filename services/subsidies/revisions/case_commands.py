"""Open cases for officers: what an enterprise is owed that gets no public funds any more is one of its own."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from services.subsidies.applications import events, payment_commands
from services.subsidies.applications.documents import Application
from services.subsidies.applications.kinds import kind_of
from services.subsidies.applications.rules import RESTRICTED
from services.subsidies.persons import commands as persons
from services.subsidies.revisions import rules
from services.subsidies.revisions.documents import Revision
from services.subsidies.revisions.rules import Cause
from shared import clock
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import Transaction


def new(revision_id: str, application: Application, cause: Cause, difference: Decimal | None) -> Revision:
    return Revision(
        id=revision_id,
        application_id=application.id,
        number=application.number,
        kind=application.kind,
        department=kind_of(application.kind).department,
        district=application.district,
        cause=cause,
        approved=application.amount,
        difference=difference,
        against=[],
        used=[],
    )


async def follow_restriction(application: Application, tx: Transaction) -> None:
    """Open a case for what is not paid yet of an enterprise that gets no public funds any more, and lift it where it gets them again.

    No batch takes such money meanwhile; officers say whether it is never paid, or waits until the restriction ends
    (德人社发〔2022〕95号 art. 11: 一处违法、处处受限).
    """
    restriction, left = await _restriction(application, tx), Decimal(0)
    if restriction is not None:
        left = await payment_commands.unpaid(application, tx)
    found = f"{application.id}:{restriction}" if left else None
    for other in await tx.find(Revision, {"application_id": application.id, "cause": "restriction"}):
        if other.state in rules.OPEN and other.id != found:
            other.state = rules.STATES.next(other.state, "lift")
            await other.put(tx)
    if found is None:
        return
    known = await Revision.of(found, tx)
    if known is not None and known.state == "lifted":
        known.state = rules.STATES.next(known.state, "reopen")
        known.difference = -left
    elif known is not None:
        return
    revision = known or new(found, application, "restriction", -left)
    revision.against = [RESTRICTED]
    events.revision_opened(application, found, revision.difference, tx)
    await revision.put(tx)


async def still_restricted(revision: Revision, application: Application, tx: Transaction) -> bool:
    """Whether a case is about what is still unpaid by the same restriction."""
    restriction, left = await _restriction(application, tx), await payment_commands.unpaid(application, tx)
    return revision.id == f"{application.id}:{restriction}" and revision.difference == -left


async def _restriction(application: Application, tx: Transaction) -> str | None:
    """The restriction that stops the applicant from public funds today."""
    if application.applicant_kind == "person":
        return None
    found = await persons.closed_to_funds([application.applicant_id], _today(), tx)
    return found.get(application.applicant_id)


def _today() -> dt.date:
    return shanghai_date(clock.now())
