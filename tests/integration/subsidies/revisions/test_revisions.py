"""Decisions taken again when a parameter or a fact comes later, and two persons who turn out to be one."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from services.subsidies.applications.documents import Application
from services.subsidies.applications.kinds import KINDS, RULES
from services.subsidies.budgets.documents import Reservation
from services.subsidies.decisions import record_rules
from services.subsidies.decisions.documents import Decision, PaidFact
from services.subsidies.payments.documents import Payment
from services.subsidies.revisions import commands
from services.subsidies.revisions.documents import Revision
from services.subsidies.training import first_rules
from shared import clock
from shared.contracts.registry import WorkerMerged
from shared.contracts.subsidies import RevisionDecided, RevisionOpened
from shared.policy.calendar import add_days, shanghai_date
from tests.harness import Harness, bearer
from tests.integration.subsidies.facts import tell, worker
from tests.integration.subsidies.filing import (
    COURSE,
    ELSEWHERE,
    FIRST,
    OCCUPATION,
    SECOND,
    apply_as,
    approved,
    do,
    end_notice,
    funded,
    officer,
    read,
    signed,
    trained,
)
from tests.integration.subsidies.law import put_in_force, with_amounts, with_value

PATH = "/v1/subsidy-applications"
REVISIONS = "/v1/subsidy-revisions"


async def revisions_of(key: str) -> list[Revision]:
    return await Revision.find({"application_id": key}).to_list()


async def step(
    subsidies: Harness, revision_id: str, what: str, who: dict[str, str], json: Any = None, *, expect: int = 200
) -> dict[str, Any]:
    path = f"{REVISIONS}/{revision_id}"
    seen = (await subsidies.http.get(path, headers=who)).headers.get("etag", '"1"')
    answer = await subsidies.http.post(f"{path}/{what}", json=json, headers={**who, "If-Match": seen})
    assert answer.status_code == expect, answer.text
    return dict(answer.json())


async def paid_for(subsidies: Harness, worker_id: str, amount: str = "800.00") -> str:
    await trained(subsidies, worker_id)
    key = str((await apply_as(subsidies, worker_id))["application_id"])
    await approved(subsidies, key, amount)
    return key


async def test_a_sum_published_later_opens_a_supplement(subsidies: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    key = await paid_for(subsidies, "w-rate")
    put_in_force(with_amounts({COURSE: "1200.00"}, shanghai_date(clock.now())), monkeypatch)
    await commands.follow_law()
    await subsidies.settled()
    (revision,) = await revisions_of(key)
    assert (revision.cause, revision.difference, revision.state) == ("parameters", Decimal("400.00"), "open")
    await commands.follow_law()
    await subsidies.settled()
    assert len(await revisions_of(key)) == 1
    assert [one.difference for one in await subsidies.told(RevisionOpened) if one.application_id == key] == ["400.00"]
    seen = await subsidies.http.get(f"{REVISIONS}/{revision.id}", headers=officer("away", ELSEWHERE))
    assert seen.status_code == 404
    listed = (await subsidies.http.get(REVISIONS, params={"state": "open"}, headers=officer(FIRST))).json()
    assert revision.id in [one["revision_id"] for one in listed["items"]]
    answer = {"answer": "supplement", "reason": "省标准追溯公布"}
    await step(subsidies, revision.id, "proposal", officer(FIRST), answer)
    await step(subsidies, revision.id, "return", officer(SECOND))
    await step(subsidies, revision.id, "proposal", officer(FIRST), answer)
    await step(subsidies, revision.id, "confirmation", officer(FIRST), expect=409)
    done = await step(subsidies, revision.id, "confirmation", officer(SECOND))
    assert (done["state"], done["decided"]) == ("supplemented", "400.00")
    application = await read(subsidies, key)
    assert (application["amount"], application["decisions"]) == ("1200.00", 2)
    part = await Payment.get(f"{key}:002")
    assert part is not None
    assert part.amount == Decimal("400.00")
    assert [one.outcome for one in await subsidies.told(RevisionDecided) if one.application_id == key] == [
        "supplemented"
    ]
    await commands.follow_law()
    await subsidies.settled()
    assert [one.state for one in await revisions_of(key)] == ["supplemented"]


async def test_another_age_of_retirement_is_decided_by_again(
    subsidies: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By ages that are published later a person of fifty-three was no longer of working age when they were recognised."""
    await tell(subsidies, worker("w-age", "1973-05-05"))
    await subsidies.settled()
    filed = await apply_as(subsidies, "w-age", kind="recognition", stated={"category": "disabled"}, account=None)
    key = filed["application_id"]
    await do(subsidies, key, "acceptance", officer(FIRST))
    await do(subsidies, key, "review", officer(FIRST), {"approve": True, "judged": ["evidence"]})
    done = await do(subsidies, key, "confirmation", officer(SECOND), {"to_head": False})
    assert done["state"] == "approved"
    await subsidies.settled()
    ages = dict.fromkeys(("male", "female_cadre", "female_worker"), ("600", "4", "0"))
    put_in_force(with_value("retirement.delay", ages, shanghai_date(clock.now())), monkeypatch)
    await commands.follow_law()
    await subsidies.settled()
    (revision,) = await revisions_of(key)
    assert (revision.cause, revision.state, revision.against) == ("parameters", "open", ["working_age"])


