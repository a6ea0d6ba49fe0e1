"""Put the text of a collective contract on file, and revise it until it is filed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from services.registry.collective_contracts import rules
from services.registry.collective_contracts.documents import CollectiveContract, ContractNumber, Terms
from services.registry.collective_contracts.rules import Agreed
from services.registry.consultations import commands as consultations
from services.registry.consultations.access import require_speaker
from services.registry.consultations.documents import Consultation
from shared import clock
from shared.callers import Caller
from shared.errors import Conflict, NotFound, RuleBroken
from shared.ids import new_id
from shared.policy.calendar import end_of_day, shanghai_date, share_passed, start_of_day
from shared.policy.parameters import Used, parameters
from shared.storage import provisional
from shared.storage.client import Row
from shared.storage.kinds import TimerKind
from shared.storage.provisional import Provisional, Stored, provisional_kind, rests_on
from shared.storage.records import require_revision
from shared.storage.taken import AlreadyTaken
from shared.storage.transaction import Transaction

FILING = TimerKind("registry.collective_contract_filing")
FILING_NEAR = TimerKind("registry.collective_contract_filing_near")
"""The timer of a draft that has passed: the end of the last day to hand it in."""
CALENDAR = provisional_kind("registry.collective_contract_calendar")
DAYS = ("file_by", "filing.object_by", "amendment.filing.object_by")


def _days(row: Row) -> list[tuple[str, Provisional]]:
    """The one last day that is watched: to hand the contract in, or for an objection to it or to its amendment."""
    if row["state"] == "passed":
        return [(row["_id"], rests_on(row["file_by"]))]
    filing = (row.get("amendment") or {}).get("filing") or row.get("filing")
    return [] if filing is None else [(row["_id"], rests_on(filing["object_by"]))]


STORED = Stored(
    CALENDAR,
    CollectiveContract,
    lambda since: {"$or": [{day: {"$gte": since}} for day in DAYS]},
    ("state", *DAYS),
    _days,
)
"""The watch over that day, and once it is handed in over the last day for objections."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A signed contract: its days and its terms, which hold from its first day."""

    number: str
    signed_on: dt.date
    valid_from: dt.date
    valid_to: dt.date
    terms: Agreed

    def says_the_same(self, contract: CollectiveContract) -> bool:
        """Whether it agrees what a contract on file does, for the same time: then the vote on it stands."""
        known = (contract.valid_from, contract.valid_to, contract.terms[0].agreed(contract.id))
        return (self.valid_from, self.valid_to, self.terms) == known


async def draft(consultation_id: str, text: Text, caller: Caller, tx: Transaction) -> CollectiveContract:
    """Make the contract that a consultation ended in; the consultation closes with it (劳动合同法 art. 51). Does not store it."""
    consultation = await consultations.consultation_of(consultation_id, tx)
    await require_speaker_of(caller, consultation, tx)
    contract_id = new_id()
    contract = CollectiveContract(
        id=contract_id,
        consultation_id=consultation.id,
        level=consultation.level,
        workers_side=consultation.workers_side,
        platforms=consultation.platforms,
        industry=consultation.industry,
        district=consultation.district,
        **_worded(text, contract_id, consultation.district, consultation.industry),
    )
    await _reserve_number(text.number, contract.id, tx)
    await consultations.conclude(consultation, "contract", text.number, contract.id, caller, tx)
    await consultation.put(tx)
    return contract


async def revise(contract_id: str, text: Text, caller: Caller, seen: int, tx: Transaction) -> CollectiveContract:
    """Put another text in place of one that is not filed yet or that was objected to. It is voted on anew where it agrees
    something else than what has passed."""
    contract = await contract_of(contract_id, tx)
    await require_speaker_of(caller, contract, tx)
    require_revision(seen, contract.revision)
    stands = bool(contract.votes) and contract.votes[-1].passed and text.says_the_same(contract)
    contract.state = rules.STATES.next(contract.state, "revise")
    tx.cancel(FILING, contract.id)
    tx.cancel(FILING_NEAR, contract.id)
    if text.number != contract.number:
        await _reserve_number(text.number, contract.id, tx)
        await ContractNumber.give_up(contract.number, contract.id, tx)
    for name, value in _worded(text, contract.id, contract.district, contract.industry).items():
        setattr(contract, name, value)
    contract.filing = None
    if stands:
        vote = contract.votes[-1]
        if contract.signed_on < vote.held_on:
            raise rules.signed_before_vote()
        contract.state = rules.STATES.next(contract.state, "pass")
        await_filing(contract, tx)
    return await contract.put(tx)


async def contract_of(contract_id: str, tx: Transaction) -> CollectiveContract:
    """The contract; raises NotFound."""
    contract = await CollectiveContract.of(contract_id, tx)
    if contract is None:
        raise NotFound("该集体合同", "this collective contract")
    return contract


def check(agreed: Agreed, contract_district: str, industry: str | None) -> tuple[str | None, list[Used]]:
    """Why a person must look at terms, if anybody must, and the parameters used; raises RuleBroken for unlawful ones."""
    law = parameters.on(agreed.since, place=contract_district, industry=industry)
    return rules.check(agreed, law), list(law.used)


def await_filing(contract: CollectiveContract, tx: Transaction) -> None:
    """Set the timers before and at the end of the last day to hand a contract in that has passed."""
    percent = parameters.on(shanghai_date(clock.now()), place=contract.district).number("terms.warn_percent")
    near = start_of_day(share_passed(contract.signed_on, contract.file_by, percent))
    if near > clock.now():
        tx.schedule(FILING_NEAR, contract.id, near)
    tx.schedule(FILING, contract.id, end_of_day(contract.file_by))
    provisional.watch(CALENDAR, contract.id, contract.file_by, tx)


def _worded(text: Text, contract_id: str, district: str, industry: str | None) -> dict[str, Any]:
    """The fields of a contract that its text decides."""
    if text.valid_to < text.valid_from:
        raise RuleBroken("validity", "合同期满日不能早于起始日", "the contract ends before it begins")
    rules.check_clause_days(text.terms, text.valid_to)
    to_check, used = check(text.terms, district, industry)
    law = parameters.on(text.signed_on, place=district)
    return {
        "number": text.number,
        "signed_on": text.signed_on,
        "file_by": rules.file_by(text.signed_on, law).due,
        "valid_from": text.valid_from,
        "valid_to": text.valid_to,
        "terms": [Terms.of(text.terms, contract_id)],
        "to_check": to_check,
        "used": [*used, *law.used],
    }


async def require_speaker_of(caller: Caller, about: Consultation | CollectiveContract, tx: Transaction) -> None:
    """Raise Forbidden unless the caller is a union within its scope, or an officer of the place."""
    await require_speaker(caller, about.district, about.industry, about.platforms, tx)


async def _reserve_number(number: str, contract_id: str, tx: Transaction) -> None:
    try:
        await ContractNumber.take(number, contract_id, tx)
    except AlreadyTaken:
        raise Conflict("number-taken", "该合同编号已登记", "a contract of this number is on file") from None
