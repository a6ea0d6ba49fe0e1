"""Declarations that employers push as events: the same word as the route's, in whatever order it comes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx2
import pytest

from services.insurance.declarations import push_commands
from services.insurance.declarations.documents import AwaitedDeclaration
from services.insurance.declarations.push_commands import LOOK
from shared import clock
from shared.contracts.insurance import DeclarationUnmatched, EnrolmentConfirmed, EnrolmentDeclared, EnrolmentOpened
from shared.contracts.platform import EmployeeDeclared, platform_source
from shared.policy import calendar
from shared.storage.client import collection_of, storage
from shared.storage.encryption import seal_for
from shared.storage.transaction import transact
from tests.harness import Harness, eventually
from tests.integration.at_rest import holding
from tests.integration.insurance.declarations.test_declarations import asked_of, employ, fire, told
from tests.integration.insurance.declaring import declare, send_sheet
from tests.integration.insurance.facts import ID_NUMBER, NAME, new_platform

STARTED = dt.date(2026, 9, 1)


@pytest.fixture
def platform() -> str:
    return new_platform()


async def push(
    insurance: Harness,
    employer: str,
    worker_ref: str = "w1",
    started_on: dt.date = STARTED,
    name: str = NAME,
    sealed: str | None = None,
    event_id: str | None = None,
) -> None:
    """What an employer says, as the gateway publishes it."""
    person = sealed or seal_for("insurance", {"id_number": ID_NUMBER, "name": name})
    fact = EmployeeDeclared(worker_ref=worker_ref, started_on=started_on, for_insurance=person)
    await insurance.publish(fact, source=platform_source(employer), event_id=event_id)
    await insurance.settled()


async def awaited(employer: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await collection_of(AwaitedDeclaration).find({"unit": employer}).to_list(None)
    return found


async def dead(insurance: Harness, employer: str) -> list[str]:
    """Why events of an employer are dead letters."""
    headers = [(one, dict(one.headers)) for one in await insurance.process.dead_letters()]
    return [one.reason for one, named in headers if platform_source(employer).encode() in named.values()]


async def test_a_pushed_declaration_is_the_routes_word(
    insurance: Harness, province: httpx2.AsyncClient, platform: str
) -> None:
    """Once, however often and by whichever way it is said again."""
    enrolment_id = await employ(insurance, platform)
    assert await asked_of(province, enrolment_id) == [404, 404]
    await push(insurance, platform, event_id="one")
    [declared] = await told(insurance, EnrolmentDeclared, platform)
    assert (declared.unit, declared.starts_on, declared.declared_on) == (
        platform,
        STARTED,
        calendar.shanghai_date(clock.now()),
    )
    await eventually(lambda: told(insurance, EnrolmentConfirmed, platform))
    for event_id in ("one", "another"):
        await push(insurance, platform, event_id=event_id)
    refused = await declare(insurance, platform, enrolment_id, expect=409)
    assert refused["type"].endswith("declared-already")
    assert (await send_sheet(insurance, platform, f"{ID_NUMBER},{NAME},{STARTED}")).json()["declared_before"] == 1
    assert len(await told(insurance, EnrolmentDeclared, platform)) == 1
    assert await asked_of(province, enrolment_id) == [200, 404]
    assert (await awaited(platform), await dead(insurance, platform)) == ([], [])


async def test_one_that_comes_first_waits_for_the_person(insurance: Harness, platform: str) -> None:
    await push(insurance, platform, event_id="one")
    [row] = await awaited(platform)
    assert ID_NUMBER not in str(row)
    assert NAME not in str(row)
    await push(insurance, platform, event_id="two")
    assert len(await awaited(platform)) == 1
    await employ(insurance, platform)
    await eventually(lambda: told(insurance, EnrolmentDeclared, platform))
    await insurance.settled()
    assert await awaited(platform) == []
    assert await storage().collection("timers").find_one({"_id": f"{LOOK}:{row['_id']}"}) is None
    assert await holding(ID_NUMBER) == []
    assert await told(insurance, DeclarationUnmatched, platform) == []


async def test_a_look_before_the_person_is_told_of_is_soon_repeated(insurance: Harness, platform: str) -> None:
    """Who somebody is may be told a moment after their enrolment was."""
    await push(insurance, platform)
    [row] = await awaited(platform)
    opened = EnrolmentOpened(
        enrolment_id="e-1",
        engagement_id="e-1",
        platform=platform,
        worker_id="w-1",
        scheme="work_injury",
        basis="employer",
        unit=platform,
        starts_on=STARTED,
        ends_on=None,
        due_on=None,
    )
    await transact(lambda tx: push_commands.look_again(opened, tx))
    await insurance.settled()
    left = await storage().collection("timers").find_one({"_id": f"{LOOK}:{row['_id']}"})
    assert left is not None
    assert left["due_at"] < clock.now() + dt.timedelta(seconds=30)


async def test_whoever_dispatches_declares_by_its_own_event(insurance: Harness, platform: str) -> None:
    """The platform's own word declares nobody whom another employs."""
    agency = new_platform()
    await employ(insurance, platform, partner_uscc=agency, dispatched=True)
    await push(insurance, platform)
    assert await told(insurance, EnrolmentDeclared, platform) == []
    await push(insurance, agency, "own-name-7")
    [declared] = await told(insurance, EnrolmentDeclared, platform)
    assert declared.unit == agency


async def test_a_wrong_one_is_a_dead_letter_with_its_reason(insurance: Harness, platform: str) -> None:
    """Another day than the one on file, another name, or fields that nobody can open; nobody is declared by it."""
    await employ(insurance, platform)
    await push(insurance, platform, started_on=dt.date(2026, 9, 3))
    await push(insurance, platform, name="别的人")
    await push(insurance, platform, sealed="k9.sealed")
    reasons = await dead(insurance, platform)
    assert len(reasons) == 3
    assert "2026-09-01" in reasons[0]
    assert "not on file as employed by you" in reasons[1]
    assert not any(secret in reason for reason in reasons for secret in (ID_NUMBER, NAME, "别的人"))
    assert (await told(insurance, EnrolmentDeclared, platform), await awaited(platform)) == ([], [])


async def test_one_that_waited_in_vain_is_told(insurance: Harness, platform: str) -> None:
    """After its days, once; until then it is looked at at growing intervals."""
    await push(insurance, platform)
    [row] = await awaited(platform)
    today = calendar.shanghai_date(clock.now())
    assert row["until"].date() >= today + dt.timedelta(days=30)
    for seconds in (60, 120):
        timer = await storage().collection("timers").find_one({"_id": f"{LOOK}:{row['_id']}"})
        assert timer is not None
        assert timer["data"]["seconds"] == seconds
        await fire(LOOK, row["_id"])
        await insurance.settled()
    assert await told(insurance, DeclarationUnmatched, platform) == []
    over = dt.datetime.combine(today - dt.timedelta(days=1), dt.time(), dt.UTC)
    await collection_of(AwaitedDeclaration).update_one({"_id": row["_id"]}, {"$set": {"until": over}})
    await fire(LOOK, row["_id"])
    await insurance.settled()
    [unmatched] = await told(insurance, DeclarationUnmatched, platform)
    assert (unmatched.worker_ref, unmatched.starts_on) == ("w1", STARTED)
    assert await awaited(platform) == []
