"""From an engagement to the province's answer."""

from __future__ import annotations

import asyncio
import datetime as dt
from functools import partial
from typing import Any

import httpx2
import pytest

from services.insurance.enrolment.documents import Enrolment
from services.insurance.enrolment.province_requests import EXCHANGE
from services.insurance.intake.commands import follow_engagement, follow_person
from services.insurance.persons.documents import Person
from shared import clock
from shared.contracts.insurance import (
    EnrolmentConfirmed,
    EnrolmentDutyOverdue,
    EnrolmentEnded,
    EnrolmentOpened,
    EnrolmentRefused,
)
from shared.contracts.registry import (
    EngagementActivated,
    EngagementBlocked,
    EngagementCorrected,
    EngagementEnded,
    EngagementStarted,
)
from shared.storage.client import collection_of, storage
from shared.storage.transaction import transact
from tests.harness import Harness, bearer, eventually
from tests.integration.at_rest import holding
from tests.integration.insurance.declaring import declare
from tests.integration.insurance.facts import ID_NUMBER, NAME, engagement, new_platform, worker


@pytest.fixture
def platform() -> str:
    return new_platform()


def person_of(platform: str) -> str:
    return f"person-{platform}-w1"


async def told(insurance: Harness, kind: Any, platform: str) -> list[Any]:
    return [fact for fact in await insurance.told(kind) if fact.platform == platform]


async def at_province(province: httpx2.AsyncClient, number: str) -> dict[str, Any]:
    answer = await province.get(f"/v1/enrolments/{number}")
    return {"status": answer.status_code, **answer.json()} if answer.is_success else {"status": answer.status_code}


async def test_an_activated_engagement_is_enrolled_and_confirmed(
    insurance: Harness, province: httpx2.AsyncClient, platform: str
) -> None:
    await insurance.publish(
        worker(person_of(platform)),
        engagement(EngagementStarted, platform),
        engagement(EngagementActivated, platform, version=2),
    )
    confirmed = await eventually(lambda: told(insurance, EnrolmentConfirmed, platform))
    [opened] = await told(insurance, EnrolmentOpened, platform)
    assert (opened.scheme, opened.starts_on, opened.due_on) == ("occupational_injury", dt.date(2026, 9, 1), None)
    held = await at_province(province, f"{opened.enrolment_id}:1")
    assert held["status"] == "accepted"
    assert confirmed[0].receipt_number == held["receipt_number"]


async def test_a_labour_relation_is_the_employers_duty(insurance: Harness, platform: str) -> None:
    """The duty has its deadline."""
    await insurance.publish(
        worker(person_of(platform)), engagement(EngagementActivated, platform, relation="employment")
    )
    [opened] = await eventually(lambda: told(insurance, EnrolmentOpened, platform))
    assert (opened.scheme, opened.due_on) == ("work_injury", dt.date(2026, 10, 8))


async def test_a_blocked_engagement_is_enrolled_once_activated(insurance: Harness, platform: str) -> None:
    await insurance.publish(
        worker(person_of(platform)),
        engagement(EngagementStarted, platform),
        engagement(EngagementBlocked, platform, version=2),
    )
    await insurance.settled()
    assert await told(insurance, EnrolmentOpened, platform) == []
    await insurance.publish(engagement(EngagementActivated, platform, version=3))
    await eventually(lambda: told(insurance, EnrolmentOpened, platform))


async def test_an_event_that_is_not_newer_changes_nothing(insurance: Harness, platform: str) -> None:
    await insurance.publish(
        worker(person_of(platform)),
        engagement(EngagementActivated, platform, version=2),
        engagement(EngagementEnded, platform, version=3, ended_on="2026-09-20"),
        engagement(EngagementActivated, platform, version=2),
        engagement(EngagementCorrected, platform, version=3, relation="employment"),
    )
    await insurance.settled()
    assert len(await told(insurance, EnrolmentOpened, platform)) == 1
    [ended] = await told(insurance, EnrolmentEnded, platform)
    assert ended.ends_on == dt.date(2026, 9, 20)