async def test_a_fact_that_comes_later_opens_a_recovery(subsidies: Harness) -> None:
    """The registry tells another date of birth: the person was too young."""
    key = await paid_for(subsidies, "w-young")
    await tell(subsidies, worker("w-young", "2012-01-01"))
    await subsidies.settled()
    (revision,) = await revisions_of(key)
    assert (revision.cause, revision.difference, revision.against) == ("facts", Decimal("-800.00"), ["old_enough"])
    await step(subsidies, revision.id, "proposal", officer(FIRST), {"answer": "supplement", "reason": "x"}, expect=422)
    await step(subsidies, revision.id, "proposal", officer(FIRST), {"answer": "recover", "reason": "未满规定年龄"})
    await step(subsidies, revision.id, "confirmation", officer(SECOND))
    await subsidies.settled()
    assert (await read(subsidies, key))["state"] == "recovered"
    reservation = await Reservation.get(key)
    assert reservation is not None
    assert reservation.released
    assert await PaidFact.find({"holder": key}).count() == 0


async def test_a_recovery_is_contested_and_paid_again_by_others(subsidies: Harness) -> None:
    """What is claimed back is a decision of its own, with its own time to contest it (行政复议法 art. 20)."""
    key = await paid_for(subsidies, "w-back")
    path = f"{PATH}/{key}"
    await tell(subsidies, worker("w-back", "2012-01-01"))
    await subsidies.settled()
    (revision,) = await revisions_of(key)
    today = shanghai_date(clock.now())
    letter = {"way": "direct", "on": f"{today}", "evidence": "回证"}
    first = (await do(subsidies, key, "services", officer(FIRST), letter))["review_by"]
    assert first == f"{add_days(today, 60).due}"
    with time_machine.travel(clock.now() + dt.timedelta(days=90), tick=True):
        await step(subsidies, revision.id, "proposal", officer(FIRST), {"answer": "recover", "reason": "未满规定年龄"})
        await step(subsidies, revision.id, "confirmation", officer(SECOND))
        await subsidies.settled()
        shown = await read(subsidies, key)
        assert (shown["state"], shown["review_by"]) == ("recovered", None)
        mine = bearer("worker", worker_id="w-back")
        headers = {**mine, "If-Match": (await subsidies.http.get(path, headers=mine)).headers["etag"]}
        made = await subsidies.http.post(
            f"{path}/appeals", json={"forum": "review", "text": "日期有误"}, headers=headers
        )
        assert made.status_code == 201, made.text
        appeal = made.json()["appeal_id"]
        body = {"upheld": False, "document": "德府复〔2026〕2号", "answer": "撤销"}
        headers = {**officer("third"), "If-Match": '"1"'}
        done = await subsidies.http.post(f"{path}/appeals/{appeal}/outcome", json=body, headers=headers)
        assert done.status_code == 200, done.text
        again = {"answer": "supplement", "amount": "800.00", "reason": "复议撤销追回决定"}
        await step(subsidies, appeal, "proposal", officer(FIRST), again, expect=403)
        await step(subsidies, appeal, "proposal", officer("third"), again)
        await step(subsidies, appeal, "confirmation", officer("fourth"))
        assert (await read(subsidies, key))["amount"] == "800.00"


