"""Draw an outlet's monthly statement, and draw it again with what an officer enters."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import msgspec

from services.insurance.engagements.documents import Engagement
from services.insurance.engagements.rules import DAY, Span
from services.insurance.enrolment.documents import Enrolment
from services.insurance.enrolment.segments import in_force
from services.insurance.outlet_bills import commands as outlet_bills
from services.insurance.outlet_bills.commands import Drawn
from services.insurance.outlet_statements.documents import OutletStatement
from services.insurance.outlet_statements.rules import STATES, average_wage, contribution
from services.insurance.outlets.documents import Outlet
from shared import clock
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction

AT_ONCE = 50
NO_WAGE = "德阳上年度全口径城镇单位就业人员平均工资未录入"


async def draw(outlet: Outlet, month: str, tx: Transaction) -> OutletStatement:
    """The statement of a month (`YYYY-MM`) by what is known now; it waits for an officer where the wage is not known.

    Once the month is over, its bill is issued with it, or changed where it was issued before.
    """
    known = await OutletStatement.of(f"{outlet.id}:{month}", tx)
    return await _draw(outlet, month, known, tx)


async def enter_wage(
    statement: OutletStatement, outlet: Outlet, wage: Decimal, source: str, by: str, tx: Transaction
) -> OutletStatement:
    """Draw a statement with the average wage (yuan a month) that an officer enters, who says where it stands."""
    statement.average_wage, statement.entered_from, statement.entered_by = wage, source, by
    return await _draw(outlet, statement.month, statement, tx)


async def _draw(outlet: Outlet, month: str, known: OutletStatement | None, tx: Transaction) -> OutletStatement:
    first = dt.date.fromisoformat(f"{month}-01")
    law = parameters.on(first, place=outlet.district, industry="courier")
    people = await _people(outlet.id, Span(first, calendar.months_after(first, 1) - DAY), tx)
    entered = known.average_wage if known and known.entered_by else None
    wage = average_wage(entered, law)
    due = contribution(people, wage, law) if wage is not None else None
    statement = known or OutletStatement(
        id=f"{outlet.id}:{month}", outlet=outlet.id, month=month, district=outlet.district, insurer=outlet.insurer,
        state="waiting", people=0, used=[],
    )  # fmt: skip
    statement.state = STATES.next(known.state if known else "none", "draw" if due else "incomplete")
    statement.insurer, statement.district, statement.people = outlet.insurer, outlet.district, people
    statement.average_wage, statement.reason = wage, None if due else NO_WAGE
    statement.used = list(law.used)
    if due is not None:
        statement.base, statement.amount, statement.worker_amount = due.base, due.amount, due.worker_amount
    await statement.put(tx)
    if due is not None and month < calendar.month_of(clock.now()):
        await outlet_bills.issue(Drawn(outlet.id, outlet.insurer, month, outlet.district, people, due.amount), tx)
    return statement


async def _people(uscc: str, month: Span, tx: Transaction) -> int:
    """How many persons were insured through the outlet on a day of the month."""
    ids = [engagement.id for engagement in await tx.find(Engagement, {"partner_uscc": uscc})]
    people: set[str] = set()
    for start in range(0, len(ids), AT_ONCE):
        for kept in await tx.find(Enrolment, {"_id": {"$in": ids[start : start + AT_ONCE]}}):
            outlets = [one.segment for one in kept.segments if one.basis == "outlet"]
            people |= {one.worker_id for one in in_force(outlets, kept.rests) if one.span.common(month)}
    return len(people)


class OutletMonth(msgspec.Struct, frozen=True):
    """An outlet and a month."""

    outlet: str
    month: str


STATEMENT = TimerKind("insurance.outlet_statement", OutletMonth)

PEOPLE_TIME = dt.timedelta(minutes=10)
"""How long after an outlet of a past month its statement is drawn: by then its people are enrolled. Ours, not the law's."""


def schedule(outlet: str, month: str, tx: Transaction) -> None:
    """Have the statement of a month drawn when it is over."""
    over = calendar.start_of_day(calendar.months_after(dt.date.fromisoformat(f"{month}-01"), 1))
    tx.schedule(STATEMENT, f"{outlet}:{month}", max(over, clock.now() + PEOPLE_TIME), OutletMonth(outlet, month))


async def end_month(outlet: Outlet, month: str, tx: Transaction) -> None:
    """Draw the statement of a month that is over, and set the time of the next one while the outlet is on the scheme."""
    await draw(outlet, month, tx)
    following = calendar.month_after(month)
    if outlet.until is None or calendar.first_day(following) <= outlet.until:
        schedule(outlet.id, following, tx)
