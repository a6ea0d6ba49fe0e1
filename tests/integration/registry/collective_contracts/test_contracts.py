"""Collective contracts come into force, are amended and end."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import pytest_asyncio

from services.registry.collective_contracts import review, voting
from services.registry.unions.documents import Union
from shared import clock
from shared.contracts.registry import (
    CollectiveContractEnded,
    CollectiveContractFiled,
    CollectiveContractFilingNear,
    CollectiveContractFilingOverdue,
    CollectiveContractObjected,
    CollectiveContractRecorded,
    CollectiveContractVoted,
)
from shared.policy.calendar import add_days, end_of_day, share_passed, start_of_day
from shared.storage.transaction import transact
from tests.harness import Harness, bearer, eventually
from tests.integration.at_rest import holding
from tests.integration.registry.table import Table, found_unions, today
from tests.integration.years import before_2027, publish_2027
from tests.unit.identity.numbers import make_uscc


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def founded(registry: Harness) -> None:
    await found_unions(registry)


@pytest.fixture
def table(registry: Harness, founded: None) -> Table:
    return Table(registry)


async def test_a_contract_without_objection_comes_into_force(table: Table, registry: Harness) -> None:
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


async def test_a_contract_waits_for_the_end_of_objections(table: Table, registry: Harness) -> None:
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
    [filed] = [fact for fact in await registry.told(CollectiveContractFiled) if fact.number == contract["number"]]
    [told] = [fact for fact in await registry.told(CollectiveContractObjected) if fact.number == contract["number"]]
    assert filed.object_by.isoformat() == contract["object_by"]
    assert (told.to, told.unions) == ("contract", (Union.id_of("city总工会"),))
    revised = await table.send(table.union, "PUT", path, table.text(number=contract["number"]), seen=objected["etag"])
    assert revised["state"] == "passed"  # it agrees what has passed
    again = await table.send(table.enterprise, "POST", f"{path}/filing", {}, seen=revised["etag"])
    assert (again["state"], again["received_on"]) == ("filed", today().isoformat())


async def test_an_objection_after_its_term_is_refused(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the timer has not said yet that the contract is in force: it is so by law."""
    contract = await table.filed(1)
    over = end_of_day(dt.date.fromisoformat(contract["object_by"]))
    path, reason = f"/collective-contracts/{contract['contract_id']}/objection", {"reason": "主体资格不符"}

    async def nothing(contract_id: str, tx: object) -> None:
        """The timer of a process that is down."""

    with monkeypatch.context() as patch:
        patch.setattr(review, "take_effect", nothing)
        patch.setattr(clock, "now", lambda: over)
        late = await table.send(table.registry.officer, "POST", path, reason, seen=contract["etag"], status=409)
        assert late["type"] == "/problems/objection-too-late"


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


async def test_an_amendment_holds_from_the_end_of_its_review(table: Table, registry: Harness) -> None:
    contract = await table.filed(60, signed_on=(today() - dt.timedelta(70)).isoformat())
    found = await table.in_state(contract["contract_id"], "in_force")
    path = f"/collective-contracts/{contract['contract_id']}"
    since = add_days(today() - dt.timedelta(30), 15).due + dt.timedelta(1)
    body: dict[str, Any] = {
        "since": (today() - dt.timedelta(25)).isoformat(),
        "signed_on": (today() - dt.timedelta(33)).isoformat(),
        "received_on": (today() - dt.timedelta(30)).isoformat(),
        "hourly_pay": "28.00",
    }
    missing = await table.send(registry.officer, "POST", f"{path}/amendments", body, seen=found["etag"], status=422)
    assert missing["type"] == "/problems/vote-missing"
    lost = body | {"vote": table.vote(in_favour=14)}
    answer = await table.send(registry.officer, "POST", f"{path}/amendments", lost, seen=found["etag"], status=422)
    assert answer["type"] == "/problems/not-passed"
    body |= {"vote": table.vote(held_on=(today() - dt.timedelta(34)).isoformat())}
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


async def test_a_contract_ends_after_its_last_day_and_stays_readable(table: Table, registry: Harness) -> None:
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


async def test_everybody_lists_the_contracts_in_force_alone(table: Table) -> None:
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


async def test_a_draft_is_filed_only_after_it_has_passed(table: Table, registry: Harness) -> None:
    """德人社发〔2022〕95 号 art. 10; 劳动合同法 art. 51."""
    contract = await table.signed()
    path = f"/collective-contracts/{contract['contract_id']}"
    refused = await table.send(table.enterprise, "POST", f"{path}/filing", {}, seen=contract["etag"], status=409)
    assert refused["type"] == "/problems/contract-state"
    for who in (table.enterprise, registry.officer, bearer("union", name="guanghan")):
        await table.send(who, "POST", f"{path}/votes", table.vote(), seen=contract["etag"], status=403)
    lost = await table.send(
        table.union,
        "POST",
        f"{path}/votes",
        table.vote(present=19, in_favour=19, against=0),
        seen=contract["etag"],
        status=201,
    )
    assert (lost["state"], lost["votes"][0]["passed"]) == ("draft", False)
    late = table.vote(held_on=today().isoformat())  # it was signed forty days ago
    answer = await table.send(table.union, "POST", f"{path}/votes", late, seen=lost["etag"], status=422)
    assert answer["type"] == "/problems/signed-before-vote"
    won = await table.send(table.union, "POST", f"{path}/votes", table.vote(), seen=lost["etag"], status=201)
    assert (won["state"], won["votes"][1]["minutes_sha256"]) == ("passed", "ab" * 32)
    assert {"bargaining.quorum", "bargaining.majority"} <= {row["key"] for row in won["rests_on"]}
    told = [fact for fact in await registry.told(CollectiveContractVoted) if fact.number == contract["number"]]
    assert [(fact.passed, fact.file_by and fact.file_by.isoformat()) for fact in told] == [
        (False, None),
        (True, contract["file_by"]),
    ]
    again = await table.send(table.union, "POST", f"{path}/votes", table.vote(), seen=won["etag"], status=409)
    assert again["type"] == "/problems/contract-state"
    other = table.text(number=contract["number"], terms={"hourly_pay": "27.00"})
    revised = await table.send(table.union, "PUT", path, other, seen=won["etag"])
    assert revised["state"] == "draft"  # it agrees something that nobody has voted on


