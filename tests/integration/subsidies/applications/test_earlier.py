"""Applications of the version that knew the training subsidy alone."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from services.subsidies.applications import earlier
from services.subsidies.applications.earlier import ACCOUNT_THEN, EarlierApplication
from services.subsidies.decisions.documents import PaidFact
from shared.storage.encryption import encrypt_field
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness
from tests.integration.subsidies.facts import DAY
from tests.integration.subsidies.filing import COURSE, FIRST, apply_as, do, funded, officer, read, trained
from tests.integration.subsidies.money import money_officer

THEN = dt.datetime(2026, 10, 1, 2, tzinfo=dt.UTC)


def stored(key: str, worker_id: str, **more: Any) -> EarlierApplication:
    fields: dict[str, Any] = {
        "number": f"德培补〔2026〕{key}",
        "asked_certificate_id": None,
        "asked_certificate_number": None,
        "asked_course": COURSE,
        "asked_completed_on": DAY,
        "bank_account": encrypt_field(ACCOUNT_THEN, key, "6222020000000009999"),
        "created_at": THEN,
    }
    return EarlierApplication(id=key, worker_id=worker_id, **fields | more)


async def test_what_was_stored_before_goes_on_in_the_new_shape(subsidies: Harness) -> None:
    await trained(subsidies, "w-before")

    async def put(tx: Transaction) -> None:
        await stored("old-1", "w-before", state="approved", amount=Decimal("500.00"), decided_at=THEN).put(tx)
        await stored("old-2", "w-none", state="refused", reasons=["no_certificate"], decided_at=THEN).put(tx)
        await stored("old-3", "w-none").put(tx)

    await transact(put)
    for _ in range(2):
        await earlier.begin()
        await subsidies.settled()
    everybody = officer("city", "510600")
    found = {key: await read(subsidies, key, everybody) for key in ("old-1", "old-2", "old-3")}
    assert [one["state"] for one in found.values()] == ["approved", "refused", "submitted"]
    assert [ground["code"] for ground in found["old-2"]["grounds"]] == ["certificate"]
    assert found["old-1"]["account"] == "***************9999"
    assert await PaidFact.find({"holder": "old-1"}).count() == 3
    again = await apply_as(subsidies, "w-before")
    assert again["proposal"]["met"] is False
    await funded(district="510600")
    assert (await do(subsidies, "old-1", "payment", officer(FIRST, "510600"), {}))["state"] == "paying"


async def test_no_clerk_says_alone_how_much_is_paid(subsidies: Harness) -> None:
    """An approval of the earlier version said no amount: a head sets it."""
    await trained(subsidies, "w-no-amount")

    async def put(tx: Transaction) -> None:
        await stored("old-sum", "w-no-amount", state="approved", decided_at=THEN).put(tx)

    await transact(put)
    await earlier.begin()
    await subsidies.settled()
    await funded(district="510600")
    sum_ = {"amount": "90000.00"}
    await do(subsidies, "old-sum", "payment", officer(FIRST, "510600"), sum_, expect=403)
    assert (await read(subsidies, "old-sum", officer(FIRST, "510600")))["state"] == "approved"
    head = await money_officer(subsidies, "chief-of-sums", "head", "510600")
    paid = await do(subsidies, "old-sum", "payment", head, sum_ | {"amount": "500.00"})
    assert (paid["state"], paid["amount"]) == ("paying", "500.00")
