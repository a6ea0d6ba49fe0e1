"""An enterprise that is stopped from public funds after its grant was approved, and before it is paid."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

from services.subsidies.applications.documents import ACCOUNT, NAME, STATED, Application, encrypted
from services.subsidies.budgets.documents import Reservation
from services.subsidies.decisions.documents import PaidFact, Subject
from services.subsidies.payments import commands as payments
from services.subsidies.payments.documents import Payment
from services.subsidies.revisions.documents import Revision
from shared.contracts.registry import RestrictionApplied, RestrictionLifted
from shared.ids import new_id
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, eventually
from tests.integration.subsidies.facts import tell
from tests.integration.subsidies.filing import FIRST, SECOND, officer
from tests.integration.subsidies.money import (
    BATCHES,
    act,
    allot,
    make_batch,
    money_officer,
    owed,
    payable,
    reserve,
    today,
)
from tests.integration.subsidies.revisions.test_revisions import REVISIONS, step

RECOVER = {"answer": "recover", "reason": "列入失信名单，限制享受政府资金"}


def stopped(uscc: str, since: dt.date | None = None) -> RestrictionApplied:
    return RestrictionApplied(
        restriction_id=new_id(),
        uscc=uscc,
        listing_id="l-1",
        fields=("government_funds",),
        since=since or today() - dt.timedelta(days=1),
        until=None,
    )


def lifted(told: RestrictionApplied) -> RestrictionLifted:
    return RestrictionLifted(
        restriction_id=told.restriction_id,
        uscc=told.uscc,
        listing_id=told.listing_id,
        fields=told.fields,
        since=told.since,
        until=today() - dt.timedelta(days=1),
        reason="delisted",
    )


async def owed_to(uscc: str, kind: str, role: Literal["platform", "provider"] = "platform") -> str:
    """8,000 yuan that are owed to an enterprise."""
    key = new_id()
    await allot(kind, "8000.00")
    assert await reserve(kind, "8000.00", key)
    one = payable(kind, "8000.00", key, role=role, applicant=uscc)
    await transact(lambda tx: payments.owe(one, tx))
    return key


async def granted(uscc: str) -> str:
    """A grant that was approved for an enterprise, and is owed to it."""
    key = await owed_to(uscc, "grant")

    async def store(tx: Transaction) -> None:
        Subject.touch(uscc, tx)
        await PaidFact.take(f"grant:{key}", key, tx)
        await Application(
            id=key,
            number=f"BT{key[-6:]}",
            kind="grant",
            applicant_kind="platform",
            applicant_id=uscc,
            parties=[f"platform:{uscc}"],
            subjects=[uscc],
            name=encrypted(NAME, key, "测试平台"),
            account=encrypted(ACCOUNT, key, '{"holder": "测试平台", "number": "6222020000000001234"}'),
            stated=encrypted(STATED, key, '{"project": "骑手驿站", "started_on": "2026-07-01", "people": ["x"]}'),
            district="510603",
            department="hrss",
            state="paying",
            filed_on=today(),
            amount=Decimal("8000.00"),
            decided_on=today(),
            decided_by=["officer:a", "officer:b"],
            once=[f"grant:{key}"],
        ).put(tx)

    await transact(store)
    return key


async def state_of(key: str) -> str:
    payment = await Payment.get(key)
    assert payment is not None
    return payment.state


async def case_of(key: str, state: str = "open") -> Revision:
    async def found() -> Revision | None:
        cases = await Revision.find({"application_id": key, "cause": "restriction"}).to_list()
        return next((one for one in cases if one.state == state), None)

    one = await eventually(found)
    assert isinstance(one, Revision)
    return one


async def test_no_batch_pays_a_restricted_enterprise(subsidies: Harness) -> None:
    uscc, kind = f"uscc-{new_id()}", "held_kind"
    key, told = await owed_to(uscc, kind), stopped(uscc)
    await allot(kind, "500.00")
    (worker,) = await owed(kind, "500.00")
    await tell(subsidies, told)
    await subsidies.settled()
    who = await money_officer(subsidies, "maker")
    assert (await make_batch(subsidies, who, kind))["declared"]["lines"] == 1
    assert (await state_of(key), await state_of(worker)) == ("due", "batched")
    await tell(subsidies, lifted(told))
    await subsidies.settled()
    assert (await make_batch(subsidies, who, kind))["declared"]["lines"] == 1
    assert await state_of(key) == "batched"


async def test_one_restricted_before_the_pay_day_waits(subsidies: Harness) -> None:
    uscc, kind = f"uscc-{new_id()}", "ahead_kind"
    key, tomorrow = await owed_to(uscc, kind), today() + dt.timedelta(days=1)
    await tell(subsidies, stopped(uscc, tomorrow))
    await subsidies.settled()
    who = await money_officer(subsidies, "maker")
    assert (await make_batch(subsidies, who, kind, day=f"{tomorrow}"))["state"] == "cancelled"
    assert await state_of(key) == "due"


async def test_a_restriction_stops_a_batch_not_approved(subsidies: Harness) -> None:
    uscc, kind = f"uscc-{new_id()}", "unapproved_kind"
    key = await owed_to(uscc, kind, "provider")
    first, second = await money_officer(subsidies, "maker"), await money_officer(subsidies, "second")
    path = f"{BATCHES}/{(await make_batch(subsidies, first, kind))['batch_id']}"
    await tell(subsidies, stopped(uscc))
    await subsidies.settled()
    refused = await act(subsidies, second, f"{path}/approval", expect=409)
    assert refused["type"] == "/problems/payee-restricted"
    await act(subsidies, first, f"{path}/cancellation")

    async def due() -> bool:
        return await state_of(key) == "due"

    await eventually(due)


async def test_a_restriction_stops_a_file_not_gone_out(subsidies: Harness) -> None:
    uscc, kind = f"uscc-{new_id()}", "approved_kind"
    key = await owed_to(uscc, kind)
    first, second = await money_officer(subsidies, "maker"), await money_officer(subsidies, "second")
    path = f"{BATCHES}/{(await make_batch(subsidies, first, kind))['batch_id']}"
    assert (await act(subsidies, second, f"{path}/approval"))["state"] == "approved"
    await tell(subsidies, stopped(uscc))
    await subsidies.settled()
    answer = await subsidies.http.post(f"{path}/exports", headers=first)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/payee-restricted")
    assert await state_of(key) == "batched"


async def test_officers_end_what_a_restricted_one_is_owed(subsidies: Harness) -> None:
    uscc = f"uscc-{new_id()}"
    key = await granted(uscc)
    await tell(subsidies, stopped(uscc))
    case = await case_of(key)
    assert (case.difference, case.against) == (Decimal("-8000.00"), ["restricted"])
    listed = (await subsidies.http.get(REVISIONS, params={"state": "open"}, headers=officer(FIRST))).json()
    assert case.id in [one["revision_id"] for one in listed["items"]]
    await step(subsidies, case.id, "proposal", officer(FIRST), RECOVER)
    await step(subsidies, case.id, "confirmation", officer(FIRST), expect=409)
    await step(subsidies, case.id, "confirmation", officer(SECOND))
    reservation = await Reservation.get(key)
    assert reservation is not None
    assert (await state_of(key), reservation.released) == ("cancelled", True)

    async def over() -> bool:
        application = await Application.get(key)
        return application is not None and application.state == "recovered"

    await eventually(over)
    assert await PaidFact.find({"holder": key}).count() == 0


async def test_the_case_is_lifted_with_the_restriction(subsidies: Harness) -> None:
    uscc = f"uscc-{new_id()}"
    key, told = await granted(uscc), stopped(uscc)
    await tell(subsidies, told)
    case = await case_of(key)
    await step(subsidies, case.id, "proposal", officer(FIRST), RECOVER)
    await tell(subsidies, lifted(told))
    await case_of(key, "lifted")
    await step(subsidies, case.id, "confirmation", officer(SECOND), expect=409)
    assert await state_of(key) == "due"


async def test_what_a_restricted_one_was_paid_stays(subsidies: Harness) -> None:
    """A restriction takes nothing back of what was paid before it."""
    uscc = f"uscc-{new_id()}"
    key = await granted(uscc)

    async def pay(tx: Transaction) -> None:
        await payments.take(await tx.rows(Payment, {"_id": key}), "batch", "officer", tx)
        await payments.paid(await tx.rows(Payment, {"_id": key}), "batch", today(), tx)

    await transact(pay)
    await tell(subsidies, stopped(uscc))
    await subsidies.settled()
    assert await Revision.find({"application_id": key}).count() == 0