async def test_who_does_not_hand_a_contract_in_is_told_so(table: Table, registry: Harness) -> None:
    contract = await table.signed(vote=table.vote())  # signed forty days ago: the ten days are over

    async def overdue() -> list[CollectiveContractFilingOverdue]:
        told = await registry.told(CollectiveContractFilingOverdue)
        return [fact for fact in told if fact.number == contract["number"]]

    [told] = await eventually(overdue)
    assert (told.platforms, told.file_by.isoformat()) == ((table.platform,), contract["file_by"])
    soon = await table.signed(vote=table.vote(), signed_on=today().isoformat())
    path = f"/collective-contracts/{soon['contract_id']}"
    filed = await table.send(table.enterprise, "POST", f"{path}/filing", {}, seen=soon["etag"])
    assert filed["filed_late"] is False
    await transact(lambda tx: voting.filing_overdue(soon["contract_id"], tx))
    told_of = {fact.number for fact in await registry.told(CollectiveContractFilingOverdue)}
    assert soon["number"] not in told_of


async def test_who_is_to_hand_a_contract_in_hears_before(
    table: Table, registry: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = await table.signed(vote=table.vote(), signed_on=today().isoformat())
    last = dt.date.fromisoformat(contract["file_by"])
    near = start_of_day(share_passed(today(), last, 80))

    async def reminded() -> list[CollectiveContractFilingNear]:
        told = await registry.told(CollectiveContractFilingNear)
        return [fact for fact in told if fact.number == contract["number"]]

    assert await reminded() == []
    with monkeypatch.context() as patch:
        patch.setattr("shared.clock.now", lambda: near)
        [told] = await eventually(reminded)
    assert (told.platforms, told.file_by) == ((table.platform,), last)


async def test_a_published_year_moves_the_day_to_hand_it_in(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten days after 28 December are a Thursday, which moves where it is off."""
    with before_2027():
        contract = await table.signed(vote=table.vote(), signed_on="2026-12-28")
        assert contract["file_by"] == "2027-01-07"
        await publish_2027(monkeypatch, dt.date(2027, 1, 7))
        path = f"/collective-contracts/{contract['contract_id']}"

        async def moved() -> bool:
            return bool((await table.read(path))["file_by"] == "2027-01-08")

        await eventually(moved)


async def test_a_clause_of_an_amendment_ends_with_the_contract(table: Table, registry: Harness) -> None:
    contract = await table.filed(60, signed_on=(today() - dt.timedelta(70)).isoformat())
    found = await table.in_state(contract["contract_id"], "in_force")
    beyond = (dt.date.fromisoformat(found["valid_to"]) + dt.timedelta(1)).isoformat()
    body: dict[str, Any] = {
        "since": today().isoformat(),
        "signed_on": (today() - dt.timedelta(33)).isoformat(),
        "received_on": (today() - dt.timedelta(30)).isoformat(),
        "vote": table.vote(),
    }
    path = f"/collective-contracts/{contract['contract_id']}/amendments"
    for days in ({"until": beyond}, {"since": beyond}):
        clauses = [{"subject": "commission", "percent": "18", **days}]
        refused = await table.send(
            registry.officer, "POST", path, body | {"clauses": clauses}, seen=found["etag"], status=422
        )
        assert refused["type"] == "/problems/clause-days"


async def test_piece_rates_and_algorithms_are_kept_as_terms(table: Table, registry: Harness) -> None:
    since = (today() - dt.timedelta(30)).isoformat()
    clauses = [
        {"subject": "piece_rates", "industry": "instant_delivery", "amount": "4.50", "unit": "order", "since": since},
        {"subject": "commission", "percent": "18"},
        {"subject": "algorithms", "text": "派单规则变更须提前七日公示并听取意见"},
    ]
    bad = await table.signed(terms={"clauses": [{"subject": "piece_rates", "amount": "4.50"}]}, status=422)
    assert bad["type"] == "/problems/clause-incomplete"
    contract = await table.filed(20, terms={"clauses": clauses})
    found = await table.in_state(contract["contract_id"], "in_force")
    [terms] = found["terms"]
    assert [{name: one[name] for name in given} for one, given in zip(terms["clauses"], clauses, strict=True)] == [
        one | ({"percent": "18.00"} if "percent" in one else {}) for one in clauses
    ]
    assert await holding("派单规则变更须提前七日公示并听取意见") == []
    [told] = [fact for fact in await registry.told(CollectiveContractRecorded) if fact.number == contract["number"]]
    rate, share, algorithm = told.terms[0].clauses
    assert (rate.amount, rate.unit, rate.industry, str(rate.since)) == ("4.50", "order", "instant_delivery", since)
    assert (share.percent, algorithm.subject) == ("18", "algorithms")
