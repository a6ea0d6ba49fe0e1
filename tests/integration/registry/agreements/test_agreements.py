"""Papers: demanded, due, signed, late, missing; and the model texts that they are made on."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx2
import pytest

from services.registry.agreements import commands
from services.registry.engagements.documents import Engagement
from shared import clock
from shared.contracts.registry import AgreementDueNear, AgreementMissing, AgreementRecorded
from shared.storage.client import storage
from shared.storage.transaction import transact
from tests.harness import Harness, eventually
from tests.integration.registry.city import City, marks
from tests.unit.registry.pushes import ended


@pytest.fixture
def city(registry: Harness) -> City:
    return City(registry, next(marks))


def in_days(number: int) -> dt.date:
    return clock.now().date() + dt.timedelta(number)


async def begun(city: City, **fields: Any) -> str:
    await city.push(city.start(agreement=None, **fields))
    [item] = await city.listed()
    engagement_id: str = item["engagement_id"]
    return engagement_id


async def shown(city: City, engagement_id: str) -> dict[str, Any]:
    found: dict[str, Any] = (await city.get(f"/v1/engagements/{engagement_id}/agreements")).json()
    return found


async def sign(city: City, engagement_id: str, platform: str | None = None, **fields: Any) -> httpx2.Response:
    body = {"kind": "contract", "number": "LD-1", "signed_on": "2026-09-20", **fields}
    headers = city.registry.headers("platform", uscc=platform or city.one)
    return await city.registry.http.post(f"/v1/engagements/{engagement_id}/agreements", json=body, headers=headers)


async def timers_of(engagement_id: str) -> dict[str, dt.datetime]:
    rows = await storage().collection("timers").find({"key": engagement_id}).to_list(None)
    return {row["kind"]: row["due_at"] for row in rows if row["kind"].startswith("registry.agreement")}


async def test_a_declared_paper_of_the_right_kind_is_recorded(city: City, registry: Harness) -> None:
    await city.push(city.start())
    [item] = await city.listed()
    view = await shown(city, item["engagement_id"])
    assert (view["state"], view["kind"], view["due_on"]) == ("signed", "written_agreement", "2026-10-08")
    assert [(one["number"], one["declared"], one["counts"]) for one in view["papers"]] == [("XY1", True, True)]
    [told] = [one for one in await registry.told(AgreementRecorded) if one.platform == city.one]
    assert (told.number, told.late, told.model) == ("XY1", False, None)
    assert await timers_of(item["engagement_id"]) == {}


async def test_an_unsigned_paper_is_reminded_of_and_then_missing(city: City, registry: Harness) -> None:
    engagement_id = await begun(city, started_on=str(in_days(-2)), relation="employment")
    view = await shown(city, engagement_id)
    assert (view["state"], view["kind"]) == ("due", "contract")
    due_on = dt.date.fromisoformat(view["due_on"])
    timers = await timers_of(engagement_id)
    assert timers["registry.agreement_near"] < timers["registry.agreement_missed"]
    await transact(lambda tx: commands.miss(engagement_id, due_on - dt.timedelta(1), tx))
    assert (await shown(city, engagement_id))["state"] == "due"
    await transact(lambda tx: commands.remind(engagement_id, due_on, tx))
    await transact(lambda tx: commands.remind(engagement_id, due_on, tx))
    assert (await shown(city, engagement_id))["state"] == "near"
    await transact(lambda tx: commands.miss(engagement_id, due_on, tx))
    await transact(lambda tx: commands.miss(engagement_id, due_on, tx))
    view = await shown(city, engagement_id)
    assert view["state"] == "missing"
    assert view["consequences"]["open_ended_from"] is not None
    assert {used["key"] for used in view["consequences"]["used"]} == {
        "contract.double_wage_months[after]",
        "contract.double_wage_months[until]",
        "contract.open_ended_after_months",
    }
    assert [one.due_on for one in await registry.told(AgreementDueNear) if one.platform == city.one] == [due_on]
    assert [one.kind for one in await registry.told(AgreementMissing) if one.platform == city.one] == ["contract"]


async def test_a_deadline_that_was_over_when_known_waits_an_hour(city: City) -> None:
    engagement_id = await begun(city, started_on="2026-01-05")
    timers = await timers_of(engagement_id)
    assert set(timers) == {"registry.agreement_missed"}
    assert dt.timedelta(minutes=50) < timers["registry.agreement_missed"] - clock.now() < dt.timedelta(minutes=61)


async def test_a_late_paper_is_late_and_clears_the_deadline(city: City, registry: Harness) -> None:
    engagement_id = await begun(city, relation="employment", started_on="2026-07-01")
    answer = await sign(city, engagement_id, signed_on="2026-08-15", model="labour_contract", model_version=1)
    assert answer.status_code == 201, answer.text
    view = answer.json()
    assert view["state"] == "signed_late"
    assert view["consequences"]["double_wage_from"] == "2026-08-02"
    assert view["consequences"]["double_wage_until"] == "2026-08-14"
    [told] = [one for one in await registry.told(AgreementRecorded) if one.platform == city.one]
    assert (told.late, told.model, told.model_version) == (True, "labour_contract", 1)
    assert await timers_of(engagement_id) == {}
    assert (await sign(city, engagement_id, signed_on="2026-07-15")).status_code == 409
    better = await sign(city, engagement_id, signed_on="2026-07-15", number="LD-0")
    assert better.json()["state"] == "signed"


async def test_papers_that_are_refused_and_one_that_counts_for_nothing(city: City) -> None:
    engagement_id = await begun(city, relation="employment")
    unknown = await sign(city, engagement_id, model="labour_contract", model_version=99)
    assert (unknown.status_code, unknown.json()["type"]) == (422, "/problems/unknown-model")
    other = await sign(city, engagement_id, model="agreement_courier", model_version=1)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/wrong-model")
    assert (await sign(city, engagement_id, signed_on="2999-01-01")).status_code == 422
    assert (await sign(city, engagement_id, model="labour_contract")).status_code == 422
    assert (await sign(city, engagement_id, platform=city.other)).status_code == 404
    worker = city.registry.headers("worker", worker_id=await city.worker())
    path = f"/v1/engagements/{engagement_id}/agreements"
    body = {"kind": "contract", "number": "x", "signed_on": "2026-09-02"}
    assert (await city.registry.http.post(path, json=body, headers=worker)).status_code == 403
    wrong = await sign(city, engagement_id, kind="written_agreement")
    assert (wrong.status_code, wrong.json()["state"]) == (201, "due")
    assert [one["counts"] for one in wrong.json()["papers"]] == [False]


async def test_an_early_end_or_another_footing_clears_the_deadline(city: City) -> None:
    engagement_id = await begun(city)
    assert (await shown(city, engagement_id))["state"] == "due"
    await city.push(city.start(agreement=None, relation="self_employed", time="2026-09-02T08:00:00+08:00"))
    assert (await shown(city, engagement_id))["state"] == "not_needed"
    assert await timers_of(engagement_id) == {}
    await city.push(city.start(agreement=None, relation="employment", time="2026-09-03T08:00:00+08:00"))
    view = await shown(city, engagement_id)
    assert (view["state"], view["kind"]) == ("due", "contract")
    await city.push(ended(platform=city.one))
    assert (await shown(city, engagement_id))["state"] == "not_needed"
    assert await timers_of(engagement_id) == {}


async def test_an_engagement_ended_after_the_deadline_stays_unsigned(city: City) -> None:
    engagement_id = await begun(city, started_on="2026-06-01")
    await city.push(ended(platform=city.one))
    kept = await Engagement.of(engagement_id)
    assert kept is not None
    assert (kept.state, kept.duty.state) == ("ended", "due")
    assert kept.duty.due_on is not None
    due_on = kept.duty.due_on
    await transact(lambda tx: commands.miss(engagement_id, due_on, tx))
    assert (await shown(city, engagement_id))["state"] == "missing"


async def test_model_texts_are_open_to_all_with_what_changed(registry: Harness) -> None:
    """Nobody needs a token to read them (德人社发〔2022〕95号（三）)."""
    models, http = "/v1/agreement-models", registry.http
    listed = (await http.get(models, params={"industry": "courier"})).json()
    assert [(one["code"], one["version"], one["latest"]) for one in listed] == [
        ("agreement_courier", 1, True),
        ("labour_contract", 1, False),
        ("labour_contract", 2, True),
    ]
    text = (await http.get(f"{models}/agreement_courier/1")).json()
    assert "{{编号}}" in text["text"]
    assert (await http.get(f"{models}/agreement_courier/2")).status_code == 404
    said = (await http.get(f"{models}/labour_contract/2/changes")).json()
    assert said["since"] == 1
    assert [one["section"] for one in said["changes"]] == ["一、合同期限与用工日", "八、变更、解除与终止"]
    assert "无固定期限合同" in said["changes"][0]["after"][0]
    first = (await http.get(f"{models}/labour_contract/1/changes")).json()
    assert (first["since"], first["changes"]) == (1, [])
    assert (await http.get(f"{models}/labour_contract/1/changes", params={"since": 2})).status_code == 422
    assert (await http.get(f"{models}/labour_contract/2/changes", params={"since": 9})).status_code == 404


@pytest.mark.parametrize(
    ("timer", "state"), [("registry.agreement_near", "near"), ("registry.agreement_missed", "missing")]
)
async def test_the_timers_find_the_paper_that_they_are_for(city: City, timer: str, state: str) -> None:
    engagement_id = await begun(city, started_on=str(in_days(-2)))
    due = {"$set": {"due_at": clock.now()}}
    await storage().collection("timers").update_one({"_id": f"{timer}:{engagement_id}"}, due)

    async def stands() -> bool:
        return bool((await shown(city, engagement_id))["state"] == state)

    await eventually(stands)


async def test_an_end_that_is_taken_back_makes_the_paper_due_again(city: City, registry: Harness) -> None:
    engagement_id = await begun(city)
    await city.push(ended(platform=city.one))
    assert (await shown(city, engagement_id))["state"] == "not_needed"
    path = f"/v1/engagements/{engagement_id}"
    headers = {**registry.officer, "If-Match": (await city.get(path)).headers["etag"]}
    answer = await registry.http.post(f"{path}/end-withdrawals", json={"reason": "仍在工作"}, headers=headers)
    assert answer.status_code == 201, answer.text
    assert (await shown(city, engagement_id))["state"] == "due"
    assert "registry.agreement_missed" in await timers_of(engagement_id)


async def test_papers_are_put_on_file_only_up_to_a_number(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.registry.agreements.rules.MOST_PAPERS", 2)
    engagement_id = await begun(city)
    answers = [await sign(city, engagement_id, number=f"LD-{number}") for number in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 409]
    assert answers[-1].json()["type"] == "/problems/too-many-papers"
    assert len((await shown(city, engagement_id))["papers"]) == 2
