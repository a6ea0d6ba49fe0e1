"""Put the text of a collective contract on file, and revise it until it is filed."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from services.registry.collective_contracts import rules
from services.registry.collective_contracts.documents import CollectiveContract, ContractNumber, Terms
from services.registry.collective_contracts.rules import Agreed
from services.registry.consultations import commands as consultations
from services.registry.consultations.access import require_speaker
from services.registry.consultations.documents import Consultation
from shared.callers import Caller
from shared.errors import Conflict, NotFound, RuleBroken
from shared.policy.parameters import Used, parameters
from shared.storage.records import require_revision
from shared.storage.taken import AlreadyTaken
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A signed contract: its days and its terms, which hold from its first day."""

    number: str
    signed_on: dt.date
    valid_from: dt.date
    valid_to: dt.date
    terms: Agreed


async def draft(consultation_id: str, text: Text, caller: Caller, tx: Transaction) -> CollectiveContract:
    """Put the contract that a consultation ended in on file; the consultation closes with it (劳动合同法 art. 51)."""
    consultation = await consultations.consultation_of(consultation_id, tx)
    await _require_speaker(caller, consultation, tx)
    contract = CollectiveContract(
        consultation_id=consultation.id,
        level=consultation.level,
        workers_side=consultation.workers_side,
        platforms=consultation.platforms,
        industry=consultation.industry,
        district=consultation.district,
        **_worded(text, consultation.district, consultation.industry),
    )
    await _reserve_number(text.number, contract.id, tx)
    await consultations.conclude(consultation, "contract", text.number, contract.id, caller, tx)
    await consultation.put(tx)
    return await contract.put(tx)


async def revise(contract_id: str, text: Text, caller: Caller, seen: int, tx: Transaction) -> CollectiveContract:
    """Put another text in place of one that is not filed yet or that was objected to."""
    contract = await contract_of(contract_id, tx)
    await _require_speaker(caller, contract, tx)
    require_revision(seen, contract.revision)
    contract.state = rules.STATES.next(contract.state, "revise")
    if text.number != contract.number:
        await _reserve_number(text.number, contract.id, tx)
        await ContractNumber.give_up(contract.number, contract.id, tx)
    for name, value in _worded(text, contract.district, contract.industry).items():
        setattr(contract, name, value)
    contract.filing = None
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


def _worded(text: Text, district: str, industry: str | None) -> dict[str, Any]:
    """The fields of a contract that its text decides."""
    if text.valid_to < text.valid_from:
        raise RuleBroken("validity", "合同期满日不能早于起始日", "the contract ends before it begins")
    to_check, used = check(text.terms, district, industry)
    law = parameters.on(text.signed_on, place=district)
    return {
        "number": text.number,
        "signed_on": text.signed_on,
        "file_by": rules.file_by(text.signed_on, law).due,
        "valid_from": text.valid_from,
        "valid_to": text.valid_to,
        "terms": [Terms(**asdict(text.terms))],
        "to_check": to_check,
        "used": [*used, *law.used],
    }


async def _require_speaker(caller: Caller, about: Consultation | CollectiveContract, tx: Transaction) -> None:
    await require_speaker(caller, about.district, about.industry, about.platforms, tx)


async def _reserve_number(number: str, contract_id: str, tx: Transaction) -> None:
    try:
        await ContractNumber.take(number, contract_id, tx)
    except AlreadyTaken:
        raise Conflict("number-taken", "该合同编号已登记", "a contract of this number is on file") from None
