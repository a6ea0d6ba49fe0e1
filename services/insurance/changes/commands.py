"""Record what has become of an injured person, and let every benefit follow it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from services.insurance.benefits import commands as benefits
from services.insurance.benefits import missing_commands, payments, rules
from services.insurance.benefits.documents import Benefit
from services.insurance.benefits.grant_commands import make
from services.insurance.benefits.proposal_commands import Asked, propose
from services.insurance.benefits.timeline import Sum
from services.insurance.claims.documents import Claim
from services.insurance.claims.rules import OF_THE_DEAD
from services.insurance.dependants import change_commands as dependants
from services.insurance.entitlements.documents import Absence, Death, Entitlement, Relapse, Retirement, Stop
from services.insurance.entitlements.rules import LIFE, check_day, death_of, suspended_on
from services.insurance.recoveries import commands as recoveries
from shared import clock
from shared.contracts.insurance import BenefitGranted
from shared.errors import Conflict, RuleBroken
from shared.policy import calendar
from shared.policy.calendar import first_day, month_after
from shared.policy.parameters import parameters
from shared.storage.transaction import Transaction


async def record_death(
    claim_id: str, on: dt.date, of_injury: bool, declared: bool, document: str, by: str, tx: Transaction
) -> Entitlement:
    """Record a death after the recognition, or that a court declared it: the worker's own monthly benefits end with its month, and
    next of kin take their place (工伤保险条例 art. 39, 41). Raises RuleBroken, Conflict."""
    claim, known = await _known(claim_id, on, tx)
    was_missing = known.life == "missing"
    known.life = LIFE.next(known.life, "declared_dead" if declared else "died")
    found = await tx.find(Benefit, {"claim_id": claim_id})
    law = parameters.on(on, place=claim.district)
    pay = [one for one in found if one.kind in rules.WHILE_SUSPENDED and one.state != "stopped"]
    suspended = suspended_on(
        on,
        calendar.shanghai_date(claim.occurred_at),
        law.number("work_injury.suspended_pay_months"),
        claim.graded_since(known.relapsed),
        max((one.last_month or "9999-12" for one in pay), default=None),
    )
    kind = death_of(
        declared=declared or (was_missing and of_injury), of_injury=of_injury, suspended=suspended, grade=claim.grade
    )
    known.deaths.append(Death(on=on, of_injury=of_injury, declared=declared, kind=kind, document=document, by=by))
    claim.fatal = True
    for benefit in found:
        if benefit.kind in OF_THE_DEAD:
            continue
        benefit.to_kin = True
        benefit.kin = benefit.kin or list(claim.kin_ids)
        await benefits.end(benefit, f"{on:%Y-%m}", "died", by, tx)
        await benefit.put(tx)
    if was_missing:
        await dependants.recalculate(claim, known, tx)
    await claim.put(tx)
    return await known.put(tx)


async def record_absence(claim_id: str, since: dt.date, document: str, by: str, tx: Transaction) -> Entitlement:
    """Record that nobody knows where the worker is: what they drew while work was suspended ends, and the pay goes on for the absence
    (art. 41). Raises RuleBroken, Conflict."""
    claim, known = await _known(claim_id, since, tx)
    if claim.scheme != "work_injury":
        raise RuleBroken("no-such-benefit", "该险种没有此项待遇", "the scheme has nothing for it")
    known.life = LIFE.next(known.life, "went_missing")
    known.absences.append(Absence(since=since, document=document, by=by))
    law = parameters.on(since, place=claim.district)
    for benefit in await _own(claim_id, tx):
        if benefit.kind == "suspended_pay":
            await benefits.end(benefit, rules.pay_ends_with(since, benefit.last_paid, law), "missing", by, tx)
        elif benefit.kind in rules.WHILE_SUSPENDED:
            await benefits.end(benefit, rules.last_before_absence(benefit.kind, since), "missing", by, tx)
    return await known.put(tx)


async def record_return(claim_id: str, on: dt.date, document: str, by: str, tx: Transaction) -> Entitlement:
    """Record that a missing worker, or one declared dead, has come back: the pensions end, what was paid once for the death is
    claimed back, and what was not paid yet is not (民法典 art. 53; the regulation says nothing of it). Raises RuleBroken, Conflict."""
    claim, known = await _known(claim_id, on, tx)
    if known.absence is not None and on < known.absence.since:
        raise RuleBroken("day-does-not-fit", "返回日期早于下落不明日期", "the return comes after the absence")
    known.life = LIFE.next(known.life, "returned")
    if known.absence is not None:
        known.absence.returned_on = on
    claim.fatal = False
    await dependants.end_all(claim_id, on, "returned", by, tx)
    for benefit in await tx.find(Benefit, {"claim_id": claim_id}):
        if benefit.dependant is not None or benefit.kind not in {*OF_THE_DEAD, "death_advance", "missing_pay"}:
            continue
        if benefit.month is not None:
            await benefits.end(benefit, f"{on:%Y-%m}", "returned", by, tx)
        elif rules.STATES.allows(benefit.state, "stopped") and benefit.state != "paid":
            await benefits.stop(benefit, "职工已返回", by, tx)
        elif benefit.state == "paid" and (left := await recoveries.left(benefit, tx)) > 0:
            await recoveries.propose(benefit, left, "returned_alive", by, tx)
        elif benefit.state == "ordered":
            recoveries.take_back_later(benefit, tx)
    await claim.put(tx)
    return await known.put(tx)


async def record_relapse(claim_id: str, since: dt.date, document: str, by: str, tx: Transaction) -> Entitlement:
    """Record that an old injury needs treatment again: treatment, devices and suspended pay are granted anew (art. 38)."""
    _, known = await _known(claim_id, since, tx)
    _alive(known)
    if known.relapsed is not None and since <= known.relapsed:
        raise RuleBroken("day-does-not-fit", "早于已登记的复发日期", "an earlier relapse is on file")
    known.relapses.append(Relapse(since=since, document=document, by=by))
    return await known.put(tx)


async def record_retirement(
    claim_id: str, on: dt.date, pension: Decimal, document: str, by: str, tx: Transaction
) -> Entitlement:
    """Record a retirement: the allowance ends with its month, and what the old-age pension falls short of that of grade 1 to 4 is
    paid from the next one on (art. 35, 1, 3; 社会保险法 art. 40). That of grade 5 or 6 the employer owes no more, as the contract
    ends (劳动合同法 art. 44). Raises RuleBroken, Conflict."""
    claim, known = await _known(claim_id, on, tx)
    _alive(known)
    if known.retirement is not None:
        raise Conflict("already-granted", "已登记退休", "the retirement is on file")
    found = await tx.find(Benefit, {"claim_id": claim_id})
    allowance = next((one for one in found if one.kind in rules.ALLOWANCES and one.state != "stopped"), None)
    if allowance is None or allowance.amount is None:
        raise RuleBroken("no-allowance", "没有领取中的伤残津贴", "no allowance is drawn")
    payments.keep_sums(allowance)
    month = f"{on:%Y-%m}"
    following = month_after(month)
    owed = allowance.owed(following, parameters.on(first_day(following), place=claim.district)) or allowance.amount
    known.retirement = Retirement(on=on, pension=pension, document=document, by=by)
    await benefits.end(allowance, month, "retired", by, tx)
    if owed > pension and allowance.kind == "disability_allowance":
        account = allowance.payee.opened(allowance.id)[2] if allowance.payee is not None else None
        asked = Asked(
            "pension_difference",
            allowance=owed,
            pension=pension,
            account=account,
            payer=allowance.payer,
            first_month=month,
        )
        proposal = await propose(claim, asked, clock.now(), tx)
        benefit = await make(claim, asked, proposal, len(found) + 1, by, tx, told_now=False)
        benefit.first_month, benefit.document = following, document
        benefit.sums = [Sum(from_month=following, amount=benefit.due, grows_from=following)]
        benefit.state = rules.STATES.next(benefit.state, "deferred")
        tx.schedule(payments.MONTH, benefit.id, max(calendar.start_of_day(first_day(following)), clock.now()))
        tx.publish(BenefitGranted(**benefit.facts(), due_on=None))
        await benefit.put(tx)
    return await known.put(tx)


async def record_stop(claim_id: str, case: str, since: dt.date, document: str, by: str, tx: Transaction) -> Entitlement:
    """Stop every benefit of the worker's own while one of the law's cases lasts (art. 42). Raises RuleBroken, Conflict."""
    claim, known = await _known(claim_id, since, tx)
    _alive(known)
    if case not in parameters.on(since, place=claim.district).table("benefit.stop_grounds"):
        raise RuleBroken("no-such-ground", "不是停止待遇的法定情形", "the law has no such case")
    if known.stop is not None:
        raise Conflict("not-in-this-state", "待遇已停止", "benefits are stopped already")
    known.stops.append(Stop(case=case, since=since, document=document, by=by))
    for benefit in await _own(claim_id, tx):
        await benefits.keep_back(benefit, case, by, tx)
    return await known.put(tx)


async def record_resumption(claim_id: str, on: dt.date, document: str, by: str, tx: Transaction) -> Entitlement:
    """Let benefits go on, from the present month. Raises RuleBroken, Conflict."""
    _, known = await _known(claim_id, on, tx)
    stop = known.stop
    if stop is None:
        raise Conflict("not-in-this-state", "待遇未停止", "benefits are not stopped")
    if on < stop.since:
        raise RuleBroken("day-does-not-fit", "恢复日期早于停止日期", "they go on after they stop")
    stop.until = on
    for benefit in await _own(claim_id, tx):
        await benefits.go_on(benefit, stop.since, by, tx)
    return await known.put(tx)


async def follow_assessment(claim_id: str, day: dt.date, tx: Transaction) -> None:
    """Let benefits follow a new assessment: pay ends with a grade found (art. 33); what goes by grade goes by the new one from the
    next month on, or ends (art. 28, 34-36); a lump sum by an old grade that was not paid yet is stopped."""
    claim = await Claim.of(claim_id, tx)
    if claim is None or not claim.recognised:
        return
    known = await Entitlement.of(claim_id, tx)
    law = parameters.on(calendar.shanghai_date(claim.occurred_at), place=claim.district)
    graded = claim.graded_since(known.relapsed if known is not None else None)
    for benefit in await _own(claim_id, tx):
        if benefit.over:
            continue
        if graded is not None and rules.ends_with_assessment(benefit.kind, claim.scheme, graded, law):
            await benefits.end(benefit, f"{graded:%Y-%m}", "assessed", "timer", tx)
        elif benefit.kind in rules.BY_GRADE:
            await _regrade(claim, benefit, day, tx)
        elif _replaced(claim, benefit) and rules.STATES.allows(benefit.state, "stopped"):
            await benefits.stop(benefit, "伤残等级已变更", "timer", tx)


def _replaced(claim: Claim, benefit: Benefit) -> bool:
    """Whether a lump sum goes by a grade that the province has replaced (art. 26)."""
    return benefit.kind == "disability_lump" and claim.assessed_again and benefit.basis.get("grade") != claim.grade


async def _regrade(claim: Claim, benefit: Benefit, day: dt.date, tx: Transaction) -> None:
    if (benefit.basis.get("grade"), benefit.basis.get("nursing")) == (claim.grade, claim.nursing):
        return  # it was granted by this assessment
    own = benefit.basis.get("own_wage")
    wage = Decimal(own) if own and not benefit.basis.get("own_wage_from") else None
    asked = Asked(benefit.kind, own_wage=wage, no_fitting_work=True, payer=benefit.payer)
    try:
        proposal = await propose(claim, asked, clock.now(), tx)
    except RuleBroken as broken:
        if broken.kind in ("grade-does-not-fit", "no-nursing"):
            await benefits.end(benefit, f"{day:%Y-%m}", "regraded", "timer", tx)
        return
    benefit.note("regraded", "timer")
    benefit.basis = {**benefit.basis, "grade": claim.grade, "nursing": claim.nursing}
    share = proposal.calculated.share
    if share is None and benefit.entered:
        share = (await missing_commands.calculated(benefit, tx)).share
    if share is not None and benefit.amount is not None:
        following = month_after(f"{day:%Y-%m}")
        grows_from = benefit.first_month or following
        benefits.set_sums(benefit, [Sum(from_month=following, amount=share, grows_from=grows_from)], tx)
        benefit.used += [one for one in proposal.used if one not in benefit.used]
    elif share is None:
        benefit.missing = proposal.calculated.missing  # an officer enters what is missing, or adjusts the sum
        benefit.await_values(proposal.awaits)
    await benefit.put(tx)


async def claim_back(benefit_id: str, paid: Decimal, tx: Transaction) -> None:
    """Take recourse to the third party in whose place the fund has paid medical costs (社会保险法 art. 42)."""
    benefit = await Benefit.of(benefit_id, tx)
    if benefit is None or benefit.third_party is None or benefit.payer != "fund":
        return
    owed = min(paid, await recoveries.left(benefit, tx))
    if owed > 0:
        await recoveries.open_recovery(benefit, owed, "third_party_liable", "third_party", None, "timer", tx)


async def _known(claim_id: str, day: dt.date, tx: Transaction) -> tuple[Claim, Entitlement]:
    """A recognised claim and what has become of its worker; `day` is that of what is recorded. Raises RuleBroken."""
    claim = await Claim.of(claim_id, tx)
    if claim is None or not claim.recognised:
        raise RuleBroken("not-recognised", "该伤害尚未认定（确认）", "the injury is not recognised")
    check_day(day, calendar.shanghai_date(claim.occurred_at), calendar.shanghai_date(clock.now()))
    known = await Entitlement.of(claim_id, tx)
    return claim, known or Entitlement(
        id=claim_id,
        worker_id=claim.worker_id or "",
        district=claim.district,
        life="dead" if claim.fatal else "alive",
    )


def _alive(known: Entitlement) -> None:
    if known.life != "alive":
        raise Conflict("not-in-this-state", LIFE.zh, f"the worker is {known.life}", state=known.life)


async def _own(claim_id: str, tx: Transaction) -> Iterable[Benefit]:
    """The worker's own benefits."""
    found = await tx.find(Benefit, {"claim_id": claim_id})
    return [one for one in found if one.kind not in OF_THE_DEAD]
