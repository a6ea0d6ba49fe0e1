from __future__ import annotations

import asyncio
import datetime as dt
from itertools import permutations
from typing import Any

import pytest

from services.subsidies.certificates.documents import Certificate
from services.subsidies.persons.documents import Applicant
from services.subsidies.training import rules
from services.subsidies.training.documents import Application
from shared import clock
from shared.contracts.registry import WorkerErased, WorkerMerged
from shared.contracts.subsidies import (
    ApplicationApproved,
    ApplicationRefused,
    ApplicationSubmitted,
)
from shared.ids import new_id
from shared.storage.client import collection_of
from tests.harness import Harness, bearer, eventually
from tests.integration.subsidies.facts import DAY, PLATFORM, engagement, tell, training, worker

PATH = "/v1/training-subsidy-applications"


async def apply(subsidies: Harness, worker_id: str, **body: Any) -> dict[str, Any]:
    asked = body or {"course": "网约配送员（四级）", "completed_on": f"{DAY}"}
    answer = await subsidies.http.post(PATH, json=asked, headers=subsidies.headers("worker", worker_id=worker_id))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def read(subsidies: Harness, application: dict[str, Any]) -> dict[str, Any]:
    answer = await subsidies.http.get(f"{PATH}/{application['application_id']}", headers=subsidies.officer)
    return dict(answer.json())


def codes(application: dict[str, Any]) -> list[str]:
    return [reason["code"] for reason in application["reasons"]]


async def told(subsidies: Harness, worker_id: str) -> list[str]:
    kinds: list[type[Any]] = [ApplicationSubmitted, ApplicationApproved, ApplicationRefused]
    events = [
        event for kind in kinds for event in await subsidies.told_events(kind) if event.data.worker_id == worker_id
    ]
    return [event.type.split(".")[-2] for event in sorted(events, key=lambda event: event.id)]


async def test_an_application_is_approved_at_once_where_all_is_known(subsidies: Harness) -> None:
    await tell(subsidies, worker("w-known"), engagement("w-known", "KNOWN"), training("KNOWN", number="PX-1"))
    await subsidies.settled()
    application = await apply(subsidies, "w-known", certificate_number="PX-1", bank_account="6222020000000001234")
    assert (application["state"], application["amount"], application["amount_pending"]) == ("approved", None, True)
    assert application["number"].startswith("德培补〔")
    assert ("training_subsidy.min_age", False) in {(one["key"], one["verified"]) for one in application["used"]}
    assert application["bank_account"] == "***************1234"
    assert await told(subsidies, "w-known") == ["submitted", "approved"]
    row = await collection_of(Application).find_one({"_id": application["application_id"]})
    assert "6222020000000001234" not in str(row)


async def test_the_decision_is_the_same_in_any_order_of_facts(subsidies: Harness) -> None:
    turns = list(permutations(["birth date", "engagement", "training", "application"]))
    applications: dict[int, dict[str, Any]] = {}
    for step in range(4):
        for turn, order in enumerate(turns):
            worker_id, worker_ref = f"w-turn{turn}", f"TURN{turn}"
            match order[step]:
                case "birth date":
                    await tell(subsidies, worker(worker_id))
                case "engagement":
                    await tell(subsidies, engagement(worker_id, worker_ref))
                case "training":
                    await tell(subsidies, training(worker_ref))
                case _:
                    applications[turn] = await apply(subsidies, worker_id)
        await subsidies.settled()
    for turn, application in applications.items():
        assert (await read(subsidies, application))["state"] == "approved", turns[turn]
        assert await told(subsidies, f"w-turn{turn}") == ["submitted", "approved"]


async def test_a_young_applicant_is_refused_with_a_reason_in_chinese(subsidies: Harness) -> None:
    await tell(subsidies, worker("w-young", "2011-01-01"), engagement("w-young", "YOUNG"), training("YOUNG"))
    await subsidies.settled()
    application = await apply(subsidies, "w-young")
    assert application["state"] == "refused"
    assert application["reasons"] == [{"code": "too_young", "text": rules.REASONS["too_young"]}]
    (refused,) = [fact for fact in await subsidies.told(ApplicationRefused) if fact.worker_id == "w-young"]
    assert refused.reasons == ("too_young",)


