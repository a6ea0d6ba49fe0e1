"""A province that fails, answers late or twice, loses answers and forgets; and what mends it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from services.insurance.differences.documents import Difference
from services.insurance.enrolment.documents import Enrolment
from services.insurance.province.connection import LINE
from shared import circuit, clock
from shared.contracts.insurance import EnrolmentConfirmed, ReconciliationFinished
from shared.contracts.registry import EngagementActivated, EngagementEnded
from shared.policy import calendar
from shared.storage.client import collection_of, storage
from tests.harness import Harness, bearer, eventually
from tests.integration.at_rest import holding
from tests.integration.insurance.facts import engagement, new_platform
from tests.integration.insurance.paid_in import new_id_number, registered


@pytest.fixture(autouse=True)
def sound_line() -> Iterator[None]:
    LINE.reset()
    yield
    LINE.reset()


async def behave(province: httpx2.AsyncClient, **behaviour: Any) -> None:
    assert (await province.post("/sandbox/behaviour", json=behaviour)).is_success


async def enrolled(insurance: Harness) -> str:
    """A worker's enrolment that the province has confirmed; its request's number."""
    platform = new_platform()
    await insurance.publish(
        registered(f"person-{platform}-w1", new_id_number()), engagement(EngagementActivated, platform)
    )
    await confirmed(insurance, platform)
    return (await enrolment_of(platform)).requests[-1].number


async def confirmed(insurance: Harness, platform: str) -> list[EnrolmentConfirmed]:
    async def look() -> list[EnrolmentConfirmed]:
        return [fact for fact in await insurance.told(EnrolmentConfirmed) if fact.platform == platform]

    return await eventually(look)


async def enrolment_of(platform: str) -> Enrolment:
    found = await Enrolment.of(f"{platform}-w1")
    assert found is not None
    return found


async def reconcile(insurance: Harness) -> dict[str, Any]:
    """Have the enrolments compared, and give the finished result."""
    started = await insurance.http.post("/v1/reconciliations", json={}, headers=insurance.officer)
    assert started.status_code == 202
    path = f"/v1/reconciliations/{started.json()['day']}"

    async def finished() -> dict[str, Any] | None:
        found: dict[str, Any] = (await insurance.http.get(path, headers=insurance.officer)).json()
        return found if found["status"] == "finished" else None

    return await eventually(finished)


async def differences(insurance: Harness, number: str, state: str = "open") -> list[dict[str, Any]]:
    path = f"/v1/differences?state={state}&limit=200"
    items = (await insurance.http.get(path, headers=insurance.officer)).json()["items"]
    return [item for item in items if item["number"] == number]


async def resolve(insurance: Harness, difference: dict[str, Any], action: str) -> httpx2.Response:
    path = f"/v1/differences/{difference['difference_id']}"
    etag = (await insurance.http.get(path, headers=insurance.officer)).headers["etag"]
    body = {"action": action, "note": "已与省平台核对"}
    return await insurance.http.post(f"{path}/resolution", json=body, headers={**insurance.officer, "If-Match": etag})


async def at_province(province: httpx2.AsyncClient, number: str) -> dict[str, Any]:
    changed = await province.patch(f"/sandbox/enrolments/{number}", json={})
    return dict(changed.json()) if changed.is_success else {}


async def test_a_province_that_is_away_is_asked_again_later(
    insurance: Harness, province: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Meanwhile it is left alone but for single tries."""
    monkeypatch.setattr(circuit, "REST", dt.timedelta(seconds=2))
    assert await insurance.figure("xindun_insurance_province_circuit_open") == 0
    await behave(province, fail_next=500, status=503)
    platforms = [new_platform() for _ in range(12)]
    for platform in platforms:
        await insurance.publish(
            registered(f"person-{platform}-w1", new_id_number()), engagement(EngagementActivated, platform)
        )

    async def line(state: str, after: str = "") -> dict[str, Any] | None:
        shown: dict[str, Any] = (await insurance.http.get("/v1/exchange", headers=insurance.officer)).json()["line"]
        return shown if shown["state"] == state and (shown["since"] or "") > after else None

    async def asked() -> int:
        return int((await province.get("/sandbox/counts")).json()["calls"])

    opened = await eventually(lambda: line("open"))
    assert await insurance.figure("xindun_insurance_province_circuit_open") == 1
    assert opened["failures"] >= circuit.FAILURES
    before = await asked()
    await eventually(lambda: line("open", opened["since"]))
    assert await asked() <= before + 2
    await behave(province)
    for platform in platforms:
        await confirmed(insurance, platform)
    await eventually(lambda: line("closed"))
    assert await insurance.figure("xindun_insurance_province_circuit_open") == 0


