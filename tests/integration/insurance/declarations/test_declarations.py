"""The duty to register is the employer's: nothing goes to the province before it declares, and a passive one misses it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx2
import pytest

from services.insurance.enrolment.documents import Enrolment
from services.insurance.enrolment.migrations import DECLARATIONS
from services.insurance.enrolment.province_requests import DUTY, DUTY_NEAR
from shared import clock
from shared.contracts.insurance import (
    EnrolmentConfirmed,
    EnrolmentDeclared,
    EnrolmentDutyNear,
    EnrolmentDutyOverdue,
    EnrolmentExcluded,
    EnrolmentOpened,
    EnrolmentRefused,
)
from shared.contracts.registry import EngagementActivated, EngagementCorrected, EngagementEnded
from shared.ids import new_id
from shared.storage.client import collection_of, storage
from tests.harness import Harness, bearer, eventually
from tests.integration.at_rest import holding
from tests.integration.insurance.declaring import declare, send_sheet
from tests.integration.insurance.facts import ID_NUMBER, NAME, engagement, enterprise, new_platform, worker

DUE = dt.date(2026, 10, 8)


@pytest.fixture
def platform() -> str:
    return new_platform()


async def told(insurance: Harness, kind: Any, platform: str) -> list[Any]:
    return [fact for fact in await insurance.told(kind) if fact.platform == platform]


async def employ(insurance: Harness, platform: str, worker_ref: str = "w1", **changes: Any) -> str:
    """An employed worker whom the registry tells of; the enrolment's id."""
    person = f"person-{platform}-{worker_ref}"
    job = engagement(EngagementActivated, platform, worker_ref, **{"relation": "employment"} | changes)
    await insurance.publish(worker(person), job)
    await eventually(lambda: Enrolment.of(job.engagement_id))
    await insurance.settled()
    return str(job.engagement_id)


async def asked_of(province: httpx2.AsyncClient, enrolment_id: str) -> list[int]:
    """What the province answers to the first two requests of an enrolment."""
    return [(await province.get(f"/v1/enrolments/{enrolment_id}:{number}")).status_code for number in (1, 2)]


async def kept_there(province: httpx2.AsyncClient, number: str) -> dict[str, Any]:
    """A request as the stand-in keeps it."""
    found: dict[str, Any] = (await province.patch(f"/sandbox/enrolments/{number}", json={})).json()
    return found


async def shown(insurance: Harness, enrolment_id: str, caller: dict[str, str] | None = None) -> dict[str, Any]:
    answer = await insurance.http.get(f"/v1/enrolments/{enrolment_id}", headers=caller or insurance.officer)
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def fire(kind: Any, enrolment_id: str) -> None:
    """Let a deadline's time come."""
    timers = storage().collection("timers")
    row = await timers.find_one({"_id": f"{kind.name}:{enrolment_id}"})
    assert row is not None
    await timers.update_one({"_id": row["_id"]}, {"$set": {"due_at": clock.now()}})


async def test_a_passive_employer_registers_nobody_and_misses(
    insurance: Harness, province: httpx2.AsyncClient, platform: str
) -> None:
    """The province hears nothing, the worker is told the truth, and the missed deadline is told once."""
    enrolment_id = await employ(insurance, platform)
    assert await asked_of(province, enrolment_id) == [404, 404]
    found = await shown(insurance, enrolment_id)
    assert (found["state"], found["due_on"], found["confirmed_on"]) == ("undeclared", str(DUE), None)
    assert found["requests"] == []
    me = bearer("worker", worker_id=f"person-{platform}-w1")
    [cover] = (await insurance.http.get("/v1/workers/me/cover", headers=me)).json()
    assert (cover["in_force"], cover["province"], cover["due_on"]) == (False, "undeclared", str(DUE))
    assert "尚未为您申报" in cover["note"]
    rights = (await insurance.http.get("/v1/workers/me/rights", headers=me)).json()
    [right] = rights["cover"]
    assert (right["in_force"], right["state"], right["province"]) == (False, "undeclared", "undeclared")
    assert [one["scheme"] for one in rights["claimable"]] == ["work_injury"]
    await fire(DUTY, enrolment_id)
    [overdue] = await eventually(lambda: told(insurance, EnrolmentDutyOverdue, platform))
    assert (overdue.unit, overdue.due_on, overdue.declared_on) == (platform, DUE, None)
    await insurance.publish(engagement(EngagementCorrected, platform, version=2, relation="employment"))
    await insurance.settled()
    assert (await shown(insurance, enrolment_id))["overdue"] is True
    assert len(await told(insurance, EnrolmentDutyOverdue, platform)) == 1
    assert await storage().collection("timers").find_one({"_id": f"{DUTY.name}:{enrolment_id}"}) is None
    # a late declaration puts it right
    await declare(insurance, platform, enrolment_id)
    await eventually(lambda: told(insurance, EnrolmentConfirmed, platform))
    found = await shown(insurance, enrolment_id)
    assert (found["state"], found["overdue"]) == ("open", False)


