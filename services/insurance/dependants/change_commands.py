"""What changes about dependants: one's end, that they are alone or cannot work, and what a court or a return does to all of them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from services.insurance.benefits import commands as benefits
from services.insurance.benefits.documents import Benefit
from services.insurance.benefits.fact_rules import PREFIX
from services.insurance.benefits.proposal_commands import Asked, law_for
from services.insurance.claims.documents import Claim
from services.insurance.dependants import rules
from services.insurance.dependants.commands import KIND, benefit_of, divide, month_before, wage_of
from services.insurance.dependants.documents import Dependant, Earlier, Register
from services.insurance.entitlements.documents import Entitlement
from services.insurance.entitlements.rules import check_day
from shared import clock
from shared.errors import Conflict, NotFound, RuleBroken
from shared.policy import calendar
from shared.policy.calendar import month_after
from shared.storage.transaction import Transaction


async def end(claim_id: str, number: int, why: str, on: dt.date, by: str, tx: Transaction) -> Register:
    """End one dependant's pension with the month of a day; the others' grow where the cap had cut them. `why` is a code of
    `dependant.end_grounds`. Raises RuleBroken, Conflict."""
    file, claim, member = await _member(claim_id, number, tx)
    law = law_for(claim, KIND, await Entitlement.of(claim_id, tx))
    if why not in law.table("dependant.end_grounds") or (why == "remarried" and member.relation != "spouse"):
        raise RuleBroken(
            "no-such-ground", "不是停止抚恤金的法定情形", "the rules have no such ground for whoever it is"
        )
    check_day(on, calendar.shanghai_date(claim.occurred_at), calendar.shanghai_date(clock.now()))
    await _end(member, f"{on:%Y-%m}", why, on, by, tx)
    await divide(file, month_after(f"{on:%Y-%m}"), tx)
    return await file.put(tx)


async def _end(member: Dependant, last: str, why: str, on: dt.date, by: str, tx: Transaction) -> None:
    if member.ended_for is not None or (member.last_month is not None and member.last_month <= last):
        raise Conflict("not-in-this-state", "该抚恤金已停止", "the pension has ended already")
    member.last_month, member.ended_for, member.ended_on = last, why, on
    await benefits.end(await benefit_of(member, tx), last, why, by, tx)


async def follow_check(benefit_id: str, through: str, tx: Transaction) -> None:
    """Let the others have what the yearly check found that one of them draws no more after a month (社会保险经办条例 art. 25, 26)."""
    benefit = await Benefit.of(benefit_id, tx)
    file = await Register.of(benefit.claim_id, tx) if benefit is not None else None
    member = next((one for one in file.members if one.benefit_id == benefit_id), None) if file is not None else None
    if file is None or member is None or member.ended_for is not None:
        return
    if member.last_month is None or member.last_month > through:
        member.last_month = through
    member.ended_for = "stopped"
    await divide(file, month_after(member.last_month), tx)
    await file.put(tx)


async def revise(
    claim_id: str, number: int, lone: bool, incapacitated: bool, since: str, by: str, tx: Transaction
) -> Register:
    """Take what has changed about a dependant from a month on: lone, or without any capacity for work, whose youth ends nothing.

    Raises RuleBroken, Conflict.
    """
    file, claim, member = await _member(claim_id, number, tx)
    if member.ended_for is not None or (member.last_month is not None and member.last_month < since):
        raise Conflict("not-in-this-state", "该抚恤金已停止", "the pension has ended already")
    if not member.percent_since <= since <= month_after(calendar.month_of(clock.now())):
        raise RuleBroken(
            "month-not-begun", "变更月份须在起始月份至下月之间", "it changes between its first month and the next"
        )
    law = law_for(claim, KIND, await Entitlement.of(claim_id, tx))
    percents = law.table(f"{PREFIX[claim.scheme]}.dependant_percent")
    member.lone, member.incapacitated = lone, incapacitated
    if since > member.percent_since:
        until = month_before(since)
        past = Earlier(percent=member.percent, first_month=member.percent_since, last_month=until)
        member.earlier, member.percent_since = [*member.earlier, past], since
    member.percent = str(rules.percent(member.relation, lone, percents))
    member.last_month = None if incapacitated else member.comes_of_age_in
    benefit = await benefit_of(member, tx)
    benefit.note("revised", by)
    if member.last_month is not None:
        await benefits.end(benefit, member.last_month, "came_of_age", by, tx)
    elif benefit.last_month is not None:
        await benefits.prolong(benefit, tx)
    await benefit.put(tx)
    await divide(file, since, tx)
    return await file.put(tx)


async def recalculate(claim: Claim, entitlement: Entitlement, tx: Transaction) -> None:
    """Divide the wage by the law of the day on which a court declared the death, from the next month on (工伤保险条例 art. 41)."""
    file = await Register.of(claim.id, tx)
    if file is None:
        return
    drawing = [one for one in file.members if one.ended_for is None]
    basis = (await benefit_of(drawing[0], tx)).basis if drawing else {}
    own = Decimal(basis["own_wage"]) if basis.get("own_wage") and not basis.get("own_wage_from") else None
    law = law_for(claim, KIND, entitlement)
    wage, _ = await wage_of(claim, Asked(KIND, own_wage=own), entitlement, law, tx)
    if wage is None or file.wage is None:
        return  # what nobody can calculate stays as it was found
    file.wage, file.cap = wage, law.text(f"{PREFIX[claim.scheme]}.dependant_percent", "cap")
    file.used += [one for one in law.used if one not in file.used]
    await divide(file, month_after(calendar.month_of(clock.now())), tx)
    await file.put(tx)


async def end_all(claim_id: str, on: dt.date, why: str, by: str, tx: Transaction) -> None:
    """End every pension with the month of a day: the worker has come back."""
    file = await Register.of(claim_id, tx)
    if file is None:
        return
    last = f"{on:%Y-%m}"
    for member in file.members:
        if member.ended_for is None and (member.last_month is None or member.last_month > last):
            await _end(member, last, why, on, by, tx)
    await file.put(tx)


async def _member(claim_id: str, number: int, tx: Transaction) -> tuple[Register, Claim, Dependant]:
    file, claim = await Register.of(claim_id, tx), await Claim.of(claim_id, tx)
    member = next((one for one in file.members if one.number == number), None) if file is not None else None
    if file is None or claim is None or member is None:
        raise NotFound("该供养亲属", "the dependant")
    return file, claim, member
