"""Put dependants on a claim's register, each with a benefit of their own, and divide the wage anew whenever one comes or goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pymongo.errors import DuplicateKeyError

from services.insurance.benefits import commands as benefits
from services.insurance.benefits.calculation import base
from services.insurance.benefits.documents import Benefit
from services.insurance.benefits.fact_rules import PREFIX, Calculated
from services.insurance.benefits.fact_rules import Dependant as Anyone
from services.insurance.benefits.grant_commands import make, publish_granted
from services.insurance.benefits.proposal_commands import Asked, Proposal, facts_of, law_for, propose
from services.insurance.benefits.timeline import Sum
from services.insurance.claims.documents import Claim
from services.insurance.dependants import rules
from services.insurance.dependants.documents import ID_NUMBER, NAME, Dependant, Register
from services.insurance.dependants.rules import Relation, Relative
from services.insurance.entitlements.documents import Entitlement
from services.insurance.entitlements.rules import check_day
from shared import clock
from shared.errors import Conflict, NotFound, RuleBroken
from shared.identity.resident_id import parse
from shared.policy import calendar
from shared.policy.calendar import month_after
from shared.policy.parameters import Law, MissingParameter
from shared.storage.encryption import encrypt_field
from shared.storage.passing import Stale
from shared.storage.transaction import Transaction

KIND = "dependant_pension"


@dataclass(frozen=True, slots=True)
class Supported:
    """A dependant as an officer names them. `payee`: id number and name of who is paid for them, None where they are themselves;
    `account`: that one's, None where the fund does not pay; `phone`: where the payee is told."""

    relation: Relation
    id_number: str
    name: str
    account: str | None
    lone: bool = False
    incapacitated: bool = False
    next_in_line: bool = False
    payee: tuple[str, str] | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What the pensions rest on. `own_wage`: None where it is taken from what was paid in. `wage`: what an officer found that the
    dependants share, where no parameter tells it, with its `document`."""

    own_wage: Decimal | None = None
    wage: Decimal | None = None
    document: str | None = None
    first_month: str | None = None


async def register(claim_id: str, people: Sequence[Supported], terms: Terms, by: str, tx: Transaction) -> Register:
    """Grant each of these people a pension, beside those who draw one already. Raises RuleBroken, Conflict."""
    claim = await Claim.of(claim_id, tx)
    if claim is None or claim.worker_id is None:
        raise RuleBroken("worker-unknown", "尚未查明该劳动者身份", "it is not known yet who the worker is")
    found = await tx.find(Benefit, {"claim_id": claim_id})
    if any(one.kind == KIND and one.dependant is None and one.state != "stopped" for one in found):
        raise Conflict("already-granted", "该项待遇已核定", "one pension for all was granted before")
    entitlement = await Entitlement.of(claim_id, tx)
    asked = Asked(
        KIND,
        own_wage=terms.own_wage if terms.wage is None else terms.wage,
        dependants=(Anyone("other"),),
        first_month=terms.first_month,
    )
    proposal, law = await propose(claim, asked, clock.now(), tx), law_for(claim, KIND, entitlement)
    file = await Register.of(claim_id, tx) or await _new(claim, asked, terms, entitlement, law, tx)
    present = [one for one in file.members if one.ended_for is None]
    ages, day = law.table("dependant.ages"), _event_day(claim, entitlement)
    percents = law.table(f"{PREFIX[claim.scheme]}.dependant_percent")
    assert proposal.month is not None
    added: list[Dependant] = []
    for person in people:
        relative = _relative(person)
        rules.check(relative, day, ages)
        if any(one.opened(claim_id)[0] == person.id_number for one in [*present, *added]):
            raise Conflict("already-granted", "该供养亲属已登记", "the dependant draws a pension already")
        until = rules.last_month(relative, ages)
        if until is not None and until < proposal.month:
            raise RuleBroken("no-month-left", "没有可支付的月份", "no month is left to be paid")
        number = len(file.members) + len(added) + 1
        added.append(
            Dependant(
                number=number,
                relation=person.relation,
                lone=person.lone,
                incapacitated=person.incapacitated,
                id_number=encrypt_field(ID_NUMBER, claim_id, person.id_number),
                name=encrypt_field(NAME, claim_id, person.name),
                percent=str(rules.percent(person.relation, person.lone, percents)),
                first_month=proposal.month,
                last_month=until,
                comes_of_age_in=until,
                benefit_id=f"{claim_id}:{len(found) + len(added) + 1}",
            )
        )
    if sum(one.relation == "spouse" for one in [*present, *added]) > 1:
        raise RuleBroken("two-spouses", "配偶只能有一人", "there is at most one spouse")
    file.members = [*file.members, *added]
    file.used += [one for one in (*law.used, *proposal.used) if one not in file.used]
    for member, person in zip(added, people, strict=True):
        await _grant(claim, file, member, person, asked, proposal, by, tx)
    await _divide(file, proposal.month, tx)
    for member in added:
        benefit = await _benefit(member, tx)
        benefit.document = terms.document
        if benefit.amount is not None:
            publish_granted(benefit, None, tx)
        await benefit.put(tx)
    await file.put(tx)
    try:
        await tx.write()
    except DuplicateKeyError:
        raise Stale(f"another benefit of {claim_id} was granted meanwhile") from None
    return file


async def _new(
    claim: Claim, asked: Asked, terms: Terms, entitlement: Entitlement | None, law: Law, tx: Transaction
) -> Register:
    wage, missing = await _wage(claim, asked, entitlement, law, tx)
    if terms.wage is not None:
        wage, missing = str(terms.wage), None
    return Register(
        id=claim.id,
        worker_id=claim.worker_id or "",
        district=claim.district,
        wage=wage,
        missing=missing,
        cap=law.text(f"{PREFIX[claim.scheme]}.dependant_percent", "cap"),
        members=[],
        used=[],
    )


async def _wage(
    claim: Claim, asked: Asked, entitlement: Entitlement | None, law: Law, tx: Transaction
) -> tuple[str | None, str | None]:
    """What the dependants share, or the parameter that nobody has."""
    try:
        return str(base(await facts_of(claim, asked, entitlement, law, tx), law)), None
    except MissingParameter as missing:
        return None, missing.key


def _event_day(claim: Claim, entitlement: Entitlement | None) -> dt.date:
    """The day on which somebody must have been a dependant: of the death, the absence, or the accident."""
    if entitlement is not None and entitlement.death is not None and not entitlement.death.declared:
        return entitlement.death.on
    if entitlement is not None and entitlement.absence is not None:
        return entitlement.absence.since
    return calendar.shanghai_date(claim.occurred_at)


def _relative(person: Supported) -> Relative:
    said = parse(person.id_number, calendar.shanghai_date(clock.now()))
    return Relative(person.relation, said.birth_date, said.sex == "male", person.incapacitated, person.next_in_line)


async def _grant(
    claim: Claim,
    file: Register,
    member: Dependant,
    person: Supported,
    asked: Asked,
    proposal: Proposal,
    by: str,
    tx: Transaction,
) -> None:
    """Store the dependant's benefit, whose sum the division sets."""
    payee = person.payee or (person.id_number, person.name)
    theirs = replace(
        asked, account=person.account, kin=payee, phones=((payee[1], person.phone),) if person.phone else ()
    )
    open_ = file.wage is None
    calculated = Calculated(None, file.missing) if open_ else Calculated(Decimal(0))
    basis = dict(proposal.basis) | {
        "dependants": [{"relation": member.relation, "lone": member.lone}],
        "wage": file.wage,
    }
    of_theirs = replace(
        proposal, calculated=calculated, month=member.first_month, last_month=member.last_month, basis=basis
    )
    place = int(member.benefit_id.rpartition(":")[2])
    await make(claim, theirs, of_theirs, place, by, tx, dependant=member.number, told_now=False)


