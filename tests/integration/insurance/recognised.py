"""Recognised claims, to grant benefits of."""

from __future__ import annotations

from typing import Any

from services.insurance.claims.documents import Claim
from services.insurance.liability.documents import Liability
from services.insurance.persons.documents import Person
from shared import clock
from shared.ids import new_id
from shared.policy import calendar
from shared.storage.client import storage
from shared.storage.encryption import encrypt_field
from shared.storage.transaction import transact
from tests.harness import Harness, eventually
from tests.integration.insurance.facts import at, worker

ACCOUNT = "6217000012345678901"


async def recognised_claim(insurance: Harness, platform: str, **changes: Any) -> Claim:
    """A claim of `person-<platform>`, an employee injured on 2026-09-02 whose injury was recognised."""
    person = f"person-{platform}"
    await insurance.publish(worker(person))
    await eventually(lambda: Person.of(person))
    claim_id = changes.get("id") or new_id()
    values: dict[str, Any] = {
        "id": claim_id,
        "number": f"T-{claim_id}",
        "platform": platform,
        "incident_id": claim_id,
        "worker_ref": "w1",
        "worker_id": person,
        "order_id": None,
        "occurred_at": at("2026-09-02 12:10"),
        "reported_at": clock.now(),
        "district": "510603",
        "severity": "serious",
        "place": encrypt_field("claim.place", claim_id, "某路口"),
        "description": encrypt_field("claim.description", claim_id, "侧翻"),
        "cover": "other_scheme",
        "scheme": "work_injury",
        "platform_apply_by": None,
        "self_apply_by": None,
        "state": "recognised",
        "recognised": True,
    }
    claim = Claim(**(values | changes))
    await transact(claim.put)
    await insured_as(claim, True)
    return claim


async def insured_as(claim: Claim, insured: bool) -> None:
    """Let an officer have decided whether the injury was insured: there are no records of a work injury's."""
    known = await Liability.of(claim.id)
    ground = encrypt_field("liability.ground", claim.id, "核查参保缴费记录")
    decided = known or Liability(
        id=claim.id, insured=None, made_up_on=None, ground=ground, by="officer:hrss", at=clock.now()
    )
    decided.insured = insured
    await transact(decided.put)


async def grant(insurance: Harness, claim: Claim, kind: str, *, expect: int = 201, **body: Any) -> Any:
    """The answer to an officer's grant of a benefit, without an account where the fund does not pay. `insured=False`: the injury was
    not. Bills have a number that none has, unless they are `as_they_are`."""
    if body.pop("insured", True) is False:
        await insured_as(claim, False)
    if "invoices" in body and not body.pop("as_they_are", False):
        body["invoices"] = [bill() | one for one in body["invoices"]]
    path = f"/v1/claims/{claim.id}/benefits"
    answer = await insurance.http.post(path, json={"kind": kind, **body}, headers=insurance.officer)
    assert answer.status_code == expect, answer.text
    return answer.json()


def bill() -> dict[str, str]:
    """What names a bill of today that no other test has."""
    return {"institution": "德阳市人民医院", "number": new_id(), "issued_on": str(calendar.shanghai_date(clock.now()))}


async def benefit(insurance: Harness, benefit_id: str) -> Any:
    return (await insurance.http.get(f"/v1/benefits/{benefit_id}", headers=insurance.officer)).json()


async def in_state(insurance: Harness, benefit_id: str, state: str) -> Any:
    """The benefit, once it has come to that state."""

    async def look() -> Any:
        found = await benefit(insurance, benefit_id)
        return found if found["state"] == state else None

    return await eventually(look)


async def make_due(kind: str, key: str) -> None:
    """Let a timer's time come now."""
    timers = storage().collection("timers")
    found = await timers.update_one({"_id": f"insurance.{kind}:{key}"}, {"$set": {"due_at": clock.now()}})
    assert found.matched_count == 1


async def timer_set(kind: str, key: str) -> bool:
    return await storage().collection("timers").find_one({"_id": f"insurance.{kind}:{key}"}) is not None
