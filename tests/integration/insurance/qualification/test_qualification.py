"""Whoever draws a benefit by the month is checked every year."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx2
import msgspec
import pytest
import pytest_asyncio

from services.insurance.qualification import commands
from services.insurance.qualification.documents import Check
from shared import clock
from shared.contracts.insurance import BenefitGranted, QualificationConfirmed, QualificationDueNear, QualificationMissed
from shared.contracts.registry import WorkerMerged
from shared.ids import new_id
from shared.policy import calendar
from shared.storage.audit import AuditEntry
from shared.storage.client import collection_of, storage
from shared.storage.kinds import TimerKind
from tests.harness import Harness, bearer, eventually
from tests.integration.insurance.facts import new_platform
from tests.integration.insurance.paid_in import new_id_number, registered
from tests.integration.insurance.recognised import ACCOUNT, grant, recognised_claim


@pytest_asyncio.fixture(loop_scope="session")
async def worker_id(insurance: Harness) -> str:
    worker_id = new_id()
    await insurance.publish(registered(worker_id, new_id_number()))
    await insurance.settled()
    return worker_id


def today() -> dt.date:
    return calendar.shanghai_date(clock.now())


async def register(insurance: Harness, worker_id: str, since: dt.date) -> dict[str, Any]:
    body = {"worker_id": worker_id, "kind": "pension", "since": since.isoformat()}
    answer = await insurance.http.post("/v1/qualification-checks", json=body, headers=insurance.officer)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def mine(insurance: Harness, worker_id: str) -> dict[str, Any]:
    answer = await insurance.http.get(
        "/v1/workers/me/qualification-check", headers=bearer("worker", worker_id=worker_id)
    )
    return dict(answer.json())


async def state(insurance: Harness, worker_id: str, **statement: Any) -> httpx2.Response:
    headers = insurance.headers("worker", worker_id=worker_id)
    return await insurance.http.post("/v1/workers/me/qualification-check/statements", json=statement, headers=headers)


async def find(insurance: Harness, check_id: str, **finding: Any) -> httpx2.Response:
    path = f"/v1/qualification-checks/{check_id}"
    etag = (await insurance.http.get(path, headers=insurance.officer)).headers["etag"]
    body = {"way": "visit", "found_on": today().isoformat()} | finding
    return await insurance.http.post(f"{path}/findings", json=body, headers={**insurance.officer, "If-Match": etag})


async def told(insurance: Harness, kind: Any, worker_id: str) -> list[Any]:
    return [fact for fact in await insurance.told(kind) if fact.worker_id == worker_id]


async def ring(kind: TimerKind[None], check_id: str) -> None:
    found = (
        await storage()
        .collection("timers")
        .update_one({"_id": f"{kind}:{check_id}"}, {"$set": {"due_at": clock.now()}})
    )
    assert found.modified_count == 1


def granted(worker_id: str, kind: str) -> BenefitGranted:
    return BenefitGranted(
        benefit_id=new_id(),
        claim_id="claim",
        worker_id=worker_id,
        platform="platform",
        kind=kind,
        amount="3000.00",
        payer="fund",
        due_on=None,
    )


async def test_a_check_is_reminded_missed_and_made_up_for(insurance: Harness, worker_id: str) -> None:
    check_id = (await register(insurance, worker_id, today()))["check_id"]
    await ring(commands.REMIND, check_id)
    [near] = await eventually(lambda: told(insurance, QualificationDueNear, worker_id))
    await ring(commands.MISS, check_id)
    [missed] = await eventually(lambda: told(insurance, QualificationMissed, worker_id))
    assert near.due_on == missed.due_on == calendar.months_after(today(), 12)
    assert (await mine(insurance, worker_id))["state"] == "missed"
    assert (await state(insurance, worker_id, still_entitled=True)).json()["state"] == "confirmed"
    [confirmed] = await told(insurance, QualificationConfirmed, worker_id)
    assert (confirmed.due_on, confirmed.next_due_on) == (missed.due_on, calendar.months_after(today(), 12))
    await ring(commands.MISS, check_id)


async def test_one_whose_last_day_has_passed_may_still_be_done(insurance: Harness, worker_id: str) -> None:
    check = await register(insurance, worker_id, today() - dt.timedelta(days=800))
    rows = await storage().collection("timers").find({"key": check["check_id"]}).to_list(None)
    [miss] = rows
    assert miss["kind"] == commands.MISS.name
    assert miss["due_at"] > clock.now() + dt.timedelta(minutes=55)


async def test_only_benefits_that_are_drawn_by_the_month_are_checked(insurance: Harness, worker_id: str) -> None:
    await insurance.publish(granted(worker_id, "funeral"), granted(worker_id, "nursing"))
    await insurance.settled()
    assert (await mine(insurance, worker_id))["kinds"] == ["nursing"]
    await insurance.publish(granted(worker_id, "disability_allowance"))
    await insurance.settled()
    assert (await mine(insurance, worker_id))["kinds"] == ["disability_allowance", "nursing"]


async def kin_check(benefit_id: str) -> Check:
    return await eventually(lambda: Check.find_one({"of_benefit": benefit_id}))


async def test_a_dependants_check_is_not_the_dead_workers(insurance: Harness, worker_id: str) -> None:
    """Next of kin are told of it; a token that outlives the worker confirms nothing."""
    pension = msgspec.structs.replace(granted(worker_id, "dependant_pension"), to_kin=True, kin=("kin-1",))
    await insurance.publish(pension)
    check = await kin_check(pension.benefit_id)
    dead = bearer("worker", worker_id=worker_id)
    assert (await insurance.http.get("/v1/workers/me/qualification-check", headers=dead)).status_code == 404
    assert (await state(insurance, worker_id, still_entitled=True)).status_code == 404
    await ring(commands.MISS, check.id)
    [missed] = await eventually(lambda: told(insurance, QualificationMissed, worker_id))
    assert (missed.to_kin, missed.kin) == (True, ("kin-1",))


async def test_a_dead_workers_own_check_ends_apart_from_the_kins(insurance: Harness, worker_id: str) -> None:
    pension = msgspec.structs.replace(granted(worker_id, "dependant_pension"), to_kin=True, kin=("kin-1",))
    await insurance.publish(granted(worker_id, "nursing"), pension)
    theirs = await kin_check(pension.benefit_id)
    own = await eventually(lambda: Check.of_worker(worker_id))
    assert own.id != theirs.id
    assert [one.kind for one in own.drawn] == ["nursing"]
    ended = await find(insurance, own.id, result="not_entitled", note="已死亡")
    assert ended.json()["state"] == "ended"
    left = await insurance.http.get(f"/v1/qualification-checks/{theirs.id}", headers=insurance.officer)
    assert (left.json()["state"], left.json()["of_benefit"]) == ("confirmed", pension.benefit_id)


async def test_a_dependant_does_their_check_themselves(insurance: Harness, worker_id: str) -> None:
    """By their own record, which bears the number that the pension is paid to; beside a check of their own."""
    number, kin = new_id_number(), new_id()
    claim = await recognised_claim(insurance, new_platform(), fatal=True)
    payee = {"id_number": number, "name": "测试乙"}
    pension = await grant(
        insurance, claim, "dependant_pension", account=ACCOUNT, kin=payee, own_wage="5000", dependants=SPOUSE
    )
    path = f"/v1/benefits/{pension['benefit_id']}"
    etag = (await insurance.http.get(path, headers=insurance.officer)).headers["etag"]
    entered = {"amount": "1800.00", "reason": "核定", "document": "1号"}
    await insurance.http.put(f"{path}/amount", json=entered, headers={**insurance.officer, "If-Match": etag})
    check = await kin_check(pension["benefit_id"])
    assert number not in repr(await collection_of(Check).find_one({"_id": check.id}))
    await insurance.publish(registered(kin, number))
    await insurance.settled()
    await register(insurance, kin, today())
    headers = insurance.headers("worker", worker_id=kin)
    mine = (await insurance.http.get("/v1/workers/me/qualification-checks", headers=headers)).json()
    assert [one["kinds"] for one in mine] == [["pension"], ["dependant_pension"]]
    at = f"/v1/workers/me/qualification-checks/{check.id}/statements"
    answer = await insurance.http.post(at, json={"still_entitled": True}, headers=headers)
    assert (answer.status_code, answer.json()["check_id"]) == (200, check.id)
    other = insurance.headers("worker", worker_id=worker_id)
    assert (await insurance.http.post(at, json={"still_entitled": True}, headers=other)).status_code == 404


SPOUSE = [{"relation": "spouse"}]


async def test_a_doubt_is_cleared_by_an_officer_and_not_by_oneself(insurance: Harness, worker_id: str) -> None:
    check_id = (await register(insurance, worker_id, today()))["check_id"]
    assert (await state(insurance, worker_id, still_entitled=False)).status_code == 422
    said = "已恢复工作，联系电话13800000001"
    assert (await state(insurance, worker_id, still_entitled=False, statement=said)).json()["state"] == "questioned"
    assert (await state(insurance, worker_id, still_entitled=True)).status_code == 409
    assert await storage().collection("timers").find_one({"key": check_id}) is None
    reads = await AuditEntry.find({"about": check_id}).count()
    history = await insurance.http.get(f"/v1/qualification-checks/{check_id}/history", headers=insurance.officer)
    assert history.json()[-1]["statement"] == "已恢复工作，联系电话138****0001"
    assert await AuditEntry.find({"about": check_id}).count() == reads + 1
    kept = await Check.of(check_id)
    assert "恢复工作" not in repr(kept)
    assert (await find(insurance, check_id, result="entitled")).json()["state"] == "confirmed"
    assert (await find(insurance, check_id, result="not_entitled")).status_code == 422
    ended = await find(insurance, check_id, result="not_entitled", note="核实后不再符合条件")
    assert (ended.json()["state"], ended.json()["kinds"]) == ("ended", [])
    assert (await find(insurance, check_id, result="entitled")).status_code == 409


async def test_an_older_match_does_not_bring_the_next_check_nearer(insurance: Harness, worker_id: str) -> None:
    check_id = (await register(insurance, worker_id, today()))["check_id"]
    before = (await mine(insurance, worker_id))["due_on"]
    earlier = (today() - dt.timedelta(days=90)).isoformat()
    found = await find(insurance, check_id, way="data_match", result="entitled", found_on=earlier)
    assert found.json()["due_on"] == before
    ahead = (today() + dt.timedelta(days=1)).isoformat()
    assert (await find(insurance, check_id, result="entitled", found_on=ahead)).status_code == 422


async def test_a_merged_persons_checks_are_one(insurance: Harness, worker_id: str) -> None:
    other = new_id()
    await insurance.publish(registered(other, new_id_number()))
    await insurance.settled()
    await insurance.publish(granted(other, "nursing"))
    await insurance.settled()
    await register(insurance, worker_id, today())
    await insurance.publish(WorkerMerged(worker_id=worker_id, merged_worker_id=other))
    await insurance.settled()
    assert (await mine(insurance, worker_id))["kinds"] == ["nursing", "pension"]
    await insurance.publish(granted(other, "disability_allowance"))
    await insurance.settled()
    assert (await mine(insurance, worker_id))["kinds"] == ["disability_allowance", "nursing", "pension"]


async def test_a_doubt_outlives_a_merger(insurance: Harness, worker_id: str) -> None:
    """What an officer is to look into is not settled by two records becoming one."""
    other = new_id()
    await insurance.publish(registered(other, new_id_number()))
    await insurance.settled()
    await register(insurance, other, today())
    await register(insurance, worker_id, today())
    said = "已恢复工作，联系电话13800000001"
    assert (await state(insurance, other, still_entitled=False, statement=said)).json()["state"] == "questioned"
    await insurance.publish(WorkerMerged(worker_id=worker_id, merged_worker_id=other))
    await insurance.settled()
    check = await mine(insurance, worker_id)
    assert check["state"] == "questioned"
    path = f"/v1/qualification-checks/{check['check_id']}/history"
    history = (await insurance.http.get(path, headers=insurance.officer)).json()
    assert history[-1]["statement"] == "已恢复工作，联系电话138****0001"


async def test_workers_and_officers_see_their_own(insurance: Harness, worker_id: str) -> None:
    check = await register(insurance, worker_id, today())
    check_id = check["check_id"]
    assert ("qualification.interval_months", False) in {(one["key"], one["verified"]) for one in check["used"]}
    elsewhere = insurance.headers("officer", department="hrss", district="510681")
    assert (await insurance.http.get(f"/v1/qualification-checks/{check_id}", headers=elsewhere)).status_code == 404
    post = insurance.headers("officer", department="post", district="510600")
    assert (await insurance.http.get(f"/v1/qualification-checks/{check_id}", headers=post)).status_code == 403
    nobody = bearer("worker", worker_id="somebody")
    assert (await insurance.http.get("/v1/workers/me/qualification-check", headers=nobody)).status_code == 404
    assert (await insurance.http.get("/v1/qualification-checks", headers=nobody)).status_code == 403


async def test_one_speaks_to_ones_own_check_only_so_often(
    insurance: Harness, worker_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once somebody else has spoken to it, one may again."""
    monkeypatch.setattr("services.insurance.qualification.rules.MOST_STATEMENTS", 2)
    check_id = (await register(insurance, worker_id, today()))["check_id"]
    answers = [await state(insurance, worker_id, still_entitled=True) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 409]
    assert answers[-1].json()["type"] == "/problems/too-many-statements"
    assert (await find(insurance, check_id, result="entitled")).status_code == 200
    assert (await state(insurance, worker_id, still_entitled=True)).status_code == 200