async def test_what_the_employer_declares_goes_to_the_province(
    insurance: Harness, province: httpx2.AsyncClient, platform: str
) -> None:
    """Once, by its own token, for the day on file; and clears the deadline."""
    enrolment_id = await employ(insurance, platform)
    for body, expect in (({"starts_on": "2026-09-02"}, 409), ({}, 422), ({"starts_on": "2026-09-01", "x": 1}, 422)):
        path = f"/v1/enrolments/{enrolment_id}/declarations"
        headers = bearer("platform", uscc=platform) | {"Idempotency-Key": new_id()}
        answer = await insurance.http.post(path, json=body, headers=headers)
        assert answer.status_code == expect
    assert await asked_of(province, enrolment_id) == [404, 404]
    made = await declare(insurance, platform, enrolment_id)
    assert (made["state"], made["declared_on"]) == ("open", made["segments"][0]["declared_on"])
    [confirmed] = await eventually(lambda: told(insurance, EnrolmentConfirmed, platform))
    [declared] = await told(insurance, EnrolmentDeclared, platform)
    assert (declared.unit, declared.starts_on) == (platform, dt.date(2026, 9, 1))
    assert confirmed.declared_on == declared.declared_on is not None
    again = await declare(insurance, platform, enrolment_id, expect=409)
    assert again["type"].endswith("declared-already")
    assert await asked_of(province, enrolment_id) == [200, 404]
    assert await storage().collection("timers").find_one({"_id": f"{DUTY.name}:{enrolment_id}"}) is None


async def test_nobody_declares_in_the_employers_place(insurance: Harness, platform: str) -> None:
    enrolment_id, path = await employ(insurance, platform), "/v1/enrolments/{}/declarations"
    body = {"starts_on": "2026-09-01"}
    callers = (
        (insurance.officer, 403),
        (bearer("worker", worker_id=f"person-{platform}-w1"), 403),
        (bearer("platform", uscc=new_platform()), 404),
    )
    for caller, expect in callers:
        answer = await insurance.http.post(
            path.format(enrolment_id), json=body, headers=caller | {"Idempotency-Key": new_id()}
        )
        assert answer.status_code == expect, answer.text
    own = await employ(insurance, platform, "w2", relation="self_employed")
    refused = await declare(insurance, platform, own, expect=403)
    assert refused["type"].endswith("forbidden")


async def test_whoever_dispatches_is_the_unit_and_declares(
    insurance: Harness, province: httpx2.AsyncClient, platform: str
) -> None:
    """The platform sees it, and declares nothing; where another firm is named, that one has to (劳动合同法 art. 58)."""
    agency, firm = new_platform(), new_platform()
    enrolment_id = await employ(insurance, platform, partner_uscc=agency, dispatched=True)
    [opened] = await told(insurance, EnrolmentOpened, platform)
    assert (opened.basis, opened.unit) == ("employer", agency)
    own = bearer("platform", uscc=agency)
    listed = (await insurance.http.get("/v1/enrolments?state=undeclared", headers=own)).json()["items"]
    assert [(one["enrolment_id"], one["unit"]) for one in listed] == [(enrolment_id, agency)]
    await shown(insurance, enrolment_id, bearer("platform", uscc=platform))
    await declare(insurance, platform, enrolment_id, expect=403)
    await declare(insurance, firm, enrolment_id, expect=404)
    await declare(insurance, agency, enrolment_id)
    await eventually(lambda: told(insurance, EnrolmentConfirmed, platform))
    held = await kept_there(province, f"{enrolment_id}:1")
    assert held["uscc"] == agency
    moved = {"relation": "employment", "partner_uscc": firm}
    await insurance.publish(engagement(EngagementCorrected, platform, version=2, **moved))
    await insurance.settled()
    found = await shown(insurance, enrolment_id, bearer("platform", uscc=firm))
    assert (found["state"], found["unit"], found["declared_on"]) == ("undeclared", firm, None)
    assert (await kept_there(province, f"{enrolment_id}:1"))["ends_on"] == "2026-08-31"
    gone = await insurance.http.get(f"/v1/enrolments/{enrolment_id}", headers=own)
    assert gone.status_code == 404


