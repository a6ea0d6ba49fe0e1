"""Keep decisions, take facts as paid, and say that what is known of somebody has changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from services.subsidies.decisions import record_rules
from services.subsidies.decisions.documents import Decision, PaidFact, Subject, encrypted_record
from services.subsidies.decisions.record_rules import DecisionRecord
from services.subsidies.decisions.rules import ApplicantKind, Facts
from shared import clock
from shared.errors import Conflict, NotFound
from shared.policy.calendar import shanghai_date
from shared.storage.kinds import TimerKind
from shared.storage.taken import AlreadyTaken
from shared.storage.transaction import Transaction

FACTS_CHANGED = TimerKind("subsidies.facts_changed")
"""At once, by the subject's id: what is known of somebody whom applications are about has changed."""

KindOf = Callable[[str, Transaction], Awaitable[str | None]]
"""The kind of an application that is on file, by its id; None where there is none."""

_told_by: list[KindOf] = []


def tell_kinds_by(kind_of: KindOf) -> None:
    """Have applications looked up by a function; `app` says by which, as those rooms that ask stand below applications."""
    _told_by[:] = [kind_of]


async def require_application(application_id: str, kind: str, tx: Transaction) -> None:
    """Raise NotFound where no application of a kind is on file with an id."""
    (kind_of,) = _told_by
    if await kind_of(application_id, tx) != kind:
        raise NotFound("该申请", "the application")


async def facts_changed(subject_id: str, tx: Transaction) -> None:
    """Have the applications that are about somebody considered again, where there are any.

    Whoever stores a fact that a decision may rest on says so, in the same transaction.
    """
    if await Subject.of(subject_id, tx) is not None:
        tx.schedule(FACTS_CHANGED, subject_id, clock.now())


async def paid_keys(prefix: str, tx: Transaction, *, but: str = "") -> list[str]:
    """The rest of the keys of paid facts that begin so, without those of an application (`but`), in order."""
    found = await tx.find(PaidFact, {"_id": {"$gte": prefix, "$lt": f"{prefix}\uffff"}}, sort="_id")
    return [one.id.removeprefix(prefix) for one in found if one.holder != but]


async def taken_by_others(keys: Iterable[str], application_id: str, tx: Transaction) -> list[str]:
    """Those of the keys that were paid for by another application."""
    ids = sorted(keys)
    found = await tx.find(PaidFact, {"_id": {"$in": ids}}) if ids else []
    return sorted(one.id for one in found if one.holder != application_id)


async def take_facts(keys: Iterable[str], application_id: str, tx: Transaction) -> None:
    """Take facts as paid; raises Conflict where one was paid for before."""
    for key in sorted(set(keys)):
        try:
            await PaidFact.take(key, application_id, tx)
        except AlreadyTaken as taken:
            raise Conflict(
                "paid-already", "同一事项已享受过补贴", "this fact was paid for already", application_id=taken.holder
            ) from None


async def give_up_facts(application_id: str, keys: Iterable[str], tx: Transaction) -> None:
    """Give facts free that an application was approved for and is not paid for."""
    for key in keys:
        await PaidFact.give_up(key, application_id, tx)


async def keep(
    record: DecisionRecord, applicant: ApplicantKind, facts: Facts, number: int, tx: Transaction
) -> Decision:
    """Keep the record of a decision on an application: the `number`-th of it."""
    content = record_rules.canonical(record)
    decision_id = f"{record.application_id}:{number:03}"
    return await Decision(
        id=decision_id,
        application_id=record.application_id,
        kind=record.kind,
        applicant_kind=applicant,
        day=facts.day,
        decided_on=shanghai_date(clock.now()),
        digest=record_rules.digest(record),
        record=encrypted_record(decision_id, content),
    ).put(tx)
