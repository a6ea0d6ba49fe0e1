from __future__ import annotations

import datetime as dt
from typing import Any

from services.subsidies.recognition.documents import Recognition
from shared.contracts.registry import WorkerMerged
from shared.ids import new_id
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, bearer
from tests.integration.subsidies.facts import contribution, registered, tell, worker

PATH = "/v1/flexible-subsidy-estimate"
ASKED = {"group": "hard_to_employ", "first": "2026-03", "last": "2026-06", "pledge": "true"}


async def recognise(worker_id: str, since: dt.date, until: dt.date | None = None) -> None:
    async def put(tx: Transaction) -> None:
        await Recognition(
            id=new_id(), number="N", worker_id=worker_id, category="older", district="510603", since=since, until=until
        ).put(tx)

    await transact(put)


async def estimate(subsidies: Harness, worker_id: str, **asked: str) -> dict[str, Any]:
    headers = bearer("worker", worker_id=worker_id)
    answer = await subsidies.http.get(PATH, params=ASKED | asked, headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def left_out(answer: dict[str, Any]) -> dict[str, str | None]:
    return {f"{part['month']}:{part['insurance']}": part["left_out"] for part in answer["parts"]}


async def test_an_estimate_rests_on_what_was_really_paid(subsidies: Harness) -> None:
    one = f"w-{new_id()}"
    await recognise(one, dt.date(2026, 1, 1))
    void = contribution(one, "2026-04", number=f"void-{one}", reversed=True)
    await tell(subsidies, worker(one, "1980-05-05"), contribution(one, "2026-03"), void)
    await tell(subsidies, contribution(one, "2026-03", insurance="medical", amount="340.00"))
    await subsidies.settled()
    answer = await estimate(subsidies, one)
    assert left_out(answer) == {"2026-03:medical": None, "2026-03:pension": None}
    assert answer["amount"] is None  # the wage that caps it is not known: an officer sets the amount
    met = {ground["code"]: ground["met"] for ground in answer["grounds"]}
    assert (met["paid"], met["recognised"], met["before_retirement"], met["in_time"]) == (True, True, True, None)
    assert ("flexible_subsidy.max_months[hard_to_employ]", False) in {
        (row["key"], row["verified"]) for row in answer["used"]
    }


async def test_employment_stops_it_from_its_month_on(subsidies: Harness) -> None:
    one = f"w-{new_id()}"
    await recognise(one, dt.date(2026, 1, 1))
    await tell(subsidies, worker(one), *(contribution(one, f"2026-0{month}") for month in (3, 4, 5)))
    await tell(subsidies, registered(one, dt.date(2026, 4, 20), form="employed"))
    await subsidies.settled()
    assert left_out(await estimate(subsidies, one)) == {
        "2026-03:pension": None,
        "2026-04:pension": "flexible_employment",
        "2026-05:pension": "flexible_employment",
    }


async def test_two_records_of_one_person_are_reckoned_together(subsidies: Harness) -> None:
    old, new = f"w-{new_id()}", f"w-{new_id()}"
    await recognise(old, dt.date(2026, 1, 1), dt.date(2026, 4, 15))
    await tell(subsidies, worker(new), contribution(old, "2026-03"), contribution(new, "2026-04"))
    await tell(subsidies, WorkerMerged(worker_id=new, merged_worker_id=old))
    await subsidies.settled()
    assert left_out(await estimate(subsidies, new)) == {"2026-03:pension": None, "2026-04:pension": "recognised"}


async def test_what_is_asked_must_make_sense(subsidies: Harness) -> None:
    headers = bearer("worker", worker_id="w-x")
    for wrong in ({"first": "2026-07"}, {"first": "2020-01"}, {"group": "anybody"}, {"last": "2026-13"}):
        answer = await subsidies.http.get(PATH, params=ASKED | wrong, headers=headers)
        assert answer.status_code == 422, wrong
