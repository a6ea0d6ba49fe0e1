"""Find how an injury was insured from enrolments, contributions and bills; record what a person decides on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from services.insurance.billing.documents import Bill, Payment
from services.insurance.claims.documents import Claim, OutletUnit
from services.insurance.contributions.documents import Contribution
from services.insurance.dues.documents import MonthDue
from services.insurance.dues.rules import due_on, law_day
from services.insurance.enrolment.documents import Enrolment
from services.insurance.liability import rules
from services.insurance.liability.documents import GROUND, Liability
from services.insurance.liability.rules import Found, Owed, Registration, Standing
from services.insurance.outlet_bills.commands import contributions_of
from shared import clock
from shared.errors import RuleBroken
from shared.policy import calendar
from shared.policy.parameters import MissingParameter, parameters
from shared.storage.encryption import encrypt_field
from shared.storage.records import find
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Facts:
    """What the records say of a claim. `units`: who may have registered the person; `made_up`: the first day on which the injury's
    month, and the one found unpaid, were paid for."""

    found: Found
    decided: Liability | None
    standing: Standing
    made_up: dt.date | None


async def facts_of(claim: Claim, tx: Transaction | None = None) -> Facts:
    """How a claim's injury stands, by the records and by what a person decided."""
    injured_on = calendar.shanghai_date(claim.occurred_at)
    if claim.outlet is not None:
        found, made_up = await _outlet(claim.outlet, injured_on, tx)
    elif claim.scheme == "work_injury":
        found, made_up = await _registered(claim, injured_on, tx)
    else:
        found, made_up = await _premiums(claim, injured_on, tx)
    decided = await Liability.of(claim.id, tx)
    state = found.state
    if state == "unclear" and decided is not None and decided.insured is not None:
        state = "insured" if decided.insured else "not_insured"
    late = rules.late_days(claim.scheme, injured_on, claim.platform_apply_by, claim.first_applied, _accepted_on(claim))
    said = decided.made_up_on if decided is not None else None
    made_up_on = said or (made_up if claim.outlet is not None else None)
    made_up_on = made_up_on if state == "not_insured" else None
    return Facts(found, decided, Standing(state, made_up_on, late), made_up)


async def standing_of(claim: Claim, tx: Transaction | None = None) -> Standing:
    """How a claim's injury stands."""
    return (await facts_of(claim, tx)).standing


async def decide(
    claim: Claim, insured: bool | None, made_up_on: dt.date | None, ground: str, by: str, tx: Transaction
) -> Liability:
    """Record a person's decision: whether the injury was insured, where the records leave it open, and when an employer that had not
    insured had made up for it (工伤保险条例 art. 62(3)). Raises Conflict, RuleBroken."""
    facts = await facts_of(claim, tx)
    rules.check_decision(facts.found, insured)
    if made_up_on is not None:
        if insured or (insured is None and facts.found.state == "insured"):
            raise RuleBroken("insured", "已参保缴费，无须补缴", "it was insured: nothing was to be made up for")
        today = calendar.shanghai_date(clock.now())
        rules.check_made_up(made_up_on, calendar.shanghai_date(claim.occurred_at), facts.made_up, today)
    kept = facts.decided or Liability(id=claim.id, insured=None, made_up_on=None, ground="", by=by, at=clock.now())
    kept.insured, kept.made_up_on, kept.by, kept.at = insured, made_up_on, by, clock.now()
    kept.ground = encrypt_field(GROUND, claim.id, ground)
    return await kept.put(tx)