async def _divide(file: Register, since: str, tx: Transaction) -> None:
    """Let what each one draws from a month on be their share of the wage; what has begun before stays."""
    if file.wage is None:
        return
    shares = [one.share for one in file.members]
    for member, sums in zip(
        file.members, rules.schedule(Decimal(file.wage), shares, Decimal(file.cap), since), strict=True
    ):
        if not sums:
            continue
        benefit = await _benefit(member, tx)
        later = [Sum(from_month=month, amount=amount, grows_from=member.first_month) for month, amount in sums]
        if not benefit.sums:
            benefit.sums, benefit.amount = later, later[0].amount
        else:
            benefits.set_sums(benefit, later, tx)
        await benefit.put(tx)


async def _benefit(member: Dependant, tx: Transaction) -> Benefit:
    benefit = await Benefit.of(member.benefit_id, tx)
    if benefit is None:
        raise ValueError("the dependant's benefit is not there")
    return benefit


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
    await _end(file, member, f"{on:%Y-%m}", why, on, by, tx)
    await _divide(file, month_after(f"{on:%Y-%m}"), tx)
    return await file.put(tx)


async def _end(file: Register, member: Dependant, last: str, why: str, on: dt.date, by: str, tx: Transaction) -> None:
    if member.ended_for is not None or (member.last_month is not None and member.last_month <= last):
        raise Conflict("not-in-this-state", "该抚恤金已停止", "the pension has ended already")
    member.last_month, member.ended_for, member.ended_on = last, why, on
    await benefits.end(await _benefit(member, tx), last, why, by, tx)


