"""From a demand for consultation to a collective contract in force, amended and ended."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio

from services.registry.bargaining.documents import Consultation
from shared.contracts.registry import (
    CollectiveContractEnded,
    CollectiveContractRecorded,
    ConsultationClosed,
    ConsultationOpened,
)
from shared.ids import new_id
from shared.policy.calendar import add_days, shanghai_date
from shared.storage.client import collection_of
from tests.harness import Harness, bearer, eventually
from tests.integration.at_rest import holding
from tests.unit.identity.numbers import make_uscc

_serial = itertools.count(1)


def today() -> dt.date:
    return shanghai_date(dt.datetime.now(dt.UTC))


@dataclass
class Table:
    """A bargaining table of one test's own."""

    registry: Harness
    platform: str = field(default_factory=lambda: make_uscc(f"MA{next(_serial):07}"))

    @property
    def union(self) -> dict[str, str]:
        return bearer("union", name="city")

    @property
    def enterprise(self) -> dict[str, str]:
        return bearer("platform", uscc=self.platform)

    async def send(
        self, who: dict[str, str], method: str, path: str, body: Any, *, seen: str | None = None, status: int = 200
    ) -> dict[str, Any]:
        headers = {**who, "Idempotency-Key": new_id(), **({"If-Match": seen} if seen else {})}
        answer = await self.registry.http.request(method, f"/v1{path}", json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return {**answer.json(), "etag": answer.headers.get("etag")}

    async def read(self, path: str, who: dict[str, str] | None = None) -> dict[str, Any]:
        answer = await self.registry.http.get(f"/v1{path}", headers=who or self.registry.officer)
        assert answer.status_code == 200, answer.text
        return {**answer.json(), "etag": answer.headers.get("etag")}

    async def demand(self, **changes: Any) -> dict[str, Any]:
        body = {
            "level": "enterprise",
            "side": "union",
            "workers_side": "试样外卖行业工会",
            "platforms": [self.platform],
            "district": "510603",
            "subjects": ["pay", "algorithms"],
            "demand": "就计件单价与平台算法开展集体协商",
        }
        return await self.send(self.union, "POST", "/consultations", body | changes, status=201)

    async def talking(self) -> dict[str, Any]:
        asked = await self.demand()
        path = f"/consultations/{asked['consultation_id']}/answers"
        body = {"takes_part": True, "text": "同意协商"}
        return await self.send(self.enterprise, "POST", path, body, seen=asked["etag"])

    def text(self, **changes: Any) -> dict[str, Any]:
        text = {
            "number": new_id(),
            "signed_on": (today() - dt.timedelta(40)).isoformat(),
            "valid_from": (today() - dt.timedelta(60)).isoformat(),
            "valid_to": (today() + dt.timedelta(300)).isoformat(),
            "terms": {"hourly_pay": "26.00", "waiting_percent": "10"},
        }
        return text | changes

    async def signed(self, *, status: int = 201, **changes: Any) -> dict[str, Any]:
        consultation = await self.talking()
        body = self.text(**changes) | {"consultation_id": consultation["consultation_id"]}
        return await self.send(self.union, "POST", "/collective-contracts", body, status=status)

    async def filed(self, days_ago: int, **changes: Any) -> dict[str, Any]:
        contract = await self.signed(**changes)
        body = {"received_on": (today() - dt.timedelta(days_ago)).isoformat()}
        path = f"/collective-contracts/{contract['contract_id']}/filing"
        return await self.send(self.registry.officer, "POST", path, body, seen=contract["etag"])

    async def in_state(self, contract_id: str, state: str) -> dict[str, Any]:
        async def look() -> dict[str, Any] | None:
            found = await self.read(f"/collective-contracts/{contract_id}")
            return found if found["state"] == state else None

        return await eventually(look)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def founded(registry: Harness) -> None:
    """Two unions: one of the whole city, whose scope holds every trade, and one of another district."""
    for name, district in (("city", "510600"), ("guanghan", "510681")):
        scope = {"districts": [district]}
        body = {"name": f"{name}总工会", "district": district, "officers": [f"union:{name}"], "scope": scope}
        assert (await registry.http.post("/v1/unions", json=body, headers=registry.officer)).status_code == 201


@pytest.fixture
def table(registry: Harness, founded: None) -> Table:
    return Table(registry)


async def test_a_demand_names_its_subjects_and_the_day_for_an_answer(table: Table, registry: Harness) -> None:
    asked = await table.demand()
    assert (asked["state"], asked["overdue"]) == ("asked", False)
    assert asked["answer_by"] == add_days(today(), 20).due.isoformat()
    assert {"code": "algorithms", "name": "平台算法"} in asked["subjects"]
    [told] = [fact for fact in await registry.told(ConsultationOpened) if fact.platforms == (table.platform,)]
    assert (told.consultation_id, told.subjects) == (asked["consultation_id"], ("algorithms", "pay"))


async def test_the_level_must_fit_the_parties(table: Table) -> None:
    body = {
        "side": "union",
        "workers_side": "某工会",
        "district": "510603",
        "subjects": ["pay"],
        "demand": "协商",
    }
    for wrong in (
        {"level": "enterprise"},
        {"level": "industry"},
        {"level": "industry", "industry": "freight", "platforms": [table.platform]},
        {"level": "region", "industry": "freight"},
    ):
        answer = await table.send(table.union, "POST", "/consultations", body | wrong, status=422)
        assert answer["type"] == "/problems/level-and-parties"


async def test_only_the_enterprise_that_was_asked_answers_and_a_refusal_may_be_taken_back(table: Table) -> None:
    asked = await table.demand()
    path = f"/consultations/{asked['consultation_id']}/answers"
    no, yes = {"takes_part": False, "text": "暂不协商"}, {"takes_part": True, "text": "同意"}
    other = bearer("platform", uscc=make_uscc("MA0009999"))
    for who in (other, table.union, table.registry.officer, bearer("worker", worker_id="w")):
        await table.send(who, "POST", path, yes, seen=asked["etag"], status=403)
    refused = await table.send(table.enterprise, "POST", path, no, seen=asked["etag"])
    assert refused["state"] == "refused"
    again = await table.send(table.enterprise, "POST", path, yes, seen=refused["etag"])
    assert (again["state"], len(again["answers"])) == ("talking", 1)
    await table.send(table.enterprise, "POST", path, yes, seen=refused["etag"], status=412)


async def test_of_two_enterprises_one_refusal_does_not_end_the_demand(table: Table) -> None:
    second = Table(table.registry)
    asked = await table.demand(platforms=[table.platform, second.platform])
    path, no = f"/consultations/{asked['consultation_id']}/answers", {"takes_part": False, "text": "不"}
    once = await table.send(table.enterprise, "POST", path, no, seen=asked["etag"])
    assert once["state"] == "asked"
    twice = await table.send(second.enterprise, "POST", path, no, seen=once["etag"])
    assert twice["state"] == "refused"


async def test_nobody_answered_in_time(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = await table.demand()
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=40)
    assert (await table.read(f"/consultations?overdue=true&platform={table.platform}"))["items"] == []
    monkeypatch.setattr("shared.clock.now", lambda: later)
    [late] = (await table.read(f"/consultations?overdue=true&platform={table.platform}"))["items"]
    assert (late["consultation_id"], late["overdue"]) == (asked["consultation_id"], True)


async def test_both_sides_note_offers_and_minutes_close_it_for_good(table: Table, registry: Harness) -> None:
    asked = await table.demand()
    notes = f"/consultations/{asked['consultation_id']}/notes"
    await table.send(table.union, "POST", notes, {"text": "提议每单8元"}, status=409)  # nobody has answered yet
    talks = await table.send(
        table.enterprise,
        "POST",
        f"/consultations/{asked['consultation_id']}/answers",
        {"takes_part": True, "text": "同意"},
        seen=asked["etag"],
    )
    assert talks["state"] == "talking"
    await table.send(table.union, "POST", notes, {"text": "提议每单8元"}, status=201)
    noted = await table.send(table.enterprise, "POST", notes, {"text": "可以7.5元"}, status=201)
    assert [note["text"] for note in noted["notes"]] == ["提议每单8元", "可以7.5元"]
    closing = f"/consultations/{asked['consultation_id']}/closing"
    body = {"outcome": "minutes", "summary": "形成会议纪要"}
    await table.send(table.enterprise, "POST", closing, body, seen=noted["etag"], status=403)
    closed = await table.send(table.union, "POST", closing, body, seen=noted["etag"])
    assert (closed["state"], closed["outcome"]) == ("closed", "minutes")
    await table.send(table.union, "POST", closing, body, seen=closed["etag"], status=409)
    [told] = [fact for fact in await registry.told(ConsultationClosed) if fact.platforms == (table.platform,)]
    assert (told.outcome, told.contract_id) == ("minutes", None)


async def test_what_both_sides_wrote_is_kept_encrypted_and_shown_in_clear(table: Table) -> None:
    talks = await table.talking()
    path = f"/consultations/{talks['consultation_id']}"
    noted = await table.send(table.union, "POST", f"{path}/notes", {"text": "提议每单8元"}, status=201)
    body = {"outcome": "minutes", "summary": "形成会议纪要"}
    await table.send(table.union, "POST", f"{path}/closing", body, seen=noted["etag"])
    shown = await table.read(path)
    texts = [shown["demand"], shown["answers"][0]["text"], shown["notes"][0]["text"], shown["summary"]]
    assert texts == ["就计件单价与平台算法开展集体协商", "同意协商", "提议每单8元", "形成会议纪要"]
    [listed] = (await table.read(f"/consultations?platform={table.platform}"))["items"]
    assert [listed["demand"], listed["summary"]] == [texts[0], texts[3]]
    row = await collection_of(Consultation).find_one({"_id": talks["consultation_id"]})
    assert row is not None
    assert not [text for text in texts if text in str(row)]


async def test_a_contract_comes_into_force_when_nobody_objects_and_says_so_with_its_terms(
    table: Table, registry: Harness
) -> None:
    contract = await table.filed(20)
    assert contract["received_on"] == (today() - dt.timedelta(20)).isoformat()
    found = await table.in_state(contract["contract_id"], "in_force")
    effect = add_days(today() - dt.timedelta(20), 15).due + dt.timedelta(1)
    assert (found["in_force_from"], found["filed_late"]) == (effect.isoformat(), True)  # signed 40 days ago
    [told] = [fact for fact in await registry.told(CollectiveContractRecorded) if fact.number == contract["number"]]
    assert (told.platforms, told.valid_from) == ((table.platform,), effect)
    [terms] = told.terms
    assert (terms.since, terms.hourly_pay, terms.waiting_percent) == (effect, "26.00", "10")
    consultation = await table.read(f"/consultations/{found['consultation_id']}")
    assert (consultation["outcome"], consultation["contract_id"]) == ("contract", contract["contract_id"])


async def test_a_contract_is_not_in_force_before_the_time_for_objections_is_over(table: Table) -> None:
    contract = await table.filed(3)
    path = f"/collective-contracts/{contract['contract_id']}"
    assert (await table.read(path))["state"] == "filed"
    worker = bearer("worker", worker_id="w")
    assert (await table.registry.http.get(f"/v1{path}", headers=worker)).status_code == 404
    elsewhere = bearer("officer", department="hrss", district="510681")
    reason = {"reason": "主体资格不符"}
    await table.send(elsewhere, "POST", f"{path}/objection", reason, seen=contract["etag"], status=403)
    transport = bearer("officer", department="transport", district="510600")
    await table.send(transport, "POST", f"{path}/objection", reason, seen=contract["etag"], status=403)
    objected = await table.send(
        table.registry.officer, "POST", f"{path}/objection", reason, seen=contract["etag"]
    )  # fmt: skip
    assert (objected["state"], objected["objections"][0]["reason"]) == ("objected", "主体资格不符")
    assert await holding("主体资格不符") == []
    revised = await table.send(table.union, "PUT", path, table.text(number=contract["number"]), seen=objected["etag"])
    assert revised["state"] == "draft"
    again = await table.send(table.enterprise, "POST", f"{path}/filing", {}, seen=revised["etag"])
    assert (again["state"], again["received_on"]) == ("filed", today().isoformat())


async def test_pay_below_the_minimum_wage_is_refused(table: Table) -> None:
    refused = await table.signed(terms={"hourly_pay": "20.99"}, status=422)
    assert refused["type"] == "/problems/pay-below-minimum"
    assert "第五十五条" in refused["title"]


async def test_only_a_union_signs_and_a_number_is_given_once(table: Table) -> None:
    talks = await table.talking()
    body = table.text() | {"consultation_id": talks["consultation_id"]}
    await table.send(table.enterprise, "POST", "/collective-contracts", body, status=403)
    contract = await table.send(table.union, "POST", "/collective-contracts", body, status=201)
    await table.signed(number=body["number"], status=409)
    # a number that was written wrongly is free for the contract that has it
    text = table.text(number=f"{body['number']}-1")
    await table.send(
        table.union, "PUT", f"/collective-contracts/{contract['contract_id']}", text, seen=contract["etag"]
    )
    await table.signed(number=body["number"], status=201)


async def test_an_amendment_holds_from_the_end_of_its_review_and_earlier_terms_stay(
    table: Table, registry: Harness
) -> None:
    contract = await table.filed(60, signed_on=(today() - dt.timedelta(70)).isoformat())
    found = await table.in_state(contract["contract_id"], "in_force")
    path = f"/collective-contracts/{contract['contract_id']}"
    since = add_days(today() - dt.timedelta(30), 15).due + dt.timedelta(1)
    body = {
        "since": (today() - dt.timedelta(25)).isoformat(),
        "signed_on": (today() - dt.timedelta(33)).isoformat(),
        "received_on": (today() - dt.timedelta(30)).isoformat(),
        "hourly_pay": "28.00",
    }
    await table.send(table.enterprise, "POST", f"{path}/amendments", body, seen=found["etag"], status=403)
    amended = await table.send(registry.officer, "POST", f"{path}/amendments", body, seen=found["etag"])
    assert amended["state"] == "in_force"

    async def two_terms() -> list[CollectiveContractRecorded]:
        told = [fact for fact in await registry.told(CollectiveContractRecorded) if fact.number == contract["number"]]
        return told if len(told) == 2 else []

    told = await eventually(two_terms)
    assert [(one.since, one.hourly_pay) for one in told[-1].terms] == [
        (dt.date.fromisoformat(found["in_force_from"]), "26.00"),
        (since, "28.00"),
    ]
    seen = (await table.read(path))["etag"]
    early = body | {"since": since.isoformat()}
    answer = await table.send(registry.officer, "POST", f"{path}/amendments", early, seen=seen, status=422)
    assert answer["type"] == "/problems/terms-not-later"
    low = body | {"since": today().isoformat(), "hourly_pay": "20.00"}
    answer = await table.send(registry.officer, "POST", f"{path}/amendments", low, seen=seen, status=422)
    assert answer["type"] == "/problems/pay-below-minimum"


async def test_a_contract_ends_after_its_last_day_and_is_still_open_to_read(table: Table, registry: Harness) -> None:
    contract = await table.filed(30, valid_to=(today() - dt.timedelta(1)).isoformat())
    ended = await table.in_state(contract["contract_id"], "ended")
    told = [fact for fact in await registry.told(CollectiveContractEnded) if fact.number == contract["number"]]
    assert [fact.valid_to for fact in told] == [today() - dt.timedelta(1)]
    worker = bearer("worker", worker_id="w")
    path = f"/collective-contracts/{contract['contract_id']}"
    assert (await table.read(path, worker))["terms"][0]["hourly_pay"] == "26.00"
    body = {"ends_on": today().isoformat(), "reason": "双方协商"}
    await table.send(registry.officer, "POST", f"{path}/ending", body, seen=ended["etag"], status=409)


async def test_both_sides_may_end_it_early(table: Table, registry: Harness) -> None:
    contract = await table.filed(30)
    found = await table.in_state(contract["contract_id"], "in_force")
    body = {"ends_on": (today() + dt.timedelta(5)).isoformat(), "reason": "双方协商一致"}
    path = f"/collective-contracts/{contract['contract_id']}/ending"
    shorter = await table.send(registry.officer, "POST", path, body, seen=found["etag"])
    assert (shorter["state"], shorter["valid_to"]) == ("in_force", body["ends_on"])
    assert shorter["end_reason"] == body["reason"]
    assert await holding(body["reason"]) == []
    told = [fact for fact in await registry.told(CollectiveContractRecorded) if fact.number == contract["number"]]
    assert told[-1].valid_to.isoformat() == body["ends_on"]


async def test_who_sees_consultations(table: Table) -> None:
    await table.demand()
    path = f"/consultations?platform={table.platform}"
    other = bearer("platform", uscc=make_uscc("MA0009998"))
    elsewhere = bearer("officer", department="hrss", district="510681")
    stranger, not_there = bearer("union", name="of nobody"), bearer("union", name="guanghan")
    for who, count in (
        (table.enterprise, 1),
        (table.union, 1),
        (other, 0),
        (elsewhere, 0),
        (stranger, 0),
        (not_there, 0),
    ):
        assert len((await table.read(path, who))["items"]) == count
    worker = bearer("worker", worker_id="w")
    assert (await table.registry.http.get(f"/v1{path}", headers=worker)).status_code == 403


async def test_each_side_puts_down_only_so_many_notes_and_leaves_room_for_the_other(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.registry.bargaining.rules.MOST_NOTES", 2)
    talks = await table.talking()
    path, body = f"/consultations/{talks['consultation_id']}/notes", {"text": "提议每单8元"}
    for status in (201, 201, 409):
        await table.send(table.union, "POST", path, body, status=status)
    noted = await table.send(table.enterprise, "POST", path, body, status=201)
    assert len(noted["notes"]) == 3


async def test_a_union_acts_within_its_scope_alone(table: Table) -> None:
    asked = await table.talking()
    path = f"/consultations/{asked['consultation_id']}"
    demand = {
        "level": "enterprise",
        "side": "union",
        "workers_side": "工会",
        "platforms": [table.platform],
        "district": "510603",
        "subjects": ["pay"],
        "demand": "协商",
    }
    contract = table.text() | {"consultation_id": asked["consultation_id"]}
    for name in ("guanghan", "of nobody"):
        union = bearer("union", name=name)
        assert (await table.registry.http.get(f"/v1{path}", headers=union)).status_code == 404
        await table.send(union, "POST", "/consultations", demand, status=403)
        await table.send(union, "POST", f"{path}/notes", {"text": "提议"}, status=403)
        closing = {"outcome": "failed", "summary": "破裂"}
        await table.send(union, "POST", f"{path}/closing", closing, seen=asked["etag"], status=403)
        await table.send(union, "POST", "/collective-contracts", contract, status=403)
    signed = await table.send(table.union, "POST", "/collective-contracts", contract, status=201)
    own, text = f"/collective-contracts/{signed['contract_id']}", table.text()
    await table.send(bearer("union", name="guanghan"), "PUT", own, text, seen=signed["etag"], status=403)


async def test_whoever_has_a_token_reads_what_is_to_be_consulted_on(table: Table) -> None:
    shown = (await table.demand())["subjects"]
    for caller in (table.union, table.enterprise, bearer("worker", worker_id="w"), table.registry.officer):
        answer = await table.registry.http.get("/v1/consultation-subjects", headers=caller)
        assert answer.status_code == 200
        assert all(subject in answer.json() for subject in shown)


async def test_contracts_are_listed_and_only_those_in_force_for_everybody(table: Table) -> None:
    draft = await table.signed()
    filed = await table.filed(60, signed_on=(today() - dt.timedelta(70)).isoformat())
    await table.in_state(filed["contract_id"], "in_force")

    async def listed(who: dict[str, str], **asked: str) -> list[str]:
        found: list[str] = []
        params = {"platform": table.platform, "limit": "1"} | asked
        while True:
            answer = await table.registry.http.get("/v1/collective-contracts", params=params, headers=who)
            page = answer.json()
            assert len(page["items"]) <= 1
            found += [one["contract_id"] for one in page["items"]]
            if page["next"] is None:
                return found
            params["cursor"] = page["next"]

    both, public = [draft["contract_id"], filed["contract_id"]], [filed["contract_id"]]
    for who in (table.union, table.enterprise, table.registry.officer):
        assert await listed(who) == both
    for who in (bearer("worker", worker_id="w"), bearer("platform", uscc=make_uscc("MA9999999"))):
        assert await listed(who) == public
    assert await listed(table.union, state="draft") == both[:1]
    assert await listed(table.union, district="510681") == []
