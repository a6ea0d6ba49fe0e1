"""Keep what a complaint under investigation claims out of arbitration and court, and what is there out of investigation."""

from __future__ import annotations

from collections.abc import Collection

from services.complaints.cases.documents import Case
from services.complaints.procedures import commands as procedures
from services.complaints.procedures.rules import BROUGHT, Claim, complained
from shared.errors import Conflict
from shared.storage.transaction import Transaction


async def investigate(case: Case, tx: Transaction) -> None:
    """Let an investigation have what a complaint claims; raises Conflict where whoever complains has brought it to mediation,
    arbitration or court (劳动保障监察条例 art. 21): of several, where all have, and else without those who have. A report is
    nobody's claim; of a complaint nobody knows what is claimed while it names no enterprise (若干规定 art. 18)."""
    if case.kind == "report":
        return
    if case.platform is None:
        raise Conflict(
            "no-enterprise",
            "投诉没有明确的被投诉单位，请先要求补正",
            "a complaint that names no enterprise is completed before it is accepted",
        )
    claims = complained(case.people, case.platform, case.category)
    brought = await procedures.having(claims, tx, *BROUGHT)
    gone = {claim.worker_id for claim in brought}
    if brought and gone == set(case.people):
        raise _elsewhere(case, next(iter(brought.values()))[0])
    await procedures.enter("inspections", case.id, [one for one in claims if one.worker_id not in gone], tx)


async def investigate_for(case: Case, worker_id: str, tx: Transaction) -> None:
    """Let an investigation that runs have what one who joins claims; raises Conflict where they have brought it elsewhere."""
    if case.kind == "report":
        return
    claims = complained([worker_id], case.platform, case.category)
    if await procedures.having(claims, tx, *BROUGHT):
        raise _elsewhere(case, None)
    await procedures.enter("inspections", case.id, claims, tx)


async def end_investigation(case: Case, tx: Transaction) -> None:
    """Give free what a complaint claims."""
    await procedures.leave("inspections", case.id, tx)


async def left_without_claims(claims: Collection[Claim], tx: Transaction) -> list[str]:
    """Take out of the investigations that have them what goes to arbitration or court, with whatever else the same people claim
    there; the cases in which nobody's claim is left."""
    gone: dict[str, set[str]] = {}
    for claim, cases in (await procedures.having(claims, tx, "inspections")).items():
        for case_id in cases:
            gone.setdefault(case_id, set()).add(claim.worker_id)
    return [case_id for case_id, people in sorted(gone.items()) if not await procedures.give_up(case_id, people, tx)]


def _elsewhere(case: Case, dispute_id: str | None) -> Conflict:
    """In a case in confidence the dispute is not named: it would tell who complains."""
    known = {} if dispute_id is None or case.protected else {"dispute_id": dispute_id}
    return Conflict(
        "dispute-runs",
        "该事项已申请劳动争议调解、仲裁或者提起诉讼，请告知投诉人依照劳动争议处理或者诉讼的程序办理",
        "the matter is with mediation, arbitration or a court: the complainant is told to go on there",
        **known,
    )
