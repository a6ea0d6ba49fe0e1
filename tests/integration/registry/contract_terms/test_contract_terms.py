"""Terms of contracts: declared or put on file, near their end, over, renewed, and what their end owes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx2
import pytest

from services.registry.contract_terms import commands
from shared import clock
from shared.contracts.registry import AgreementExpired, AgreementExpiring, AgreementTermsExamined
from shared.policy.calendar import shanghai_date
from shared.storage.client import storage
from shared.storage.transaction import transact
from tests.harness import Harness, eventually
from tests.integration.registry.city import City, marks
from tests.unit.registry.pushes import ended

NEAR, OVER = "registry.contract_term_near", "registry.contract_term_over"


@pytest.fixture
def city(registry: Harness) -> City:
    return City(registry, next(marks))


def in_days(number: int) -> dt.date:
    return shanghai_date(clock.now()) + dt.timedelta(number)


async def begun(city: City, **fields: Any) -> str:
    await city.push(city.start(**{"relation": "employment", "agreement": None, **fields}))
    [item] = await city.listed()
    return str(item["engagement_id"])


async def terms(city: City, engagement_id: str) -> dict[str, Any]:
    found: dict[str, Any] = (await city.get(f"/v1/engagements/{engagement_id}/contract-terms")).json()
    return found


async def sign(
    city: City, engagement_id: str, number: str, begin: str, end: str | None, **fields: Any
) -> httpx2.Response:
    body = {
        "kind": "contract",
        "number": number,
        "signed_on": begin,
        "term": "fixed" if end else "open",
        "starts_on": begin,
        "ends_on": end,
        **fields,
    }
    headers = city.registry.headers("platform", uscc=city.one)
    return await city.registry.http.post(f"/v1/engagements/{engagement_id}/agreements", json=body, headers=headers)


async def timers_of(engagement_id: str) -> set[str]:
    rows = await storage().collection("timers").find({"key": engagement_id}).to_list(None)
    return {row["kind"] for row in rows} & {NEAR, OVER}


async def test_a_declared_term_is_reminded_of_and_then_worked_on(city: City, registry: Harness) -> None:
    last = in_days(60)
    paper = {"kind": "contract", "number": "LD1", "signed_on": "2026-09-01", "term": "fixed", "ends_on": str(last)}
    engagement_id = await begun(city, agreement=paper)
    view = await terms(city, engagement_id)
    assert (view["state"], view["current"]["starts_on"], view["current"]["ends_on"]) == (
        "running",
        "2026-09-01",
        str(last),
    )
    assert (view["next_is_open"], view["open_owed"], view["worked_on_from"]) == (False, None, None)
    assert await timers_of(engagement_id) == {NEAR, OVER}
    await transact(lambda tx: commands.remind(engagement_id, last - dt.timedelta(1), tx))
    assert (await terms(city, engagement_id))["state"] == "running"
    for _ in range(2):
        await transact(lambda tx: commands.remind(engagement_id, last, tx))
    assert (await terms(city, engagement_id))["state"] == "near"
    for _ in range(2):
        await transact(lambda tx: commands.lapse(engagement_id, last, tx))
    assert (await terms(city, engagement_id))["state"] == "worked_on"
    near = [one for one in await registry.told(AgreementExpiring) if one.platform == city.one]
    over = [one for one in await registry.told(AgreementExpired) if one.platform == city.one]
    assert [(one.number, one.ends_on, one.next_is_open) for one in (*near, *over)] == [("LD1", last, False)] * 2


@pytest.mark.parametrize(("timer", "state"), [(NEAR, "near"), (OVER, "worked_on")])
async def test_the_timers_find_the_term_that_they_are_for(city: City, timer: str, state: str) -> None:
    paper = {"kind": "contract", "number": "LD1", "signed_on": "2026-09-01", "ends_on": str(in_days(60))}
    engagement_id = await begun(city, agreement=paper)
    due = {"$set": {"due_at": clock.now()}}
    await storage().collection("timers").update_one({"_id": f"{timer}:{engagement_id}"}, due)

    async def stands() -> bool:
        return bool((await terms(city, engagement_id))["state"] == state)

    await eventually(stands)


async def test_two_fixed_terms_call_for_one_without_term(city: City) -> None:
    engagement_id = await begun(city, started_on="2023-09-01")
    assert (await terms(city, engagement_id))["state"] == "none"
    await sign(city, engagement_id, "1", "2023-09-01", "2024-08-31")
    second = await sign(city, engagement_id, "2", "2024-09-01", "2025-08-31")
    assert second.status_code == 201, second.text
    view = await terms(city, engagement_id)
    assert (view["next_is_open"], view["open_owed"], view["worked_on_from"]) == (True, None, "2025-09-01")
    assert await timers_of(engagement_id) == {OVER}  # the last day is over: nobody is reminded of it
    await sign(city, engagement_id, "3", "2025-09-01", "2027-08-31")
    view = await terms(city, engagement_id)
    assert view["open_owed"] == {"reason": "two_fixed_terms", "since": "2025-09-01"}
    assert [one["number"] for one in view["terms"]] == ["1", "2", "3"]
    assert {used["key"] for used in view["used"]} >= {"contract.fixed_terms_before_open", "contract.open_after_years"}
    await sign(city, engagement_id, "4", "2025-10-01", None)
    view = await terms(city, engagement_id)
    assert (view["current"]["term"], view["state"], view["next_is_open"]) == ("open", "running", False)
    assert await timers_of(engagement_id) == set()


async def test_a_contract_declared_anew_with_a_later_end_is_a_renewal(city: City) -> None:
    first = {"kind": "contract", "number": "1", "signed_on": "2024-09-01", "term": "fixed", "ends_on": "2025-08-31"}
    engagement_id = await begun(city, agreement=first, started_on="2024-09-01")
    second = {
        "kind": "contract",
        "number": "2",
        "signed_on": "2025-08-20",
        "term": "fixed",
        "ends_on": str(in_days(300)),
    }
    later = "2026-09-02T08:00:00+08:00"
    again = {"relation": "employment", "started_on": "2024-09-01", "time": later}
    await city.push(city.start(agreement=second, **again))
    view = await terms(city, engagement_id)
    assert [(one["number"], one["starts_on"]) for one in view["terms"]] == [("1", "2024-09-01"), ("2", "2025-09-01")]
    assert (view["state"], view["next_is_open"]) == ("running", True)
    papers = (await city.get(f"/v1/engagements/{engagement_id}/agreements")).json()
    assert (papers["state"], papers["consequences"]) == ("signed", None)
    corrected = {**second, "number": "2a", "signed_on": "2025-08-19"}
    await city.push(city.start(agreement=corrected, **{**again, "time": "2026-09-03T08:00:00+08:00"}))
    assert [one["number"] for one in (await terms(city, engagement_id))["terms"]] == ["1", "2a"]


async def test_an_end_with_the_term_owes_compensation(city: City) -> None:
    engagement_id = await begun(city, started_on="2025-09-01")
    await sign(city, engagement_id, "1", "2025-09-01", "2026-09-12")
    assert (await terms(city, engagement_id))["compensation"] is None
    await city.push(ended(platform=city.one, ended_on="2026-09-12"))
    view = await terms(city, engagement_id)
    assert (view["state"], view["compensation"], view["worked_on_from"]) == ("over", {"months": "1.5"}, None)
    assert await timers_of(engagement_id) == set()
    worker = city.registry.headers("worker", worker_id=await city.worker())
    own = await city.registry.http.get(f"/v1/engagements/{engagement_id}/contract-terms", headers=worker)
    assert own.json() == view


async def test_terms_that_cannot_be_are_refused(city: City) -> None:
    engagement_id = await begun(city)
    wrong: list[dict[str, Any]] = [
        {"ends_on": None},
        {"starts_on": None},
        {"term": "open"},
        {"term": None},
        {"ends_on": "2026-08-31"},
        {"ends_on": "9999-12-31"},
    ]
    for fields in wrong:
        answer = await sign(city, engagement_id, "1", "2026-09-01", "2027-08-31", **fields)
        assert answer.status_code == 422, fields
    stranger = city.registry.headers("platform", uscc=city.other)
    answer = await city.registry.http.get(f"/v1/engagements/{engagement_id}/contract-terms", headers=stranger)
    assert answer.status_code == 404


async def told_of(city: City, registry: Harness) -> list[AgreementTermsExamined]:
    return [one for one in await registry.told(AgreementTermsExamined) if one.platform == city.one]


async def test_what_a_contract_may_not_agree_is_recorded_and_told(city: City, registry: Harness) -> None:
    engagement_id = await begun(city)
    lawful = await sign(city, engagement_id, "1", "2026-09-01", "2027-08-31", probation_until="2026-10-31")
    assert lawful.status_code == 201, lawful.text
    assert (await terms(city, engagement_id))["faults"] == []
    assert await told_of(city, registry) == []
    pay = {"pay": "4000.00", "probation_pay": "3000.00"}
    answer = await sign(city, engagement_id, "2", "2026-10-01", "2026-12-20", probation_until="2026-10-31", **pay)
    assert answer.status_code == 201, answer.text
    view = await terms(city, engagement_id)
    assert [one["fault"] for one in view["faults"]] == ["probation_forbidden", "probation_again", "probation_pay_low"]
    assert (view["faults"][2]["pay"], view["faults"][2]["least_pay"]) == ("3000.00", "3200.00")
    assert {one["key"] for one in view["used"]} >= {"contract.probation_months", "contract.probation_pay_percent"}
    [told] = await told_of(city, registry)
    assert (told.number, told.found, told.employer) == ("2", True, city.one)
    assert [one.fault for one in told.faults] == [one["fault"] for one in view["faults"]]
    await sign(city, engagement_id, "3", "2026-11-01", None)
    assert len(await told_of(city, registry)) == 1  # nothing new of what was told


async def test_probation_with_the_same_employer_elsewhere_counts(city: City, registry: Harness) -> None:
    """Whichever of both papers is put on file first."""
    later = await begun(city, started_on="2026-09-01", worker_ref="second")
    await sign(city, later, "2", "2026-09-01", "2029-08-31", probation_until="2026-10-31")
    assert (await terms(city, later))["faults"] == []
    begins = {"relation": "employment", "agreement": None, "started_on": "2024-09-01", "worker_ref": "first"}
    await city.push(city.start(**begins, time="2024-09-01T08:00:00+08:00"))
    first = next(one["engagement_id"] for one in await city.listed() if one["worker_ref"] == "first")
    await sign(city, first, "1", "2024-09-01", "2025-08-31", probation_until="2024-09-30")
    [fault] = (await terms(city, later))["faults"]
    assert fault["fault"] == "probation_again"
    assert (await terms(city, first))["faults"] == []
    assert [(one.number, one.found) for one in await told_of(city, registry)] == [("2", True)]


async def test_a_fault_of_one_dispatched_is_taken_back(city: City, registry: Harness) -> None:
    paper = {"kind": "contract", "number": "D1", "signed_on": "2026-09-01", "term": "fixed", "ends_on": "2027-08-31"}
    engagement_id = await begun(city, agreement=paper, dispatched=True)
    [fault] = (await terms(city, engagement_id))["faults"]
    assert (fault["fault"], fault["allowed_until"]) == ("dispatch_term_short", "2028-08-31")
    again = {"relation": "employment", "agreement": paper, "time": "2026-09-05T08:00:00+08:00"}
    await city.push(city.start(**again, dispatched=False))
    assert (await terms(city, engagement_id))["faults"] == []
    assert [(one.number, one.found) for one in await told_of(city, registry)] == [("D1", True), ("D1", False)]


async def test_probation_that_cannot_be_is_refused(city: City) -> None:
    engagement_id = await begun(city)
    wrong: list[dict[str, Any]] = [
        {"probation_until": "2026-08-31"},
        {"probation_until": "2027-09-01"},
        {"probation_pay": "2000.00"},
        {"probation_until": "2026-09-30", "pay": "0"},
        {"post_until": "2026-12-31"},
        {"kind": "written_agreement", "probation_until": "2026-09-30"},
    ]
    for fields in wrong:
        answer = await sign(city, engagement_id, "1", "2026-09-01", "2027-08-31", **fields)
        assert answer.status_code == 422, fields


async def test_a_union_reads_terms_where_its_member_shares_papers(city: City) -> None:
    engagement_id = await begun(city)
    worker_id, path = await city.worker(), f"/v1/engagements/{engagement_id}/contract-terms"
    await city.join(f"footing-{city.one}", worker_id, "footing")
    await city.join(f"papers-{city.one}", worker_id, "papers")
    for name, status in (("footing", 404), ("papers", 200)):
        headers = city.registry.headers("union", sub=f"{name}-{city.one}")
        assert (await city.registry.http.get(path, headers=headers)).status_code == status