async def test_three_of_four_applications_at_once_are_approved(subsidies: Harness) -> None:
    courses = [f"课程{number}" for number in range(4)]
    await tell(subsidies, worker("w-four"), engagement("w-four", "FOUR"), *(training("FOUR", one) for one in courses))
    await subsidies.settled()
    asked = [apply(subsidies, "w-four", course=one, completed_on=f"{DAY}") for one in courses]
    answers = await asyncio.gather(*asked)
    assert sorted(answer["state"] for answer in answers) == ["approved", "approved", "approved", "refused"]
    assert [codes(answer) for answer in answers if answer["state"] == "refused"] == [["yearly_limit"]]


async def test_the_same_training_is_not_subsidised_twice(subsidies: Harness) -> None:
    await tell(subsidies, worker("w-again"), engagement("w-again", "AGAIN"), training("AGAIN"))
    await subsidies.settled()
    first, second = await asyncio.gather(apply(subsidies, "w-again"), apply(subsidies, "w-again"))
    assert sorted([first["state"], second["state"]]) == ["approved", "refused"]
    assert sorted([*codes(first), *codes(second)]) == ["same_course"]


async def test_anothers_certificate_does_not_help(subsidies: Harness) -> None:
    await tell(subsidies, worker("w-mine"), worker("w-thief"), engagement("w-mine", "MINE"), training("MINE"))
    await subsidies.settled()
    (certificate,) = await Certificate.find(Certificate.worker_ref == "MINE").to_list()
    application = await apply(subsidies, "w-thief", certificate_id=certificate.id)
    assert (application["state"], application["certificate_id"]) == ("submitted", None)


async def test_without_a_certificate_the_end_of_the_wait_refuses(
    subsidies: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tell(subsidies, worker("w-none"))
    await subsidies.settled()
    known, unknown = await apply(subsidies, "w-none"), await apply(subsidies, "w-nobody")
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + rules.WAIT - dt.timedelta(minutes=5))
    await subsidies.settled()
    assert (await read(subsidies, known))["state"] == "submitted"
    monkeypatch.setattr(clock, "now", lambda: real() + rules.WAIT + dt.timedelta(minutes=5))

    async def both_refused() -> bool:
        states = [(await read(subsidies, one))["state"] for one in (known, unknown)]
        return states == ["refused", "refused"]

    await eventually(both_refused)
    assert codes(await read(subsidies, known)) == ["no_certificate"]
    assert codes(await read(subsidies, unknown)) == ["no_certificate", "birth_date_unknown"]
    assert await told(subsidies, "w-none") == ["submitted", "refused"]


async def test_an_officer_sets_the_amount_that_is_not_published_once(subsidies: Harness) -> None:
    await tell(subsidies, worker("w-amount"), engagement("w-amount", "AMOUNT"), training("AMOUNT"))
    await subsidies.settled()
    application = await apply(subsidies, "w-amount")
    path = f"{PATH}/{application['application_id']}"
    etag = (await subsidies.http.get(path, headers=subsidies.officer)).headers["etag"]

    async def put(amount: Any, headers: dict[str, str]) -> int:
        body = {"amount": amount}
        return (await subsidies.http.put(f"{path}/amount", json=body, headers=headers)).status_code

    assert await put("800.00", subsidies.officer) == 428
    assert await put("800.00", subsidies.officer | {"If-Match": '"99"'}) == 412
    assert await put("-1.00", subsidies.officer | {"If-Match": etag}) == 422
    assert await put(800.5, subsidies.officer | {"If-Match": etag}) == 422
    assert await put("800.00", bearer("worker", worker_id="w-amount") | {"If-Match": etag}) == 403
    assert await put("800.00", subsidies.officer | {"If-Match": etag}) == 200
    changed = await subsidies.http.get(path, headers=subsidies.officer)
    assert (changed.json()["amount"], changed.json()["amount_pending"]) == ("800.00", False)
    assert await put("900.00", subsidies.officer | {"If-Match": changed.headers["etag"]}) == 409