async def revise(
    claim_id: str, number: int, lone: bool, incapacitated: bool, since: str, by: str, tx: Transaction
) -> Register:
    """Take what has changed about a dependant from a month on: lone, or without any capacity for work, whose youth ends nothing.

    Raises RuleBroken, Conflict.
    """
    file, claim, member = await _member(claim_id, number, tx)
    if member.ended_for is not None or (member.last_month is not None and member.last_month < since):
        raise Conflict("not-in-this-state", "该抚恤金已停止", "the pension has ended already")
    if not member.first_month <= since <= month_after(calendar.month_of(clock.now())):
        raise RuleBroken(
            "month-not-begun", "变更月份须在起始月份至下月之间", "it changes between its first month and the next"
        )
    law = law_for(claim, KIND, await Entitlement.of(claim_id, tx))
    percents = law.table(f"{PREFIX[claim.scheme]}.dependant_percent")
    member.lone, member.incapacitated = lone, incapacitated
    member.percent = str(rules.percent(member.relation, lone, percents))
    member.last_month = None if incapacitated else member.comes_of_age_in
    benefit = await _benefit(member, tx)
    benefit.last_month = member.last_month
    benefit.note("revised", by)
    await benefit.put(tx)
    await _divide(file, since, tx)
    return await file.put(tx)


async def recalculate(claim: Claim, entitlement: Entitlement, by: str, tx: Transaction) -> None:
    """Divide the wage by the law of the day on which a court declared the death, from the next month on (工伤保险条例 art. 41)."""
    file = await Register.of(claim.id, tx)
    if file is None:
        return
    drawing = [one for one in file.members if one.ended_for is None]
    basis = (await _benefit(drawing[0], tx)).basis if drawing else {}
    own = Decimal(basis["own_wage"]) if basis.get("own_wage") and not basis.get("own_wage_from") else None
    law = law_for(claim, KIND, entitlement)
    wage, _ = await _wage(claim, Asked(KIND, own_wage=own), entitlement, law, tx)
    if wage is None or file.wage is None:
        return  # what nobody can calculate stays as it was found
    file.wage, file.cap = wage, law.text(f"{PREFIX[claim.scheme]}.dependant_percent", "cap")
    file.used += [one for one in law.used if one not in file.used]
    await _divide(file, month_after(calendar.month_of(clock.now())), tx)
    await file.put(tx)


async def end_all(claim_id: str, on: dt.date, why: str, by: str, tx: Transaction) -> None:
    """End every pension with the month of a day: the worker has come back."""
    file = await Register.of(claim_id, tx)
    if file is None:
        return
    last = f"{on:%Y-%m}"
    for member in file.members:
        if member.ended_for is None and (member.last_month is None or member.last_month > last):
            await _end(file, member, last, why, on, by, tx)
    await file.put(tx)


async def _member(claim_id: str, number: int, tx: Transaction) -> tuple[Register, Claim, Dependant]:
    file, claim = await Register.of(claim_id, tx), await Claim.of(claim_id, tx)
    member = next((one for one in file.members if one.number == number), None) if file is not None else None
    if file is None or claim is None or member is None:
        raise NotFound("该供养亲属", "the dependant")
    return file, claim, member
