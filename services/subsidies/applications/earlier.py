"""Applications of the version that knew the training subsidy alone, copied to the shape that all kinds have now."""

from __future__ import annotations

import datetime as dt
import json
from typing import Annotated, Any, Final

import msgspec

from services.subsidies.applications import rules
from services.subsidies.applications.documents import ACCOUNT, NAME, STATED, Application, encrypted
from services.subsidies.applications.kinds import kind_of
from services.subsidies.applications.proposal_commands import propose
from services.subsidies.applications.rules import State, party_of
from services.subsidies.applications.step_commands import store
from services.subsidies.decisions import commands as decisions
from shared import clock
from shared.identity.regions import CITY
from shared.policy.calendar import month_of, shanghai_date
from shared.running import Running
from shared.storage.encryption import EncryptedAt, decrypt_field
from shared.storage.fields import Yuan
from shared.storage.kinds import TimerKind
from shared.storage.records import Record
from shared.storage.transaction import Transaction, transact

ACCOUNT_THEN: Final = "application.bank_account"
AT_ONCE: Final = 50
KIND: Final = "training"
UNNAMED: Final = "（未登记姓名）"
"""Whose name an application of then did not ask for."""
GROUNDS_NOW: Final = {
    "no_certificate": "certificate",
    "birth_date_unknown": "birth_date",
    "policy_not_in_force": "policy_in_force",
    "platform_workers_excluded": "platform_workers",
    "too_young": "old_enough",
    "same_course": "not_paid_before",
    "yearly_limit": "within_yearly_limit",
}


class EarlierApplication(Record):
    """An application as it was stored; nothing writes these any more."""

    number: str
    worker_id: str
    asked_certificate_id: str | None
    asked_certificate_number: str | None
    asked_course: str | None
    asked_completed_on: dt.date | None
    bank_account: Annotated[str | None, EncryptedAt(ACCOUNT_THEN)]
    state: str = "submitted"
    reasons: list[str] = []  # noqa: RUF012 - pydantic copies it
    course: str | None = None
    completed_on: dt.date | None = None
    district: str | None = None
    amount: Yuan | None = None
    decided_at: dt.datetime | None = None

    class Settings:
        name = "training_applications"


class Behind(msgspec.Struct, frozen=True):
    """Applications after one (empty: from the first)."""

    after: str = ""


COPY = TimerKind("subsidies.copy_applications", Behind)


async def begin(running: Running | None = None) -> None:
    """Have the applications copied that are there."""
    if await EarlierApplication.find_one({}) is not None:
        await transact(_begin)


async def _begin(tx: Transaction) -> None:
    tx.schedule(COPY, "all", clock.now(), Behind())


async def copy_some(behind: Behind, tx: Transaction) -> Behind | None:
    """Copy the next applications; where to go on, or None at the end. What was copied before stays as it is."""
    found = await tx.find(EarlierApplication, {"_id": {"$gt": behind.after}}, sort="_id", limit=AT_ONCE)
    for one in found:
        if await Application.of(one.id, tx) is None:
            await _copy(one, tx)
    return Behind(found[-1].id) if len(found) == AT_ONCE else None


async def _copy(one: EarlierApplication, tx: Transaction) -> None:
    """What was approved stays approved, and its training counts as paid; an officer settles what is left to pay."""
    stated: dict[str, Any] = {
        "certificate_id": one.asked_certificate_id,
        "certificate_number": one.asked_certificate_number,
        "course": one.asked_course,
        "completed_on": None if one.asked_completed_on is None else f"{one.asked_completed_on}",
    }
    account = None
    if one.bank_account is not None:
        number = decrypt_field(ACCOUNT_THEN, one.id, one.bank_account)
        account = encrypted(ACCOUNT, one.id, json.dumps({"holder": UNNAMED, "number": number}))
    kind = kind_of(KIND)
    application = Application(
        id=one.id,
        number=one.number,
        kind=KIND,
        applicant_kind="person",
        applicant_id=one.worker_id,
        parties=[str(party_of("person", one.worker_id))],
        subjects=[one.worker_id],
        name=encrypted(NAME, one.id, UNNAMED),
        account=account,
        stated=encrypted(STATED, one.id, kind.stated.model_validate(stated).model_dump_json()),
        district=one.district or CITY,
        department=kind.department,
        state=_state(one.state),
        filed_on=shanghai_date(one.created_at),
        amount=one.amount,
        grounds=[GROUNDS_NOW.get(reason, rules.OTHER) for reason in one.reasons],
        decided_on=None if one.decided_at is None else shanghai_date(one.decided_at),
        month=month_of(one.created_at),
    )
    await propose(application, tx)
    assert application.proposal is not None
    if application.state == "approved":
        taken = await decisions.taken_by_others(application.proposal.once, application.id, tx)
        application.once = [key for key in application.proposal.once if key not in taken]
        await decisions.take_facts(application.once, application.id, tx)
    await store(application, tx)


def _state(then: str) -> State:
    return "approved" if then == "approved" else "refused" if then == "refused" else "submitted"
