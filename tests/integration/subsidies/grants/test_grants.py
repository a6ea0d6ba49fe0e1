from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from services.subsidies.decisions.rules import Applicant as Applying
from services.subsidies.grants import commands, rules
from services.subsidies.grants.documents import PanelDecision
from services.subsidies.grants.rules import GrantFacts
from shared.contracts.registry import WorkerMerged
from shared.ids import new_id
from shared.storage.client import collection_of
from shared.storage.transaction import transact
from tests.harness import Harness
from tests.integration.subsidies.facts import PLATFORM, engagement, registered, tell
from tests.integration.subsidies.filing import apply, apply_as, officer

PANELS = "/v1/employment-grant-panels"
START = dt.date(2026, 7, 1)


async def at_work(subsidies: Harness, worker_id: str, certificate: str, platform: str = PLATFORM) -> None:
    """Somebody who works through a platform since 2026-08-01 and is registered with a certificate."""
    told = msgspec.structs.replace(engagement(worker_id, f"REF-{worker_id}"), worked=True, platform=platform)
    await tell(subsidies, told, registered(worker_id, dt.date(2026, 8, 1), certificate=certificate))
    await subsidies.settled()


async def facts(certificates: list[str], application_id: str, **applicant: Any) -> GrantFacts:
    told: dict[str, Any] = {"kind": "platform", "id": PLATFORM} | applicant
    who = Applying(application_id=application_id, filed_on=dt.date(2026, 11, 1), place="510603", **told)
    stated = commands.Stated(project="骑手驿站", started_on=START, people=certificates)
    return await transact(lambda tx: commands.facts(stated, who, tx))


def months(found: GrantFacts) -> dict[str, int]:
    return {one.certificate: rules.longest(one.works, found) for one in found.placed}


async def test_people_count_by_their_certificates_and_engagements(subsidies: Harness) -> None:
    mine, other = f"w-{new_id()}", f"w-{new_id()}"
    await at_work(subsidies, mine, f"A-{mine}")
    await at_work(subsidies, other, f"B-{other}", "91510600MA0000002E")
    numbers = [f"A-{mine}", f"B-{other}", "unknown"]
    found = await facts(numbers, new_id())
    assert months(found) == {f"A-{mine}": 3, f"B-{other}": 0, "unknown": 0}
    assert set(rules.subjects(found)) == {mine, other}
    village = await facts(numbers, new_id(), kind="community", id="community:1")
    assert months(village) == {f"A-{mine}": 3, f"B-{other}": 3, "unknown": 0}


async def test_one_person_under_two_records_counts_once(subsidies: Harness) -> None:
    old, new = f"w-{new_id()}", f"w-{new_id()}"
    await at_work(subsidies, old, f"A-{old}")
    await at_work(subsidies, new, f"A-{new}")
    await tell(subsidies, WorkerMerged(worker_id=new, merged_worker_id=old))
    await subsidies.settled()
    found = await facts([f"A-{old}", f"A-{new}"], new_id())
    assert {one.persons for one in found.placed} == {(new, old)}


async def applied(subsidies: Harness) -> str:
    """An application of a platform for a project."""
    who = subsidies.headers("platform", uscc=PLATFORM)
    stated = {"project": "骑手驿站", "started_on": f"{START}", "people": ["x"]}
    return str((await apply(subsidies, who, kind="grant", stated=stated))["application_id"])


async def test_a_panel_sits_on_an_application_for_a_grant(subsidies: Harness) -> None:
    body = {"decided_on": "2026-10-20", "members": 5, "amount": "8000.00", "minutes": "同意补助"}
    other = (await apply_as(subsidies, f"w-{new_id()}"))["application_id"]
    for key in (other, new_id()):
        answer = await subsidies.http.put(f"{PANELS}/{key}", json=body, headers=officer("near"))
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
        assert await PanelDecision.find({"application_id": key}).count() == 0


async def test_a_panels_word_counts_in_its_district_alone(subsidies: Harness) -> None:
    key = await applied(subsidies)
    body = {"decided_on": "2026-10-20", "members": 5, "amount": "8000.00", "minutes": "同意补助"}
    elsewhere = await subsidies.http.put(f"{PANELS}/{key}", json=body, headers=officer("far", "510681"))
    assert elsewhere.status_code == 200, elsewhere.text
    assert (await facts(["x"], key)).panel is None
    here = await subsidies.http.put(f"{PANELS}/{key}", json=body | {"amount": "9000.00"}, headers=officer("near"))
    assert here.status_code == 200
    panel = (await facts(["x"], key)).panel
    assert panel is not None
    assert (panel.amount, panel.members) == ("9000.00", 5)
    assert "同意" not in str([row async for row in collection_of(PanelDecision).find({"application_id": key})])
    shown = await subsidies.http.get(f"{PANELS}/{key}", headers=officer("near"))
    assert shown.json()["minutes"] == "同意补助"
    assert (await subsidies.http.get(f"{PANELS}/{new_id()}", headers=officer("near"))).status_code == 404
    late = await subsidies.http.put(
        f"{PANELS}/{key}", json=body | {"decided_on": "2099-01-01"}, headers=officer("near")
    )
    assert late.status_code == 422