async def test_an_answer_that_comes_too_late_is_asked_for_again(
    insurance: Harness, province: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LINE, "seconds", 0.3)
    await behave(province, answer_delay_ms=800)
    accepted = (await province.get("/sandbox/counts")).json().get("accepted", 0)
    platform = new_platform()
    await insurance.publish(
        registered(f"person-{platform}-w1", new_id_number()), engagement(EngagementActivated, platform)
    )
    number = f"{platform}-w1:1"
    await eventually(lambda: at_province(province, number))
    await behave(province)
    [fact] = await confirmed(insurance, platform)
    assert fact.receipt_number == (await at_province(province, number))["receipt_number"]
    assert (await province.get("/sandbox/counts")).json()["accepted"] == accepted + 1


async def test_whatever_went_wrong_is_found_and_mended(insurance: Harness, province: httpx2.AsyncClient) -> None:
    await insurance.settled()
    forgotten, changed, foreign_end, ended, other_person = [await enrolled(insurance) for _ in range(5)]
    lost = await _with_a_lost_answer(insurance, province)
    platform = ended.partition("-")[0]
    await insurance.publish(engagement(EngagementEnded, platform, version=2, ended_on="2026-09-20"))
    await insurance.publish(engagement(EngagementEnded, changed.partition("-")[0], version=2, ended_on="2026-09-20"))
    await insurance.settled()
    foreign = f"foreign-{platform}"
    body = (await at_province(province, forgotten)) | {"request_number": foreign, "name": "测试乙"}
    body = {
        key: body[key] for key in ("request_number", "scheme", "id_number", "uscc", "district", "starts_on", "name")
    }
    assert (await province.post("/sandbox/enrolments", json=body)).is_success
    await province.delete(f"/sandbox/enrolments/{forgotten}")
    await province.patch(f"/sandbox/enrolments/{ended}", json={"ends_on": None})
    await province.patch(f"/sandbox/enrolments/{changed}", json={"ends_on": "2026-09-30"})
    await province.patch(f"/sandbox/enrolments/{foreign_end}", json={"ends_on": "2026-09-30"})
    right = (await at_province(province, other_person))["id_number"]
    await province.patch(f"/sandbox/enrolments/{other_person}", json={"id_number": new_id_number()})

    first = await reconcile(insurance)
    assert (first["differences"], first["mended"], first["to_officer"]) == (7, 3, 4)
    assert (await at_province(province, forgotten))["status"] == "accepted"
    assert (await at_province(province, ended))["ends_on"] == "2026-09-20"
    [fact] = await confirmed(insurance, lost.partition("-")[0])
    assert fact.receipt_number == (await at_province(province, lost))["receipt_number"]

    kinds = {}
    for number in (changed, foreign_end, foreign, other_person):
        [difference] = await differences(insurance, number)
        kinds[number] = difference["kind"]
        if difference["kind"] != "other_facts":
            assert (await resolve(insurance, difference, "put_right")).status_code == 200
    assert list(kinds.values()) == ["other_end", "end_unknown_here", "unknown_here", "other_facts"]
    [person] = await differences(insurance, other_person)
    assert (await resolve(insurance, person, "put_right")).status_code == 409
    assert (await resolve(insurance, person, "noted")).json()["state"] == "resolved"
    await insurance.settled()
    assert (await at_province(province, changed))["ends_on"] == "2026-09-20"
    assert (await at_province(province, foreign_end))["ends_on"] is None
    assert (await at_province(province, foreign))["ends_on"] == "2026-08-31"

    second = await reconcile(insurance)
    assert (second["differences"], second["to_officer"]) == (1, 0)
    await province.patch(f"/sandbox/enrolments/{other_person}", json={"id_number": right})
    third = await reconcile(insurance)
    assert (third["differences"], third["compared"]) == (0, first["compared"])
    assert await differences(insurance, other_person, "mended") != []
    told = [fact.differences for fact in await insurance.told(ReconciliationFinished)]
    assert told[-3:] == [7, 1, 0]


