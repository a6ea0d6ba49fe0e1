"""The vote of the workers' congress, or of all workers, on a draft (劳动合同法 art. 51; 集体合同规定 art. 36)."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

from services.registry.collective_contracts import commands, rules
from services.registry.collective_contracts.commands import Text, await_filing, contract_of, require_speaker_of
from services.registry.collective_contracts.documents import CollectiveContract, KeptVote
from services.registry.collective_contracts.events import facts_of
from services.registry.collective_contracts.rules import Vote
from shared import clock
from shared.callers import Caller
from shared.contracts.registry import (
    CollectiveContractFilingNear,
    CollectiveContractFilingOverdue,
    CollectiveContractVoted,
)
from shared.errors import RuleBroken
from shared.policy.calendar import end_of_day, shanghai_date
from shared.policy.parameters import parameters
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction


async def draft(
    consultation_id: str, text: Text, vote: Vote | None, caller: Caller, tx: Transaction
) -> CollectiveContract:
    """Put a contract on file, with the vote on it where that was held already."""
    contract = await commands.draft(consultation_id, text, caller, tx)
    if vote is not None:
        await put_to_vote(contract, vote, caller, tx)
    return await contract.put(tx)


async def record_vote(contract_id: str, vote: Vote, caller: Caller, seen: int, tx: Transaction) -> CollectiveContract:
    """Put a vote on a draft on file, by a union within its scope; what has passed is to be signed and handed in."""
    contract = await contract_of(contract_id, tx)
    await require_speaker_of(caller, contract, tx)
    require_revision(seen, contract.revision)
    await put_to_vote(contract, vote, caller, tx)
    return await contract.put(tx)


async def put_to_vote(contract: CollectiveContract, vote: Vote, caller: Caller, tx: Transaction) -> None:
    """Count a vote, and publish what came of it; does not store the contract. Raises Conflict where its state forbids it."""
    counted = kept_vote(contract, vote, contract.signed_on, caller)
    contract.state = rules.STATES.next(contract.state, "pass" if counted.passed else "reject")
    contract.votes = [*contract.votes, counted]
    if counted.passed:
        await_filing(contract, tx)
    file_by = contract.file_by if counted.passed else None
    facts = await facts_of(contract, tx)
    tx.publish(CollectiveContractVoted(**facts, passed=counted.passed, held_on=vote.held_on, file_by=file_by))


def kept_vote(contract: CollectiveContract, vote: Vote | None, signed_on: dt.date, caller: Caller) -> KeptVote:
    """A vote as it is stored, counted by the law of its day; raises RuleBroken where there is none, or it cannot be."""
    if vote is None:
        raise RuleBroken(
            "vote-missing",
            "须提交职工代表大会或者全体职工讨论通过的表决结果（劳动合同法第五十一条）",
            "the vote of the workers' congress, or of all workers, is missing (劳动合同法 art. 51)",
        )
    law = parameters.on(vote.held_on, place=contract.district)
    passed = rules.passed(vote, signed_on, shanghai_date(clock.now()), law)
    contract.used = [*contract.used, *law.used]
    return KeptVote(**asdict(vote), passed=passed, at=clock.now(), by=caller.subject)


async def filing_near(contract_id: str, tx: Transaction) -> None:
    """Say that the last day to hand in a contract that has passed is near."""
    contract = await CollectiveContract.of(contract_id, tx)
    if contract is None or contract.state != "passed" or clock.now() >= end_of_day(contract.file_by):
        return
    tx.publish(CollectiveContractFilingNear(**await facts_of(contract, tx), file_by=contract.file_by))


async def filing_overdue(contract_id: str, tx: Transaction) -> None:
    """Say that a contract that has passed was not handed in on its last day."""
    contract = await CollectiveContract.of(contract_id, tx)
    if contract is None or contract.state != "passed" or clock.now() < end_of_day(contract.file_by):
        return
    tx.publish(CollectiveContractFilingOverdue(**await facts_of(contract, tx), file_by=contract.file_by))
