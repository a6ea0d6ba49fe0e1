"""Who is recognised as hard to employ is offered help to work, in time, and says what they want of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.subsidies.employment_assistance.documents import Offer
from shared import clock
from shared.contracts.registry import WorkerErased
from shared.contracts.subsidies import AssistanceOffered, AssistanceOverdue
from shared.ids import new_id
from shared.storage.client import collection_of
from tests.harness import Harness, bearer, eventually
from tests.integration.subsidies.facts import tell
from tests.integration.subsidies.filing import FIRST, officer
from tests.integration.subsidies.recognition.test_recognition import recognised, told

OFFER = {"kind": "vacancy", "text": "旌阳区仓储分拣岗，张小样可于周一面试"}


async def offered(subsidies: Harness, key: str, who: dict[str, str], *, expect: int = 201) -> Any:
    path = f"/v1/recognitions/{key}/assistance"
    answer = await subsidies.http.post(path, json=OFFER, headers={**who, "Idempotency-Key": new_id()})
    assert answer.status_code == expect, answer.text
    return answer.json()


async def answered(subsidies: Harness, key: str, offer: str, who: dict[str, str], *, expect: int = 200) -> Any:
    path = f"/v1/recognitions/{key}/assistance/{offer}"
    seen = (await subsidies.http.get(path, headers=who)).headers.get("etag", '"1"')
    answer = await subsidies.http.post(f"{path}/answer", json={"accepts": True}, headers={**who, "If-Match": seen})
    assert answer.status_code == expect, answer.text
    return answer.json()


async def test_help_to_work_is_offered_and_answered(subsidies: Harness) -> None:
    one = f"w-{new_id()}"
    key = (await recognised(subsidies, one))["recognition_id"]
    offer = (await offered(subsidies, key, officer(FIRST)))["offer_id"]
    await offered(subsidies, key, officer("away", "510681"), expect=404)
    assert len(await told(subsidies, AssistanceOffered, key)) == 1
    row = await collection_of(Offer).find_one({"_id": offer})
    assert "张小样" not in str(row)
    mine = bearer("worker", worker_id=one)
    await answered(subsidies, key, offer, bearer("worker", worker_id="w-stranger"), expect=404)
    assert (await answered(subsidies, key, offer, mine))["state"] == "accepted"
    await answered(subsidies, key, offer, mine, expect=409)
    shown = (await subsidies.http.get(f"/v1/recognitions/{key}/assistance", headers=mine)).json()["items"]
    assert [(item["kind_text"], item["state"]) for item in shown] == [("岗位推荐", "accepted")]
    await tell(subsidies, WorkerErased(worker_id=one))
    await subsidies.settled()
    assert await Offer.find({"worker_id": one}).count() == 0


async def test_an_office_that_offers_nothing_is_told_of(subsidies: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    helped, left = [(await recognised(subsidies, f"w-{new_id()}"))["recognition_id"] for _ in range(2)]
    await offered(subsidies, helped, officer(FIRST))
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + dt.timedelta(days=60))

    async def heard() -> bool:
        return len(await told(subsidies, AssistanceOverdue, left)) == 1

    await eventually(heard)
    assert await told(subsidies, AssistanceOverdue, helped) == []