async def test_what_differs_and_the_last_comparison_are_shown(insurance: Harness, province: httpx2.AsyncClient) -> None:
    await insurance.settled()
    number = await enrolled(insurance)
    await insurance.settled()
    before, asked = await Difference.find(Difference.state == "open").count(), clock.now().timestamp()

    async def shown(wanted: int) -> bool:
        return await insurance.figure("xindun_insurance_differences_open") == wanted

    await province.patch(f"/sandbox/enrolments/{number}", json={"ends_on": "2026-09-30"})
    await reconcile(insurance)
    [difference] = await differences(insurance, number)
    await eventually(lambda: shown(before + 1))
    reconciled = await insurance.figure("xindun_insurance_reconciled_seconds")
    assert reconciled is not None
    assert asked <= reconciled <= clock.now().timestamp()
    assert (await resolve(insurance, difference, "put_right")).status_code == 200
    await insurance.settled()
    await eventually(lambda: shown(before))


async def _with_a_lost_answer(insurance: Harness, province: httpx2.AsyncClient) -> str:
    """An enrolment that the province has answered, of which nothing came back, and that nobody asks for any more."""
    await behave(province, lose_answer_next=1)
    platform = new_platform()
    await insurance.publish(
        registered(f"person-{platform}-w1", new_id_number()), engagement(EngagementActivated, platform)
    )
    number, timers = f"{platform}-w1:1", storage().collection("timers")
    await eventually(lambda: at_province(province, number))
    await timers.delete_one({"_id": f"insurance.exchange:{number}"})
    # its first try may be confirming it right now: what counts is what we have of it when it is quiet
    await insurance.settled()
    kept = await enrolment_of(platform)
    if kept.requests[0].status != "waiting":
        row = {"requests.0.status": "waiting", "requests.0.receipt_number": None}
        await collection_of(Enrolment).update_one({"_id": kept.id}, {"$set": row})
    return number


async def test_a_comparison_whose_province_fails_comes_again_by_itself(
    insurance: Harness, province: httpx2.AsyncClient
) -> None:
    await insurance.settled()
    number = await enrolled(insurance)
    await province.delete(f"/sandbox/enrolments/{number}")
    await behave(province, fail_reads_next=1, fail_next=1, status=503)
    await reconcile(insurance)
    await insurance.settled()
    assert (await at_province(province, number))["status"] == "accepted"
    await behave(province)
    assert (await reconcile(insurance))["differences"] == 0


async def test_what_is_asked_of_the_exchange_is_for_officers(insurance: Harness) -> None:
    day = calendar.shanghai_date(clock.now()) + dt.timedelta(days=1)
    ahead = await insurance.http.post("/v1/reconciliations", json={"day": day.isoformat()}, headers=insurance.officer)
    assert ahead.status_code == 422
    district = insurance.headers("officer", department="hrss", district="510603")
    assert (await insurance.http.post("/v1/reconciliations", json={}, headers=district)).status_code == 403
    mine = bearer("worker", worker_id="somebody")
    assert (await insurance.http.get("/v1/exchange", headers=mine)).status_code == 403
    assert (await insurance.http.get("/v1/differences", headers=mine)).status_code == 403


async def test_the_daily_hour_compares_and_sets_the_next_one(insurance: Harness) -> None:
    timers = storage().collection("timers")
    row = await timers.find_one({"_id": "insurance.exchange_daily:next"})
    assert row is not None
    assert row["due_at"] > clock.now()
    told = len(await insurance.told(ReconciliationFinished))
    await timers.update_one({"_id": row["_id"]}, {"$set": {"due_at": clock.now()}})

    async def compared() -> bool:
        return len(await insurance.told(ReconciliationFinished)) > told

    await eventually(compared)
    following = await timers.find_one({"_id": row["_id"]})
    assert following is not None
    assert following["due_at"] == row["due_at"]


async def test_an_enrolment_refused_on_resending_is_an_officers_matter(
    insurance: Harness, province: httpx2.AsyncClient
) -> None:
    """The province had accepted it, lost it, and refuses it the second time."""
    number = await enrolled(insurance)
    await insurance.settled()
    await province.delete(f"/sandbox/enrolments/{number}")
    await behave(province, refuse_next=1)
    await reconcile(insurance)
    [lost] = await differences(insurance, number)
    assert (lost["kind"], lost["reason"]) == ("unknown_there", "参保信息核验未通过")
    assert await holding("参保信息核验未通过") == []
    await reconcile(insurance)
    [otherwise] = await differences(insurance, number)
    assert (otherwise["kind"], otherwise["ours"]["status"], otherwise["theirs"]["status"]) == (
        "answered_otherwise",
        "accepted",
        "rejected",
    )
    assert (await resolve(insurance, otherwise, "noted")).json()["state"] == "resolved"
    await reconcile(insurance)
    assert await differences(insurance, number) == []
