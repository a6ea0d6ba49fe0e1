"""Days to answer, to pay and to help follow the days off, once those of their year are published."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from services.subsidies.app import service
from services.subsidies.recognition.documents import Recognition, encrypted_category
from services.subsidies.recoveries.documents import Part, Recovery, encrypted_note
from shared.ids import new_id
from shared.storage.transaction import transact
from tests.harness import Harness, eventually
from tests.integration.years import all_followed, before_2027, publish_2027

FRIDAY, MONDAY = dt.date(2027, 1, 15), dt.date(2027, 1, 18)


def recovery(key: str, **changes: object) -> Recovery:
    fields: dict[str, object] = {
        "id": key, "payment_id": key, "department": "hrss", "district": "510603", "role": "worker", "applicant": "w-off",
        "amount": Decimal("9.00"), "reason": "not_entitled", "note": encrypted_note(key, "多发"), "heard_by": FRIDAY,
        "asked": 1, "opened_by": "officer:1",
    }  # fmt: skip
    made: Recovery = Recovery.model_validate(fields | changes)
    return made


async def test_days_of_subsidies_follow_the_calendar(subsidies: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """As they were stored before anything watched them."""
    proposed, claimed = recovery(new_id()), recovery(new_id(), state="open", heard_by=dt.date(2026, 12, 1))
    claimed.parts = [Part(due_on=FRIDAY, amount=Decimal("9.00"))]
    key = new_id()
    known = Recognition(
        id=key, number=key, worker_id="w-off", category=encrypted_category(key, "older"), district="510603",
        department="hrss", since=dt.date(2026, 12, 28), assist_by=dt.date(2027, 1, 25),
    )  # fmt: skip
    with before_2027():
        for one in (proposed, claimed, known):
            await transact(one.put)
        await publish_2027(monkeypatch, FRIDAY, stored=service.deadlines)

        async def moved() -> bool:
            heard, owed, helped = (
                await Recovery.of(proposed.id),
                await Recovery.of(claimed.id),
                await Recognition.of(key),
            )
            assert heard is not None
            assert owed is not None
            assert helped is not None
            return (heard.heard_by, owed.parts[0].due_on, helped.assist_by) == (MONDAY, MONDAY, dt.date(2027, 1, 27))

        await eventually(moved)
        assert await eventually(lambda: all_followed(service.deadlines))
