"""Put the text of a collective contract on file, and revise it until it is filed."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from services.registry.bargaining import commands, rules
from services.registry.bargaining.documents import CollectiveContract, Consultation, ContractNumber, Terms
from services.registry.bargaining.rules import Agreed, ContractEvent
from shared.policy.parameters import Used, parameters
from shared.storage.taken import AlreadyTaken
from shared.storage.transaction import Transaction
from shared.web.auth import Caller
from shared.web.etags import require_revision
from shared.web.problems import Problem, broken_rule, conflict, not_found


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
    consultation = await commands.found(consultation_id, tx)
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
    await _take_number(text.number, contract.id, tx)
    commands.conclude(consultation, "contract", text.number, contract.id, tx)
    await consultation.put(tx)
    return await contract.put(tx)


async def revise(contract_id: str, text: Text, caller: Caller, seen: int, tx: Transaction) -> CollectiveContract:
    """Put another text in place of one that is not filed yet or that was objected to."""
    contract = await contract_of(contract_id, tx)
    await _require_speaker(caller, contract, tx)
    require_revision(seen, contract.revision)
    follow(contract, "revise")
    if text.number != contract.number:
        await _take_number(text.number, contract.id, tx)
        await ContractNumber.give_up(contract.number, contract.id, tx)
    for name, value in _worded(text, contract.district, contract.industry).items():
        setattr(contract, name, value)
    contract.filing = None
    return await contract.put(tx)


async def contract_of(contract_id: str, tx: Transaction) -> CollectiveContract:
    """The contract; raises a 404 problem."""
    contract = await CollectiveContract.of(contract_id, tx)
    if contract is None:
        raise not_found("该集体合同", "this collective contract")
    return contract


def follow(contract: CollectiveContract, event: ContractEvent) -> None:
    """Move a contract on; raises a 409 problem where its state forbids it."""
    try:
        contract.state = rules.contract_after(contract.state, event)
    except rules.Forbidden:
        raise state_forbids() from None


def state_forbids() -> Problem:
    return conflict("contract-state", "该集体合同的当前状态不允许此操作", "the state of the contract forbids this")


def check(agreed: Agreed, contract_district: str, industry: str | None) -> tuple[str | None, list[Used]]:
    """Why a person must look at terms, if anybody must, and the parameters used; raises a 422 problem for unlawful ones."""
    law = parameters.on(agreed.since, place=contract_district, industry=industry)
    try:
        return rules.check(agreed, law), list(law.used)
    except rules.NotAgreeable as refused:
        raise broken_rule(refused.kind, refused.zh, refused.en) from None


def _worded(text: Text, district: str, industry: str | None) -> dict[str, Any]:
    """The fields of a contract that its text decides."""
    if text.valid_to < text.valid_from:
        raise broken_rule("validity", "合同期满日不能早于起始日", "the contract ends before it begins")
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
    await commands.require_speaker(caller, about.district, about.industry, about.platforms, tx)


async def _take_number(number: str, contract_id: str, tx: Transaction) -> None:
    try:
        await ContractNumber.take(number, contract_id, tx)
    except AlreadyTaken:
        raise conflict("number-taken", "该合同编号已登记", "a contract of this number is on file") from None