async def test_a_partners_people_who_are_not_employed(insurance: Harness, platform: str) -> None:
    """They are the platform's to insure, and nobody declares them."""
    agency = new_platform()
    enrolment_id = await employ(insurance, platform, relation="partial", partner_uscc=agency)
    [opened] = await told(insurance, EnrolmentOpened, platform)
    assert (opened.basis, opened.unit, opened.due_on) == ("platform", platform, None)
    await eventually(lambda: told(insurance, EnrolmentConfirmed, platform))
    assert (
        await insurance.http.get(f"/v1/enrolments/{enrolment_id}", headers=bearer("platform", uscc=agency))
    ).status_code == 404


async def test_a_refused_declaration_is_owed_again(
    insurance: Harness, province: httpx2.AsyncClient, platform: str
) -> None:
    """By the deadline; asked again and taken, nothing is owed any more."""
    enrolment_id = await employ(insurance, platform)
    await province.post("/sandbox/behaviour", json={"refuse_next": 1})
    await declare(insurance, platform, enrolment_id)
    await eventually(lambda: told(insurance, EnrolmentRefused, platform))
    await insurance.settled()
    await fire(DUTY, enrolment_id)
    await eventually(lambda: told(insurance, EnrolmentDutyOverdue, platform))
    path = f"/v1/enrolments/{enrolment_id}/requests"
    key = {"Idempotency-Key": new_id()}
    foreign = await insurance.http.post(path, headers=bearer("platform", uscc=new_platform()) | key)
    assert foreign.status_code == 404
    again = await insurance.http.post(path, headers=bearer("platform", uscc=platform) | {"Idempotency-Key": new_id()})
    assert again.status_code == 201, again.text
    await eventually(lambda: told(insurance, EnrolmentConfirmed, platform))
    assert (await shown(insurance, enrolment_id))["overdue"] is False


async def test_an_employment_that_ended_undeclared_is_still_owed(
    insurance: Harness, province: httpx2.AsyncClient, platform: str
) -> None:
    """Declared late, both its days go to the province; and one that never was is owed by nobody."""
    enrolment_id = await employ(insurance, platform)
    ended: dict[str, Any] = {"version": 2, "relation": "employment", "ended_on": "2026-09-20"}
    await insurance.publish(engagement(EngagementEnded, platform, **ended))
    await insurance.settled()
    assert (await shown(insurance, enrolment_id))["state"] == "ended"
    await fire(DUTY, enrolment_id)
    await eventually(lambda: told(insurance, EnrolmentDutyOverdue, platform))
    await declare(insurance, platform, enrolment_id)
    await insurance.settled()
    held = await kept_there(province, f"{enrolment_id}:1")
    assert (held["starts_on"], held["ends_on"]) == ("2026-09-01", "2026-09-20")
    never = await employ(insurance, platform, "w2")
    gone = engagement(EngagementEnded, platform, "w2", **ended | {"ended_on": "2026-09-02"}, worked=False)
    await insurance.publish(gone)
    await insurance.settled()
    assert await storage().collection("timers").find_one({"_id": f"{DUTY.name}:{never}"}) is None


async def test_an_employer_is_reminded_before_its_last_day(insurance: Harness, platform: str) -> None:
    today = clock.now().date()
    enrolment_id = await employ(insurance, platform, started_on=today.isoformat())
    await fire(DUTY_NEAR, enrolment_id)
    [near] = await eventually(lambda: told(insurance, EnrolmentDutyNear, platform))
    assert near.due_on is not None
    assert near.due_on >= today + dt.timedelta(days=30)


async def test_a_sheet_declares_many_and_stops_at_no_bad_row(
    insurance: Harness, province: httpx2.AsyncClient, platform: str
) -> None:
    """Whose name is another and who is not on file here are one fault; the sheet sent again changes nothing."""
    enrolment_id = await employ(insurance, platform)
    rows = (
        f"{ID_NUMBER},{NAME},2026-09-01",
        f"{ID_NUMBER},{NAME},2026-09-03",
        f"{ID_NUMBER},{NAME},2026-09-01",
        "123,测试乙,2026-09-01",
    )
    foreign = (await send_sheet(insurance, new_platform(), rows[0])).json()
    unnamed = (await send_sheet(insurance, platform, f"{ID_NUMBER},别的人,2026-09-01")).json()
    assert foreign == unnamed
    assert (foreign["declared"], [one["cell"] for one in foreign["wrong"]]) == (0, ["A2"])
    first = await send_sheet(insurance, platform, *rows)
    assert first.status_code == 200, first.text
    taken = first.json()
    assert (taken["rows"], taken["declared"], taken["declared_before"]) == (4, 1, 0)
    assert [one["cell"] for one in taken["wrong"]] == ["A3", "A4", "A5"]
    assert ID_NUMBER not in first.text
    [confirmed] = await eventually(lambda: told(insurance, EnrolmentConfirmed, platform))
    assert confirmed.enrolment_id == enrolment_id
    again = (await send_sheet(insurance, platform, *rows)).json()
    assert (again["declared"], again["declared_before"]) == (0, 1)
    assert await asked_of(province, enrolment_id) == [200, 404]
    bad = await insurance.http.post(
        "/v1/enrolment-declarations", content=b"a,b\n", headers=bearer("platform", uscc=platform)
    )
    assert bad.status_code == 422
    form = await insurance.http.get("/v1/enrolment-declarations/form", headers=bearer("platform", uscc=platform))
    assert form.content.startswith(b"PK")
    assert await holding(ID_NUMBER) == []