async def _registered(claim: Claim, injured_on: dt.date, tx: Transaction | None) -> tuple[Found, dt.date | None]:
    if claim.worker_id is None:
        return Found("unclear", "no_registration_known"), None
    enrolments = [
        one for one in await find(Enrolment, {"worker_id": claim.worker_id}, tx) if one.platform == claim.platform
    ]
    registrations = [known for one in enrolments for known in _registrations(one)]
    units = {claim.platform, claim.partner, *(stored.unit for one in enrolments for stored in one.segments)}
    paid: dict[str, dt.date] = {}
    for one in await find(Contribution, {"worker_id": claim.worker_id}, tx):
        if one.insurance == "work_injury" and one.payer in units and not one.reversed:
            paid[one.month] = min(one.paid_on, paid.get(one.month, one.paid_on))
    register_by = min((known.due_on for known in registrations if known.due_on is not None), default=None)
    deferred = {
        one.month: one.deferred.last
        for one in await find(MonthDue, {"worker_id": claim.worker_id}, tx)
        if one.unit in units and one.deferred is not None and one.deferred.first <= injured_on
    }
    last_due = rules.last_due(injured_on, partial(_due_on, register_by, deferred))
    found = rules.by_registration(injured_on, registrations, paid, last_due)
    unpaid = [last_due] if found.reason in ("contributions_unpaid", "paid_after") else []
    months = {calendar.month_of(claim.occurred_at), *unpaid}
    days = [paid[month] for month in months if month in paid]
    return found, max(days) if len(days) == len(months) else None


def _due_on(register_by: dt.date | None, deferred: Mapping[str, dt.date], month: str) -> dt.date:
    """The last day to pay a month, later where it was deferred by the injury: that is no default, and takes nothing from the worker
    (社会保险法 art. 41, 60). Where no parameter says it, that of the month itself."""
    try:
        day = due_on(month, register_by, parameters.on(law_day(month)))
    except MissingParameter:
        day = calendar.months_after(calendar.first_day(month), 1) - dt.timedelta(days=1)
    return max(day, deferred.get(month, day))


def _registrations(enrolment: Enrolment) -> list[Registration]:
    """What was asked of the province for a work-injury insurance that covers some day, without the days on which it rests."""
    found: list[Registration] = []
    for request in enrolment.requests:
        stored = enrolment.segment_of(request)
        if request.scheme != "work_injury" or request.withdrawn or stored is None:
            continue
        confirmed_on = enrolment.confirmed_on if stored is enrolment.segments[-1] else None
        for span in request.segment.span.minus(enrolment.rests):
            found.append(Registration(span, request.status, confirmed_on, stored.due_on))
    return found


async def _outlet(outlet: OutletUnit, injured_on: dt.date, tx: Transaction | None) -> tuple[Found, dt.date | None]:
    """By the bills of the courier outlet through which the worker is insured (人社厅发〔2021〕101号)."""
    stand, made_up = await contributions_of(outlet.uscc, outlet.insurer, injured_on, tx)
    if stand == "paid":
        return Found("insured", "registered_and_paid"), None
    return Found("not_insured", "contributions_unpaid"), made_up


async def _premiums(claim: Claim, injured_on: dt.date, tx: Transaction | None) -> tuple[Found, dt.date | None]:
    month = calendar.month_of(claim.occurred_at)
    bills = await find(Bill, {"platform": claim.platform, "month": {"$lt": month}}, tx)
    owed: list[Owed] = []
    made_up: dt.date | None = injured_on
    for bill in bills:
        if bill.due_on is None or bill.due_on >= injured_on or bill.to_collect <= 0:
            continue
        payments = sorted((one.paid_on, one.amount) for one in await find(Payment, {"bill_id": bill.id}, tx))
        owed.append(Owed(bill.due_on, bill.to_collect, payments))
        day = _paid_up(bill.to_collect, payments)
        made_up = None if made_up is None or day is None else max(made_up, day)
    return rules.by_premiums(injured_on, owed), made_up


def _paid_up(premium: Decimal, payments: list[tuple[dt.date, Decimal]]) -> dt.date | None:
    """The day on which the payments, the earliest first, come to the premium (yuan); None while they do not."""
    left = premium
    for day, amount in payments:
        left -= amount
        if left <= 0:
            return day
    return None


def _accepted_on(claim: Claim) -> dt.date | None:
    """The day of the first acceptance."""
    return next((calendar.shanghai_date(step.at) for step in claim.history if step.event == "accept"), None)
