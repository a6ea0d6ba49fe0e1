"""A collective contract before the labour department: filed, objected to, in force, amended, ended."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from services.registry.collective_contracts import rules
from services.registry.collective_contracts.commands import (
    CALENDAR,
    FILING,
    FILING_NEAR,
    await_filing,
    check,
    contract_of,
)
from services.registry.collective_contracts.documents import (
    END_REASON,
    OBJECTION,
    Amendment,
    CollectiveContract,
    Filing,
    Objection,
    Terms,
)
from services.registry.collective_contracts.events import facts_of
from services.registry.collective_contracts.rules import Agreed, Vote
from services.registry.collective_contracts.voting import kept_vote
from shared import clock
from shared.callers import Caller
from shared.contracts.registry import (
    CollectiveContractEnded,
    CollectiveContractFiled,
    CollectiveContractObjected,
    CollectiveContractRecorded,
)
from shared.errors import Conflict, Forbidden, RuleBroken
from shared.policy.calendar import end_of_day, shanghai_date
from shared.policy.parameters import parameters
from shared.storage import provisional
from shared.storage.encryption import encrypt_field
from shared.storage.kinds import TimerKind
from shared.storage.provisional import Provisional
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction

EFFECT = TimerKind("registry.collective_contract_effect")
END = TimerKind("registry.collective_contract_end")
"""The timers of a contract: the end of the time for objections, and the end of its last day."""

_DAY = dt.timedelta(days=1)


async def file(
    contract_id: str, received_on: dt.date, caller: Caller, seen: int, tx: Transaction
) -> CollectiveContract:
    """Take down that the labour department got the contract: by an officer, or by an enterprise that it binds.

    The enterprises' side hands it in (集体合同规定 art. 42), which is its word that it has signed.
    """
    contract = await contract_of(contract_id, tx)
    hands_in = caller.role == "platform" and caller.uscc in contract.platforms
    if not hands_in:
        _require_reach(caller, contract)
    require_revision(seen, contract.revision)
    today = shanghai_date(clock.now())
    if not contract.signed_on <= received_on <= today or (hands_in and received_on != today):
        raise RuleBroken(
            "received-on", "收到日期须在签订之日与今天之间", "it was received between its signing and today"
        )
    contract.state = rules.STATES.next(contract.state, "file")
    contract.filing = _filed(contract, received_on, contract.file_by)
    tx.cancel(FILING, contract.id)
    tx.cancel(FILING_NEAR, contract.id)
    _await_objections(contract.id, contract.filing.object_by, tx)
    tx.publish(CollectiveContractFiled(**await facts_of(contract, tx), object_by=contract.filing.object_by))
    return await contract.put(tx)


async def object_to(contract_id: str, reason: str, caller: Caller, seen: int, tx: Transaction) -> CollectiveContract:
    """The labour department objects in time: to a filed contract, or to an amendment of one in force (劳动法 art. 34)."""
    contract = await contract_of(contract_id, tx)
    _require_reach(caller, contract)
    require_revision(seen, contract.revision)
    to: Literal["contract", "amendment"] = "contract" if contract.state == "filed" else "amendment"
    filing = _under_review(contract)
    contract.state = rules.objected(contract.state, amended=contract.amendment is not None)
    if filing is not None and clock.now() >= end_of_day(filing.object_by):
        # it is in force by law, whether or not the timer has said so yet
        raise Conflict("objection-too-late", "已超过提出异议的期限，合同自行生效", "the time for objections is over")
    contract.amendment = None
    kept = encrypt_field(OBJECTION, contract.id, reason)
    objection = Objection(to=to, reason=kept, officer=caller.subject, at=clock.now())
    contract.objections = [*contract.objections, objection]
    tx.cancel(EFFECT, contract.id)
    tx.publish(CollectiveContractObjected(**await facts_of(contract, tx), to=to))
    return await contract.put(tx)


async def amend(
    contract_id: str,
    agreed: Agreed,
    vote: Vote | None,
    signed_on: dt.date,
    received_on: dt.date,
    caller: Caller,
    seen: int,
    tx: Transaction,
) -> CollectiveContract:
    """Take down new terms that passed as a contract does (集体合同规定 art. 41), and that both sides signed and handed in; they
    hold once the labour department may not object any more. Only the department does: neither side can bind the other."""
    contract = await contract_of(contract_id, tx)
    _require_reach(caller, contract)
    require_revision(seen, contract.revision)
    if contract.amendment is not None:
        raise Conflict("amendment-pending", "已有变更条款在审查中", "an amendment is under review already")
    contract.state = rules.STATES.next(contract.state, "amend")
    if not signed_on <= received_on <= shanghai_date(clock.now()) or not agreed.since <= contract.valid_to:
        raise RuleBroken("amendment-days", "变更条款的日期有误", "the days of the amendment do not fit")
    contract.to_check, used = check(agreed, contract.district, contract.industry)
    contract.used = [*contract.used, *used]
    rules.check_clause_days(agreed, contract.valid_to)
    _require_later(contract, agreed)
    passed = kept_vote(contract, vote, signed_on, caller)
    if not passed.passed:
        raise RuleBroken("not-passed", "变更条款未获通过", "the amendment has not passed")
    due = rules.file_by(signed_on, parameters.on(signed_on, place=contract.district)).due
    contract.amendment = Amendment(
        terms=Terms.of(agreed, contract.id), signed_on=signed_on, filing=_filed(contract, received_on, due), vote=passed
    )  # fmt: skip
    object_by = contract.amendment.filing.object_by
    _await_objections(contract.id, object_by, tx)
    tx.publish(CollectiveContractFiled(**await facts_of(contract, tx), object_by=object_by))
    return await contract.put(tx)


async def recalculate(contract_id: str, kept: Provisional, tx: Transaction) -> None:
    """Move the last day to hand a contract in, or for an objection, where the days off have been published that it rests on."""
    contract = await CollectiveContract.of(contract_id, tx)
    if contract is not None and contract.state == "passed":
        file_by = rules.file_by(contract.signed_on, parameters.on(contract.signed_on, place=contract.district)).due
        if contract.file_by == kept.due != file_by:
            contract.file_by = file_by
            await_filing(contract, tx)
            await contract.put(tx)
        return
    filing = _under_review(contract) if contract else None
    if contract is None or filing is None or filing.object_by != kept.due:
        return
    law = parameters.on(filing.received_on, place=contract.district)
    filing.object_by = rules.object_by(filing.received_on, law).due
    if filing.object_by != kept.due:
        _await_objections(contract.id, filing.object_by, tx)
        await contract.put(tx)


def _await_objections(contract_id: str, object_by: dt.date, tx: Transaction) -> None:
    tx.schedule(EFFECT, contract_id, end_of_day(object_by))
    provisional.watch(CALENDAR, contract_id, object_by, tx)


async def shorten(
    contract_id: str, ends_on: dt.date, reason: str, caller: Caller, seen: int, tx: Transaction
) -> CollectiveContract:
    """Take down that both sides end the contract before its time, on a day to come (集体合同规定 art. 39)."""
    contract = await contract_of(contract_id, tx)
    _require_reach(caller, contract)
    require_revision(seen, contract.revision)
    contract.state = rules.STATES.next(contract.state, "shorten")
    if not shanghai_date(clock.now()) <= ends_on < contract.valid_to:
        raise RuleBroken("ends-on", "终止日期须在今天与原期满日之间", "it ends between today and its last day")
    contract.valid_to, contract.end_reason = ends_on, encrypt_field(END_REASON, contract.id, reason)
    tx.schedule(END, contract.id, end_of_day(ends_on))
    tx.publish(CollectiveContractRecorded(**await facts_of(contract, tx)))
    return await contract.put(tx)


async def take_effect(contract_id: str, tx: Transaction) -> None:
    """Bring a contract or an amendment into force where nobody objected in time (劳动合同法 art. 54)."""
    contract = await CollectiveContract.of(contract_id, tx)
    filing = contract and _under_review(contract)
    if contract is None or filing is None or clock.now() < end_of_day(filing.object_by):
        return
    first = filing.object_by + _DAY
    if contract.state == "filed":
        contract.in_force_from = max(contract.valid_from, first)
        contract.terms[0].since = contract.in_force_from
        tx.schedule(END, contract.id, end_of_day(contract.valid_to))
    elif contract.amendment is not None:
        fresh = contract.amendment.terms
        fresh.since = max(fresh.since, first)
        contract.terms, contract.amendment = [*contract.terms, fresh], None
    contract.state = rules.STATES.next(contract.state, "effect")
    tx.publish(CollectiveContractRecorded(**await facts_of(contract, tx)))
    await contract.put(tx)


async def end(contract_id: str, tx: Transaction) -> None:
    """End a contract whose last day is over."""
    contract = await CollectiveContract.of(contract_id, tx)
    if contract is None or contract.state != "in_force" or clock.now() < end_of_day(contract.valid_to):
        return
    contract.state = rules.STATES.next(contract.state, "end")
    contract.amendment = None
    tx.cancel(EFFECT, contract.id)
    tx.publish(CollectiveContractEnded(**await facts_of(contract, tx)))
    await contract.put(tx)


def _require_reach(caller: Caller, contract: CollectiveContract) -> None:
    if not caller.reaches(contract.district):
        raise Forbidden()


def _filed(contract: CollectiveContract, received_on: dt.date, file_by: dt.date) -> Filing:
    law = parameters.on(received_on, place=contract.district)
    object_by = rules.object_by(received_on, law).due
    contract.used = [*contract.used, *law.used]
    return Filing(received_on=received_on, object_by=object_by, late=received_on > file_by)


def _under_review(contract: CollectiveContract) -> Filing | None:
    if contract.state == "filed":
        return contract.filing
    return contract.amendment.filing if contract.amendment else None


def _require_later(contract: CollectiveContract, agreed: Agreed) -> None:
    if agreed.since <= contract.terms[-1].since:
        raise RuleBroken(
            "terms-not-later", "变更条款的生效日期须晚于现行条款", "an amendment begins after the terms it amends"
        )