async def test_a_case_falls_when_the_facts_are_as_before(subsidies: Harness) -> None:
    key = await paid_for(subsidies, "w-twice")
    for born_on, states in (("2012-01-01", ["open"]), ("1990-01-01", ["lifted"]), ("2012-01-01", ["open"])):
        await tell(subsidies, worker("w-twice", born_on))
        await subsidies.settled()
        assert [one.state for one in await revisions_of(key)] == states


async def test_one_training_of_two_records_of_a_person_is_a_case(subsidies: Harness) -> None:
    """Both records applied and were approved; then the registry finds that they are one person."""
    first, second = await paid_for(subsidies, "w-one"), await paid_for(subsidies, "w-other")
    await tell(subsidies, WorkerMerged(worker_id="w-one", merged_worker_id="w-other"))
    await subsidies.settled()
    assert await revisions_of(first) == []
    (revision,) = await revisions_of(second)
    assert (revision.difference, revision.against) == (Decimal("-800.00"), ["not_paid_before"])
    mine = await subsidies.http.get(PATH, headers=bearer("worker", worker_id="w-one"))
    assert {one["application_id"] for one in mine.json()["items"]} == {first, second}
    keys = {one.id: one.holder for one in await PaidFact.find({"holder": {"$in": [first, second]}}).to_list()}
    assert keys[f"training:w-one:course:{OCCUPATION}"] == first
    assert not [key for key in keys if "w-other" in key]


async def test_a_merger_and_an_approval_at_once_pay_once_or_show_it(subsidies: Harness) -> None:
    await funded()
    for number in range(6):
        kept, merged = f"w-race-kept{number}", f"w-race-merged{number}"
        await trained(subsidies, kept)
        await trained(subsidies, merged)
        keys = [(await apply_as(subsidies, one))["application_id"] for one in (kept, merged)]
        for key in keys:
            await signed(subsidies, key)
            await end_notice(key)

        async def approve(key: str) -> int:
            seen = (await subsidies.http.get(f"{PATH}/{key}", headers=officer(SECOND))).headers["etag"]
            who = {**officer(SECOND), "If-Match": seen}
            return (await subsidies.http.post(f"{PATH}/{key}/approval", headers=who)).status_code

        merger = WorkerMerged(worker_id=kept, merged_worker_id=merged)
        await asyncio.gather(*map(approve, keys), tell(subsidies, merger))
        await subsidies.settled()
        held = await PaidFact.find({"_id": f"training:{kept}:course:{OCCUPATION}"}).to_list()
        assert await PaidFact.find({"_id": {"$regex": f"^training:{merged}:"}}).to_list() == []
        stood = [await Application.get(key) for key in keys]
        paying = [one.id for one in stood if one is not None and one.state == "paying"]
        opened = [one.application_id for key in keys for one in await revisions_of(key)]
        # what was approved is paid for once; where both were approved before they met, the second is a case
        assert len(held) <= 1
        assert len(set(paying) - set(opened)) <= 1, (number, paying, opened)


