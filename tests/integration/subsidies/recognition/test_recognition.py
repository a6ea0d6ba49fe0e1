from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.subsidies.recognition.documents import Recognition
from services.subsidies.revisions.documents import Revision
from shared import clock
from shared.contracts.registry import WorkerErased, WorkerMerged
from shared.contracts.subsidies import (
    RecognitionCheckNear,
    RecognitionCheckOverdue,
    RecognitionEnded,
    RecognitionRecorded,
)
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from shared.storage.client import collection_of
from tests.harness import Harness, bearer, eventually
from tests.integration.subsidies.facts import contribution, ended, registered, tell, unemployed, worker
from tests.integration.subsidies.filing import FIRST, SECOND, apply_as, do, officer
from tests.integration.subsidies.filing import read as application

PATH = "/v1/recognitions"


async def recognised(subsidies: Harness, worker_id: str, category: str = "disabled") -> dict[str, Any]:
    """A person whose application to be recognised two officers have approved."""
    await tell(subsidies, worker(worker_id, "1985-05-05"))
    await subsidies.settled()
    filed = await apply_as(subsidies, worker_id, kind="recognition", stated={"category": category}, account=None)
    key = filed["application_id"]
    await do(subsidies, key, "acceptance", officer(FIRST))
    await do(subsidies, key, "review", officer(FIRST), {"approve": True, "judged": ["evidence"]})
    done = await do(subsidies, key, "confirmation", officer(SECOND), {"to_head": False})
    assert (done["state"], done["amount"]) == ("approved", None)
    return await read(subsidies, key)


async def read(subsidies: Harness, key: str) -> dict[str, Any]:
    answer = await subsidies.http.get(f"{PATH}/{key}", headers=officer("reader"))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def step(subsidies: Harness, key: str, name: str, who: dict[str, str], json: Any = None) -> int:
    seen = (await subsidies.http.get(f"{PATH}/{key}", headers=who)).headers.get("etag", '"1"')
    answer = await subsidies.http.post(f"{PATH}/{key}/{name}", json=json, headers=who | {"If-Match": seen})
    return answer.status_code


async def told(subsidies: Harness, kind: type[Any], key: str) -> list[Any]:
    return [one for one in await subsidies.told(kind) if one.recognition_id == key]


async def test_an_approval_recognises_and_nobody_hears_why(subsidies: Harness) -> None:
    one = f"w-{new_id()}"
    found = await recognised(subsidies, one)
    today = shanghai_date(clock.now())
    assert (found["state"], found["category"], found["since"], found["until"]) == (
        "recognised",
        "disabled",
        f"{today}",
        None,
    )
    assert ("hard_to_employ.check_months", False) in {(row["key"], row["verified"]) for row in found["used"]}
    (event,) = await told(subsidies, RecognitionRecorded, found["recognition_id"])
    assert "disabled" not in str(event)
    row = await collection_of(Recognition).find_one({"_id": found["recognition_id"]})
    assert "disabled" not in str(row)


async def test_no_money_follows_of_what_paid_none(subsidies: Harness) -> None:
    """Facts that speak against a recognition are looked at; money is neither paid nor claimed back of it."""
    one = f"w-{new_id()}"
    key = (await recognised(subsidies, one))["recognition_id"]
    await tell(subsidies, worker(one, "2015-05-05"))
    await subsidies.settled()
    (case,) = await Revision.find({"application_id": key}).to_list()
    path = f"/v1/subsidy-revisions/{case.id}"
    seen = {**officer(FIRST), "If-Match": f'"{case.revision}"'}
    body = {"answer": "recover", "amount": "-1.00", "reason": "未满年龄"}
    refused = await subsidies.http.post(f"{path}/proposal", json=body, headers=seen)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/nothing-paid")
    left = await subsidies.http.post(f"{path}/proposal", json={"answer": "drop", "reason": "另行撤销"}, headers=seen)
    assert left.status_code == 200, left.text
    confirmed = {**officer(SECOND), "If-Match": left.headers["etag"]}
    assert (await subsidies.http.post(f"{path}/confirmation", headers=confirmed)).status_code == 200


async def test_what_else_a_person_asked_for_is_proposed_anew(subsidies: Harness) -> None:
    """Once they are recognised; nothing of the application by which they are changes."""
    one, month = f"w-{new_id()}", f"{shanghai_date(clock.now()):%Y-%m}"
    await tell(subsidies, worker(one, "1985-05-05"), contribution(one, month))
    await subsidies.settled()
    stated = {"group": "hard_to_employ", "first": month, "last": month, "pledge": True}
    filed = await apply_as(subsidies, one, kind="flexible", stated=stated)
    assert met(filed)["recognised"] is False
    recognition = await recognised(subsidies, one)
    await subsidies.settled()
    assert met(await application(subsidies, filed["application_id"]))["recognised"] is True
    assert (await application(subsidies, recognition["recognition_id"]))["state"] == "approved"


def met(application: dict[str, Any]) -> dict[str, bool | None]:
    return {ground["code"]: ground["met"] for ground in application["proposal"]["grounds"]}