async def test_the_end_of_an_engagement_reaches_the_province(
    insurance: Harness, province: httpx2.AsyncClient, platform: str
) -> None:
    await insurance.publish(worker(person_of(platform)), engagement(EngagementActivated, platform))
    await eventually(lambda: told(insurance, EnrolmentConfirmed, platform))
    await insurance.publish(engagement(EngagementEnded, platform, version=2, ended_on="2026-09-20"))
    await insurance.settled()
    assert (await at_province(province, f"{platform}-w1:1"))["ended"] is True


async def test_a_corrected_relation_moves_to_the_other_scheme(
    insurance: Harness, province: httpx2.AsyncClient, platform: str
) -> None:
    await insurance.publish(
        worker(person_of(platform)),
        engagement(EngagementActivated, platform),
        engagement(EngagementCorrected, platform, version=2, relation="employment"),
    )
    await insurance.settled()
    await declare(insurance, platform, f"{platform}-w1")
    await insurance.settled()
    schemes = [fact.scheme for fact in await told(insurance, EnrolmentOpened, platform)]
    assert schemes == ["occupational_injury", "work_injury"]
    [ended] = await told(insurance, EnrolmentEnded, platform)
    assert ended.scheme == "occupational_injury"
    assert (await at_province(province, f"{platform}-w1:1"))["ended"] is True
    assert (await at_province(province, f"{platform}-w1:2"))["ended"] is False
    answer = await insurance.http.get("/v1/statistics", headers=insurance.officer)
    assert answer.json()["enrolled"] >= 1


async def test_whoever_was_never_let_to_work_was_never_insured(insurance: Harness, platform: str) -> None:
    """Whichever is told first, that they worked or that they never did."""
    await insurance.publish(
        worker(person_of(platform)),
        engagement(EngagementActivated, platform, worked=True),
        engagement(EngagementBlocked, platform, version=2, worked=True),
    )
    await insurance.settled()
    assert await told(insurance, EnrolmentEnded, platform) == []
    await insurance.publish(engagement(EngagementEnded, platform, version=3, ended_on="2026-09-02", worked=False))
    await insurance.settled()
    [never] = await told(insurance, EnrolmentEnded, platform)
    assert never.ends_on is not None
    assert never.ends_on < never.starts_on
    # and told in the other order: nothing at all
    await insurance.publish(
        engagement(EngagementEnded, platform, "w2", version=3, ended_on="2026-09-02", worked=False),
        engagement(EngagementActivated, platform, "w2", worked=True),
    )
    await insurance.settled()
    assert len(await told(insurance, EnrolmentOpened, platform)) == 1


async def test_an_enrolment_goes_out_as_soon_as_its_worker_is_known(insurance: Harness, platform: str) -> None:
    await insurance.publish(engagement(EngagementActivated, platform))
    await eventually(lambda: told(insurance, EnrolmentOpened, platform))
    await insurance.settled()
    assert await told(insurance, EnrolmentConfirmed, platform) == []
    # nothing tries in vain meanwhile
    assert await storage().collection("timers").count_documents({"kind": EXCHANGE.name}) == 0
    await insurance.publish(worker(person_of(platform)))
    await eventually(lambda: told(insurance, EnrolmentConfirmed, platform))


async def test_an_enrolment_and_its_worker_told_at_once_meet(insurance: Harness, platform: str) -> None:
    for number in range(20):
        told_of = engagement(EngagementActivated, platform, f"twin-{number}")
        await asyncio.gather(
            transact(partial(follow_engagement, told_of, "active")),
            transact(partial(follow_person, worker(told_of.worker_id), clock.now())),
        )

    async def all_confirmed() -> bool:
        return len(await told(insurance, EnrolmentConfirmed, platform)) == 20

    await eventually(all_confirmed)


async def test_a_lost_answer_and_a_failing_province_do_not_enrol_twice(
    insurance: Harness, province: httpx2.AsyncClient, platform: str
) -> None:
    await province.post("/sandbox/behaviour", json={"lose_answer_next": 1, "fail_next": 1, "status": 503})
    before = (await province.get("/sandbox/counts")).json().get("accepted", 0)
    await insurance.publish(worker(person_of(platform)), engagement(EngagementActivated, platform))
    await eventually(lambda: told(insurance, EnrolmentConfirmed, platform))
    await insurance.settled()
    assert (await province.get("/sandbox/counts")).json()["accepted"] == before + 1
    assert len(await told(insurance, EnrolmentConfirmed, platform)) == 1