async def test_the_later_event_on_a_birth_date_holds_encrypted(subsidies: Harness) -> None:
    late, early = dt.datetime(2026, 9, 2, tzinfo=dt.UTC), dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
    await tell(subsidies, worker("w-born", "1991-02-03"), time=late)
    await tell(subsidies, worker("w-born", "2015-02-03"), time=early)
    await subsidies.settled()
    applicant = await Applicant.get("w-born")
    assert applicant is not None
    assert applicant.birthday == dt.date(1991, 2, 3)
    assert "1991" not in str(await collection_of(Applicant).find_one({"_id": "w-born"}, {"born_on": 1}))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"course": "网约配送员（四级）"},
        {"certificate_id": "a", "certificate_number": "b"},
        {"certificate_id": "a", "bank_account": "not digits 622202000000"},
    ],
)
async def test_an_invalid_application_is_refused_without_quoting_it(subsidies: Harness, body: dict[str, str]) -> None:
    answer = await subsidies.http.post(PATH, json=body, headers=subsidies.headers("worker", worker_id="w-x"))
    assert answer.status_code == 422
    assert "622202000000" not in answer.text


async def test_lists_show_workers_their_own_and_an_officer_all(subsidies: Harness) -> None:
    one, other = f"w-{new_id()}", f"w-{new_id()}"
    mine, theirs = await apply(subsidies, one), await apply(subsidies, other)
    own = (await subsidies.http.get(PATH, headers=bearer("worker", worker_id=one))).json()["items"]
    assert [item["application_id"] for item in own] == [mine["application_id"]]
    every = (await subsidies.http.get(PATH, params={"limit": 2}, headers=subsidies.officer)).json()
    assert [item["application_id"] for item in every["items"]] == [theirs["application_id"], mine["application_id"]]
    assert every["next"] is not None
    hidden = await subsidies.http.get(f"{PATH}/{theirs['application_id']}", headers=bearer("worker", worker_id=one))
    assert hidden.status_code == 404
    assert (await subsidies.http.get(PATH, headers=bearer("platform", uscc=PLATFORM))).status_code == 403


async def test_statistics_count_the_applications(subsidies: Harness) -> None:
    before = (await subsidies.http.get("/v1/statistics", headers=subsidies.officer)).json()
    await apply(subsidies, "w-count")
    after = (await subsidies.http.get("/v1/statistics", headers=subsidies.officer)).json()
    assert (before["applications"] + 1, set(after)) == (after["applications"], {"applications"})


async def test_what_one_record_had_is_the_persons_where_two_become_one(subsidies: Harness) -> None:
    await tell(subsidies, worker("w-kept"), engagement("w-merged", "MERGED"), training("MERGED", number="PX-M"))
    await subsidies.settled()
    application = await apply(subsidies, "w-merged", certificate_number="PX-M")
    assert application["state"] == "submitted"  # nobody knows when that record's person was born
    await tell(subsidies, WorkerMerged(worker_id="w-kept", merged_worker_id="w-merged"))
    await subsidies.settled()
    assert (await read(subsidies, application))["state"] == "approved"
    mine = await subsidies.http.get("/v1/certificates", headers=bearer("worker", worker_id="w-kept"))
    assert [one["number"] for one in mine.json()["items"]] == ["PX-M"]


async def test_an_erased_persons_date_of_birth_is_forgotten(subsidies: Harness) -> None:
    await tell(subsidies, worker("w-erased"))
    await subsidies.settled()
    await tell(subsidies, WorkerErased(worker_id="w-erased"))
    await subsidies.settled()
    applicant = await Applicant.of("w-erased")
    assert applicant is not None
    assert applicant.born_on is None