async def test_it_is_lost_with_employment_and_comes_back_without(subsidies: Harness) -> None:
    one = f"w-{new_id()}"
    key = (await recognised(subsidies, one))["recognition_id"]
    begins = shanghai_date(clock.now()) + dt.timedelta(days=3)
    job = registered(one, begins, form="employed")
    await tell(subsidies, job)
    await subsidies.settled()
    found = await read(subsidies, key)
    assert (found["state"], found["ending"], found["ended_on"]) == (
        "ended",
        "employed",
        f"{begins - dt.timedelta(days=1)}",
    )
    assert [event.ending for event in await told(subsidies, RecognitionEnded, key)] == ["employed"]
    await tell(subsidies, ended(job, begins, withdrawn=True))
    await subsidies.settled()
    found = await read(subsidies, key)
    assert (found["state"], found["ended_on"]) == ("recognised", None)
    assert len(await told(subsidies, RecognitionRecorded, key)) == 2


async def test_flexible_work_leaves_it_as_it_is(subsidies: Harness) -> None:
    one = f"w-{new_id()}"
    key = (await recognised(subsidies, one))["recognition_id"]
    await tell(subsidies, registered(one, shanghai_date(clock.now()), form="flexible"))
    await subsidies.settled()
    assert (await read(subsidies, key))["state"] == "recognised"


async def test_the_yearly_check_is_reminded_of_and_made(subsidies: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    key = (await recognised(subsidies, f"w-{new_id()}"))["recognition_id"]
    real = clock.now
    for days, kind in ((340, RecognitionCheckNear), (370, RecognitionCheckOverdue)):
        monkeypatch.setattr(clock, "now", lambda days=days: real() + dt.timedelta(days=days))

        async def heard(kind: type[Any] = kind) -> bool:
            return len(await told(subsidies, kind, key)) == 1

        await eventually(heard)
    monkeypatch.setattr(clock, "now", real)
    assert (await read(subsidies, key))["state"] == "recognised"  # the office's lateness costs the person nothing
    until = shanghai_date(clock.now()) + dt.timedelta(days=30)
    assert await step(subsidies, key, "check", officer(FIRST), {"until": f"{until}"}) == 200
    monkeypatch.setattr(clock, "now", lambda: real() + dt.timedelta(days=32))

    async def expired() -> bool:
        return [event.ending for event in await told(subsidies, RecognitionEnded, key)] == ["expired"]

    await eventually(expired)
    assert (await read(subsidies, key))["ended_on"] == f"{until}"


async def test_officers_revoke_and_persons_give_up_their_own(subsidies: Harness) -> None:
    one, other = f"w-{new_id()}", f"w-{new_id()}"
    first = (await recognised(subsidies, one))["recognition_id"]
    second = (await recognised(subsidies, other))["recognition_id"]
    assert (
        await step(subsidies, first, "revocation", officer("away", "510681"), {"ending": "revoked", "reason": "x"})
        == 404
    )
    assert await step(subsidies, first, "revocation", officer(FIRST), {"ending": "revoked"}) == 422
    why = {"ending": "revoked", "reason": "申请材料不实"}
    assert await step(subsidies, first, "revocation/confirmation", officer(SECOND)) == 409
    assert await step(subsidies, first, "revocation", officer(FIRST), why) == 200
    assert (await read(subsidies, first))["state"] == "recognised"
    assert await step(subsidies, first, "revocation/confirmation", officer(FIRST)) == 409
    assert await step(subsidies, first, "revocation/confirmation", officer(SECOND)) == 200
    assert await step(subsidies, second, "renunciation", bearer("worker", worker_id=one)) == 404
    assert await step(subsidies, second, "renunciation", bearer("worker", worker_id=other)) == 200
    assert [(await read(subsidies, key))["ending"] for key in (first, second)] == ["revoked", "own_wish"]
    assert [(await read(subsidies, key))["reason"] for key in (first, second)] == ["申请材料不实", None]
    assert await step(subsidies, first, "check", officer(FIRST), {}) == 409


async def test_it_moves_with_its_person_and_forgets_why_when_erased(subsidies: Harness) -> None:
    old, new = f"w-{new_id()}", f"w-{new_id()}"
    key = (await recognised(subsidies, old))["recognition_id"]
    await tell(subsidies, WorkerMerged(worker_id=new, merged_worker_id=old))
    await subsidies.settled()
    mine = await subsidies.http.get(PATH, headers=bearer("worker", worker_id=new))
    assert [item["recognition_id"] for item in mine.json()["items"]] == [key]
    await tell(subsidies, WorkerErased(worker_id=new))
    await subsidies.settled()
    assert (await read(subsidies, key))["category"] == "erased"


async def test_a_year_of_registered_unemployment_needs_nobodys_word(subsidies: Harness) -> None:
    one = f"w-{new_id()}"
    await tell(
        subsidies, worker(one, "1985-05-05"), unemployed(one, shanghai_date(clock.now()) - dt.timedelta(days=370))
    )
    await subsidies.settled()
    stated = {"category": "long_unemployed"}
    filed = await apply_as(subsidies, one, kind="recognition", stated=stated, account=None)
    await do(subsidies, filed["application_id"], "acceptance", officer(FIRST))
    done = await do(subsidies, filed["application_id"], "review", officer(FIRST), {"approve": True, "judged": []})
    assert done["state"] == "reviewed"