async def test_a_name_corrected_between_tries_gets_the_first_answer(
    insurance: Harness, province: httpx2.AsyncClient, platform: str
) -> None:
    await province.post("/sandbox/behaviour", json={"lose_answer_next": 1})
    await insurance.publish(worker(person_of(platform)), engagement(EngagementActivated, platform))
    taken = await eventually(lambda: _known(province, f"{platform}-w1:1"))
    await insurance.publish(worker(person_of(platform), name="测试乙"))
    [confirmed] = await eventually(lambda: told(insurance, EnrolmentConfirmed, platform))
    assert confirmed.receipt_number == taken["receipt_number"]


async def _known(province: httpx2.AsyncClient, number: str) -> dict[str, Any] | None:
    found = await at_province(province, number)
    return found if found["status"] == "accepted" else None


async def test_a_refusals_words_are_shown_but_not_told(
    insurance: Harness, province: httpx2.AsyncClient, platform: str
) -> None:
    """The worker and officers are shown them; no event and no clear field holds them."""
    await province.post("/sandbox/behaviour", json={"refuse_next": 1})
    await insurance.publish(worker(person_of(platform)), engagement(EngagementActivated, platform))
    [refused] = await eventually(lambda: told(insurance, EnrolmentRefused, platform))
    assert refused.reason == "other"
    mine = await insurance.http.get("/v1/workers/me/cover", headers=bearer("worker", worker_id=person_of(platform)))
    [cover] = mine.json()
    assert (cover["platform"], cover["province"], cover["reason"]) == (platform, "rejected", "参保信息核验未通过")
    seen = await insurance.http.get(f"/v1/enrolments/{platform}-w1", headers=insurance.officer)
    assert [request["reason"] for request in seen.json()["requests"]] == [cover["reason"]]
    assert await holding(cover["reason"]) == []


async def test_a_worker_reads_what_covers_them_and_nobody_elses_cover(insurance: Harness, platform: str) -> None:
    await insurance.publish(worker(person_of(platform)), engagement(EngagementActivated, platform))
    await eventually(lambda: told(insurance, EnrolmentConfirmed, platform))
    mine = await insurance.http.get("/v1/workers/me/cover", headers=bearer("worker", worker_id=person_of(platform)))
    [cover] = mine.json()
    assert (cover["scheme"], cover["since"], cover["in_force"]) == ("occupational_injury", "2026-09-01", True)
    others = await insurance.http.get("/v1/workers/me/cover", headers=bearer("worker", worker_id="somebody"))
    assert others.json() == []
    assert (await insurance.http.get("/v1/workers/me/cover", headers=insurance.officer)).status_code == 403


async def test_a_deadline_told_late_leaves_time_to_declare(insurance: Harness, platform: str) -> None:
    """What becomes known only after its last day is not missed at once; a declaration in time clears it."""
    await insurance.publish(engagement(EngagementActivated, platform, relation="employment"))
    await eventually(lambda: told(insurance, EnrolmentOpened, platform))
    timer = f"insurance.duty:{platform}-w1"
    timers = storage().collection("timers")
    row = await timers.find_one({"_id": timer})
    assert row is not None
    assert row["due_at"] > clock.now() + dt.timedelta(minutes=55)
    await declare(insurance, platform, f"{platform}-w1")
    assert await timers.find_one({"_id": timer}) is None
    await insurance.publish(worker(person_of(platform)))
    await eventually(lambda: told(insurance, EnrolmentConfirmed, platform))
    assert await told(insurance, EnrolmentDutyOverdue, platform) == []


async def test_no_id_number_and_no_name_lies_in_clear(insurance: Harness, platform: str) -> None:
    await insurance.publish(worker(person_of(platform)), engagement(EngagementActivated, platform))
    await eventually(lambda: told(insurance, EnrolmentConfirmed, platform))
    stored = [await collection_of(document).find().to_list(None) for document in (Person, Enrolment)]
    outbox = await storage().collection("outbox").find().to_list(None)
    timers = await storage().collection("timers").find().to_list(None)
    text = repr([*stored, outbox, timers])
    assert ID_NUMBER not in text
    assert NAME not in text
