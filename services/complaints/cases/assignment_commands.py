"""Put cases into officers' hands, and out of them."""

from __future__ import annotations

from typing import Final

from services.complaints.cases import events, rules
from services.complaints.cases.documents import Case
from services.complaints.officers.commands import find_assignee, give_up, take_on
from services.complaints.officers.documents import Officer
from services.complaints.officers.rules import Matter, obstacle
from services.complaints.terms import commands as terms
from shared.errors import Conflict
from shared.storage.records import find
from shared.storage.transaction import Transaction

HRSS: Final = "hrss"


def matter_of(case: Case) -> Matter:
    """A case as what an officer acts on: of its lead department, or of the labour department."""
    return Matter(
        departments=[case.lead_department, HRSS],
        district=case.district,
        enterprise=case.platform,
        circle=case.circle,
    )


async def assign(case: Case, tx: Transaction) -> Case:
    """Give a case to whom the register says, as its load is."""
    matter = Matter(
        departments=[case.lead_department],
        district=case.district,
        enterprise=case.platform,
        circle=case.circle,
    )
    return await put_in_hands(case, await find_assignee(matter, "handler", tx, away=case.away), tx)


async def put_in_hands(case: Case, officer: Officer | None, tx: Transaction) -> Case:
    """Give a case to an officer, or to nobody where there is none who may take it."""
    before, case.handler = case.handler, None if officer is None else officer.id
    if case.handler == before:
        return case
    if before is not None:
        give_up(before, tx)
    if officer is not None:
        take_on(officer.id, tx)
    await terms.hand_over("case", case.id, case.handler, tx)
    tx.publish(events.assigned(case))
    return await case.put(tx)


async def hand_over(case: Case, subject: str, tx: Transaction) -> Case:
    """Give a case to another officer, who may handle it."""
    if case.state in rules.OVER:
        raise Conflict("case-over", "该投诉已办结，无须交接", "the case is over: nobody has it in hand")
    officer = await Officer.of(subject, tx)
    if officer is None or subject in case.away or obstacle(officer.person, matter_of(case), "handler"):
        raise Conflict("cannot-take-it", "该经办人员不能承办此投诉", "that officer may not handle the case")
    return await put_in_hands(case, officer, tx)


async def recuse(case: Case, officer: Officer, tx: Transaction) -> Case:
    """Keep an officer who has an interest in a case out of it (回避; 劳动保障监察条例 art. 16): what they had in hand goes to
    another. A case that is over is in nobody's hands, and stays so."""
    case.away = [*case.away, officer.id]
    await case.put(tx)  # though nobody else may take it
    await terms.keep_away("case", case.id, officer.id, tx)
    moves = case.state not in rules.OVER and case.handler in (None, officer.id)
    return await assign(case, tx) if moves else case


async def cases_away_from(officer: Officer) -> list[str]:
    """The cases that an officer stays away from: what arose from them is not shown to them either."""
    found = await find(Case, {"away": officer.id, "away.0": {"$gt": ""}})
    return [one.id for one in found]