async def test_every_kept_decision_is_taken_again_byte_for_byte(
    subsidies: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = await paid_for(subsidies, "w-bytes")
    exported = await subsidies.http.get(f"{PATH}/{key}/decisions/1", headers=officer(FIRST))
    assert exported.status_code == 200
    foreign = await subsidies.http.get(f"{PATH}/{key}/decisions/1", headers=officer("away", ELSEWHERE))
    assert foreign.status_code == 404
    record = record_rules.read(exported.content)
    assert (record.amount_set, record.result["amount"], record.result["met"]) == ("800.00", None, True)
    assert set(record.facts["events"]) == {"born_on", "completed_on"}
    # a sum that is published after the decision makes no other decision of it
    put_in_force(with_amounts({COURSE: "1200.00"}, shanghai_date(clock.now()).replace(year=2099)), monkeypatch)
    for decision in await Decision.find({"application_id": key}).to_list():
        assert record_rules.difference(decision.content, RULES) is None
    forged = exported.content.replace(b'"met":true,"once"', b'"met":false,"once"')
    assert str(record_rules.difference(forged, RULES)).startswith("result: ")


async def test_a_later_version_of_the_rule_changes_no_decision(
    subsidies: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was decided by the first version stands, and is taken again by it; what is known later is decided by it too."""
    with monkeypatch.context() as then:
        then.setitem(KINDS, "training", dataclasses.replace(KINDS["training"], rule=first_rules.RULE))
        key = await paid_for(subsidies, "w-version")
    (decision,) = await Decision.find({"application_id": key}).to_list()
    assert record_rules.read(decision.content).version == 1
    assert record_rules.difference(decision.content, RULES) is None
    await tell(subsidies, worker("w-version", "1991-01-01"))
    await subsidies.settled()
    assert await revisions_of(key) == []
    await tell(subsidies, worker("w-version", "2012-01-01"))
    await subsidies.settled()
    (revision,) = await revisions_of(key)
    assert revision.against == ["old_enough"]
    await step(subsidies, revision.id, "proposal", officer(FIRST), {"answer": "recover", "reason": "未满规定年龄"})
    await step(subsidies, revision.id, "confirmation", officer(SECOND))
    decisions = await Decision.find({"application_id": key}).to_list()
    assert [record_rules.read(one.content).version for one in decisions] == [1, 1]
    assert [record_rules.difference(one.content, RULES) for one in decisions] == [None, None]


async def test_a_revoked_certificate_opens_a_recovery(subsidies: Harness) -> None:
    key = await paid_for(subsidies, "w-revoked")
    own = (await subsidies.http.get("/v1/certificates", headers=bearer("worker", worker_id="w-revoked"))).json()[
        "items"
    ]
    path = f"/v1/certificates/{own[0]['certificate_id']}"
    seen = (await subsidies.http.get(path, headers=officer(FIRST))).headers["etag"]
    answer = await subsidies.http.post(
        f"{path}/revocation", json={"reason": "虚假培训"}, headers={**officer(FIRST), "If-Match": seen}
    )
    assert answer.status_code == 200, answer.text
    await subsidies.settled()
    (revision,) = await revisions_of(key)
    assert (revision.cause, revision.difference, revision.state) == ("facts", Decimal("-800.00"), "open")
    assert "certificate_valid" in revision.against


async def test_who_stays_away_settles_no_difference(subsidies: Harness) -> None:
    """An officer with an interest in an application has no hand in what follows of it either."""
    key = await paid_for(subsidies, "w-interest")
    await do(subsidies, key, "recusal", officer("kin"))
    await tell(subsidies, worker("w-interest", "2012-01-01"))
    await subsidies.settled()
    (revision,) = await revisions_of(key)
    answer = {"answer": "drop", "reason": "不追"}
    await step(subsidies, revision.id, "proposal", officer("kin"), answer, expect=403)
    await step(subsidies, revision.id, "proposal", officer(FIRST), answer)
    await step(subsidies, revision.id, "confirmation", officer("kin"), expect=403)
    await step(subsidies, revision.id, "return", officer("kin"), expect=403)
    await step(subsidies, revision.id, "confirmation", officer(SECOND))
