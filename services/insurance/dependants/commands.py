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
from services.insurance.benefits.grant_commands import apart, make, publish_granted
from services.insurance.benefits.proposal_commands import Asked, Proposal, facts_of, law_for, propose
from services.insurance.benefits.timeline import Sum
from services.insurance.claims.documents import Claim
from services.insurance.dependants import rules
from services.insurance.dependants.documents import ID_NUMBER, NAME, Dependant, Register
from services.insurance.dependants.rules import Relation, Relative
from services.insurance.entitlements.documents import Entitlement
from shared import clock
from shared.errors import Conflict, RuleBroken
from shared.identity.resident_id import parse
from shared.policy import calendar
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
    entitlement = await Entitlement.of(claim_id, tx)
    asked = Asked(
        KIND,
        own_wage=terms.own_wage if terms.wage is None else terms.wage,
        dependants=(Anyone("other"),),
        first_month=terms.first_month,
    )
    proposal, law = await propose(claim, asked, clock.now(), tx), law_for(claim, KIND, entitlement)
    for_all = [one for one in found if one.kind == KIND and one.dependant is None and one.state != "stopped"]
    if not all(apart(one, proposal) for one in for_all):
        raise Conflict("already-granted", "该项待遇已核定", "one pension for all was granted before")
    file = await Register.of(claim_id, tx) or await _new(claim, asked, terms, entitlement, law, tx)
    assert proposal.month is not None
    added = _newcomers(claim, file, people, proposal.month, _event_day(claim, entitlement), law, len(found))
    file.members = [*file.members, *added]
    file.used += [one for one in (*law.used, *proposal.used) if one not in file.used]
    for member, person in zip(added, people, strict=True):
        await _grant(claim, file, member, person, asked, proposal, by, tx)
    await divide(file, proposal.month, tx)
    for member in added:
        benefit = await benefit_of(member, tx)
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


def _newcomers(
    claim: Claim, file: Register, people: Sequence[Supported], month: str, day: dt.date, law: Law, granted: int
) -> list[Dependant]:
    """Those who draw from `month` on, or from their birth, dependants on `day`; `granted`: how many benefits the claim has.

    Raises RuleBroken, Conflict.
    """
    present = [one for one in file.members if one.ended_for is None]
    ages, percents = law.table("dependant.ages"), law.table(f"{PREFIX[claim.scheme]}.dependant_percent")
    added: list[Dependant] = []
    for person in people:
        relative = _relative(person)
        rules.check(relative, day, ages)
        if any(one.opened(claim.id)[0] == person.id_number for one in [*present, *added]):
            raise Conflict("already-granted", "该供养亲属已登记", "the dependant draws a pension already")
        begins = max(month, f"{relative.born:%Y-%m}")  # a child may be born after the death (范围规定 art. 2)
        _check_months(file, person.id_number, begins)
        until = rules.last_month(relative, ages)
        if until is not None and until < begins:
            raise RuleBroken("no-month-left", "没有可支付的月份", "no month is left to be paid")
        place = len(added) + 1
        added.append(
            Dependant(
                number=len(file.members) + place,
                relation=person.relation,
                lone=person.lone,
                incapacitated=person.incapacitated,
                id_number=encrypt_field(ID_NUMBER, claim.id, person.id_number),
                name=encrypt_field(NAME, claim.id, person.name),
                percent=str(rules.percent(person.relation, person.lone, percents)),
                percent_since=begins,
                first_month=begins,
                last_month=until,
                comes_of_age_in=until,
                benefit_id=f"{claim.id}:{granted + place}",
            )
        )
    if sum(one.relation == "spouse" for one in [*present, *added]) > 1:
        raise RuleBroken("two-spouses", "配偶只能有一人", "there is at most one spouse")
    return added


def _check_months(file: Register, id_number: str, first_month: str) -> None:
    """Raise RuleBroken where somebody who was ended, and comes again, would draw a month twice."""
    for one in file.members:
        drew = one.last_month is not None and one.first_month <= one.last_month and first_month <= one.last_month
        if drew and one.opened(file.id)[0] == id_number:
            raise RuleBroken(
                "months-drawn",
                f"该供养亲属的抚恤金已发至{one.last_month}",
                f"the pension was drawn to {one.last_month}",
            )


async def _new(
    claim: Claim, asked: Asked, terms: Terms, entitlement: Entitlement | None, law: Law, tx: Transaction
) -> Register:
    wage, missing = await wage_of(claim, asked, entitlement, law, tx)
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


async def wage_of(
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


def month_before(month: str) -> str:
    return f"{calendar.months_after(calendar.first_day(month), -1):%Y-%m}"


async def divide(file: Register, since: str, tx: Transaction) -> None:
    """Let what each one draws from a month on be their share of the wage; what has begun before stays."""
    if file.wage is None:
        return
    for member in file.members:
        benefit = await benefit_of(member, tx)
        if member.ended_for is None and benefit.state == "stopped":  # by the yearly check
            member.last_month, member.ended_for = benefit.last_paid or month_before(member.first_month), "stopped"
    spans = [(member, share) for member in file.members for share in member.shares]
    found = rules.schedule(Decimal(file.wage), [share for _, share in spans], Decimal(file.cap), since)
    for member in file.members:
        sums = [one for (whose, _), theirs in zip(spans, found, strict=True) if whose is member for one in theirs]
        if not sums:
            continue
        benefit = await benefit_of(member, tx)
        later = [Sum(from_month=month, amount=amount, grows_from=member.first_month) for month, amount in sums]
        if not benefit.sums:
            benefit.sums, benefit.amount = later, later[0].amount
        else:
            benefits.set_sums(benefit, later, tx)
        await benefit.put(tx)


async def benefit_of(member: Dependant, tx: Transaction) -> Benefit:
    benefit = await Benefit.of(member.benefit_id, tx)
    if benefit is None:
        raise ValueError("the dependant's benefit is not there")
    return benefit