@pytest.mark.parametrize("industry", ["courier", "other"])
async def test_whom_no_scheme_takes_in_is_told_the_truth(insurance: Harness, platform: str, industry: str) -> None:
    """Once, and it is taken back where an employer has to insure them after all."""
    person, job = f"person-{platform}-w1", {"industry": industry, "relation": "partial"}
    activated = engagement(EngagementActivated, platform, **job)
    corrected = engagement(EngagementCorrected, platform, **job, version=2)
    await insurance.publish(worker(person), activated, corrected)
    [excluded] = await eventually(lambda: told(insurance, EnrolmentExcluded, platform))
    assert (excluded.industry, excluded.since, excluded.withdrawn) == (industry, dt.date(2026, 9, 1), False)
    assert await told(insurance, EnrolmentOpened, platform) == []
    me = bearer("worker", worker_id=person)
    rights = (await insurance.http.get("/v1/workers/me/rights", headers=me)).json()
    assert rights["cover"] == []
    [without] = rights["uncovered"]
    assert (without["platform"], without["industry"], without["since"]) == (platform, industry, "2026-09-01")
    assert any("网点" in one for one in without["can_do"]) is (industry == "courier")
    assert {one["key"] for one in without["used"]} == {"footing.cover", "oip.industries"}
    await insurance.publish(
        engagement(EngagementCorrected, platform, industry=industry, version=3, relation="employment")
    )

    async def taken_back() -> bool:
        return [fact.withdrawn for fact in await told(insurance, EnrolmentExcluded, platform)] == [False, True]

    await eventually(taken_back)
    assert (await insurance.http.get("/v1/workers/me/rights", headers=me)).json()["uncovered"] == []


@pytest.mark.parametrize(("name", "listed"), [("德阳滴滴出行科技有限公司", True), ("某出行有限公司", False)])
async def test_a_platform_that_is_not_listed_is_said_to_be_so(
    insurance: Harness, province: httpx2.AsyncClient, platform: str, name: str, listed: bool
) -> None:
    """The province is asked all the same, and decides."""
    declared = enterprise(platform)
    await insurance.publish(type(declared)(**{**_fields(declared), "name": name}))
    await insurance.settled()
    await province.post("/sandbox/behaviour", json={"refuse_next": 1})
    person = f"person-{platform}-w1"
    await insurance.publish(worker(person), engagement(EngagementActivated, platform, industry="ride_hailing"))
    [opened] = await eventually(lambda: told(insurance, EnrolmentOpened, platform))
    assert (opened.scheme, opened.listed) == ("occupational_injury", listed)
    await eventually(lambda: told(insurance, EnrolmentRefused, platform))
    [cover] = (await insurance.http.get("/v1/workers/me/cover", headers=bearer("worker", worker_id=person))).json()
    assert (cover["note"] is None) is listed
    found = await shown(insurance, opened.enrolment_id)
    assert "oip.platforms" in {one["key"] for one in found["used"]}


def _fields(fact: Any) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in fact.__struct_fields__}


async def test_what_was_asked_before_declarations_counts(insurance: Harness, platform: str) -> None:
    """The migration gives an enrolment of an earlier version who may see it, and what the province was asked for."""
    enrolment_id = await employ(insurance, platform)
    await declare(insurance, platform, enrolment_id)
    row = await collection_of(Enrolment).find_one({"_id": enrolment_id})
    assert row is not None
    changed = DECLARATIONS.change(row)
    assert isinstance(changed, dict)
    assert changed["seen_by"] == [platform]
    [before] = changed["declarations"]
    assert (before["unit"], before["starts_on"]) == (platform, row["segments"][0]["starts_on"])
