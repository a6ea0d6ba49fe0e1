"""Keep what a complaint under investigation claims out of arbitration and court, and what is there out of investigation."""

from __future__ import annotations

from typing import Final

from services.complaints.cases.documents import Case
from services.complaints.procedures import commands as procedures
from services.complaints.procedures.rules import complained
from shared.errors import Conflict
from shared.storage.transaction import Transaction

_ELSEWHERE: Final = (
    "dispute-runs",
    "该事项已申请劳动争议仲裁或者提起诉讼，请告知投诉人依照劳动争议处理或者诉讼的程序办理",
    "the matter is with arbitration or a court: the complainant is told to go on there",
)


async def investigate(case: Case, tx: Transaction) -> None:
    """Let an investigation have what a complaint claims; raises Conflict where whoever complains has brought it to arbitration or
    court (劳动保障监察条例 art. 21): of several, where all have. A report is nobody's claim."""
    if case.kind == "report":
        return
    claims = complained(case.people, case.platform, case.category)
    brought = await procedures.having("disputes", claims, tx)
    if brought and {claim.worker_id for claim in brought} == set(case.people):
        raise Conflict(*_ELSEWHERE, dispute_id=next(iter(brought.values()))[0])
    await procedures.enter("inspections", case.id, claims, tx)


async def investigate_for(case: Case, worker_id: str, tx: Transaction) -> None:
    """Let an investigation that runs have what one who joins claims; raises Conflict where they have brought it elsewhere."""
    if case.kind == "report":
        return
    claims = complained([worker_id], case.platform, case.category)
    if await procedures.having("disputes", claims, tx):
        raise Conflict(*_ELSEWHERE)
    await procedures.enter("inspections", case.id, claims, tx)


async def end_investigation(case: Case, tx: Transaction) -> None:
    """Give free what a complaint claims."""
    await procedures.leave("inspections", case.id, tx)
