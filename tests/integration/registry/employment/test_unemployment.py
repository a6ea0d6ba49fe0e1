"""Registration as unemployed and own work, by the worker; ended by facts; and what the certificate says of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx2
import pytest

from services.registry.employment.documents import Employment
from services.registry.employment.unemployment_commands import Unheard, fall_silent
from shared import clock
from shared.contracts.registry import (
    EmploymentRegistered,
    UnemploymentContactDue,
    UnemploymentEnded,
    UnemploymentRegistered,
)
from shared.ids import new_id
from shared.policy.calendar import end_of_day, months_after, shanghai_date, start_of_day
from shared.storage.client import collection_of
from shared.storage.transaction import transact
from tests.harness import Harness, bearer, eventually
from tests.integration.registry.city import City, marks
from tests.unit.registry.pushes import ended

TRAINED = {"course": "safety", "completed_on": "2026-08-30"}
ME = "/v1/workers/me"


@pytest.fixture
def city(registry: Harness) -> City:
    return City(registry, next(marks))


def new_key() -> dict[str, str]:
    return {"Idempotency-Key": new_id()}


def today() -> dt.date:
    return shanghai_date(clock.now())


class Person:
    """A worker whose only engagement has ended."""

    def __init__(self, city: City, worker_id: str) -> None:
        self.city, self.worker_id = city, worker_id
        self.headers = bearer("worker", worker_id=worker_id)

    async def get(self, path: str) -> httpx2.Response:
        return await self.city.registry.http.get(f"{ME}/{path}", headers=self.headers)

    async def post(self, path: str, body: Any, *, seen: str | None = None) -> httpx2.Response:
        headers = self.city.registry.headers("worker", worker_id=self.worker_id) | ({"If-Match": seen} if seen else {})
        return await self.city.registry.http.post(f"{ME}/{path}", json=body, headers=headers)

    async def register(self, **fields: Any) -> httpx2.Response:
        body = {"district": "510603", "cause": "left_employer", "unemployed_since": "2026-09-21", "seeks_work": True}
        return await self.post("unemployment", body | fields)

    async def last(self) -> dict[str, Any]:
        return dict((await self.get("unemployment")).json()["registrations"][-1])

    async def told(self, kind: type[Any]) -> list[Any]:
        return [one for one in await self.city.registry.told(kind) if one.worker_id == self.worker_id]


async def out_of_work(city: City) -> Person:
    await city.push(city.start(safety_training=TRAINED))
    person = Person(city, await city.worker())
    await city.push(ended(platform=city.one))
    return person


async def test_whoever_is_out_of_work_registers_and_work_ends_it(city: City) -> None:
    person = await out_of_work(city)
    answer = await person.register()
    assert answer.status_code == 201, answer.text
    assert (answer.json()["registrations"][0]["state"], answer.json()["registrations"][0]["cause"]) == (
        "registered",
        "left_employer",
    )
    assert (await person.register()).status_code == 409
    [told] = await person.told(UnemploymentRegistered)
    assert (told.registered_on, str(told.unemployed_since)) == (today(), "2026-09-21")
    assert "left_employer" not in str(told)
    row = await collection_of(Employment).find_one({"_id": person.worker_id})
    assert "left_employer" not in str(row)
    begins = today() + dt.timedelta(2)
    job = {"platform": city.other, "worker_ref": "n", "started_on": str(begins), "safety_training": TRAINED}
    await city.push(city.start(**job))
    last = await person.last()
    assert (last["state"], last["ending"], last["ending_zh"]) == ("ended", "employed", "就业")
    assert last["ended_on"] == str(begins - dt.timedelta(1))
    [over] = await person.told(UnemploymentEnded)
    assert (over.ending, over.ended_on) == ("employed", begins - dt.timedelta(1))
    certificate = (await person.get("employment-certificate")).json()
    assert (certificate["stands"], certificate["since"]) == ("unemployed", str(today()))  # until the work begins
    # the platform meant somebody else: the person has no work after all
    await city.push(city.start(**job, id_number=city.somebody_else, time="2026-09-05T08:00:00+08:00"))
    assert (await person.last())["state"] == "registered"
    assert len(await person.told(UnemploymentRegistered)) == 2


async def test_whoever_works_or_worked_since_is_not_unemployed(city: City) -> None:
    person = await out_of_work(city)
    worked = await person.register(unemployed_since="2026-09-20")
    assert (worked.status_code, worked.json()["type"]) == (422, "/problems/worked-since")
    assert (await person.register(seeks_work=False)).status_code == 422
    assert (await person.register(unemployed_since=str(today() + dt.timedelta(1)))).status_code == 422
    await city.push(city.start(platform=city.other, worker_ref="n", safety_training=TRAINED))
    working = await person.register()
    assert (working.status_code, working.json()["type"]) == (409, "/problems/employed")
    nobody = Person(city, "nobody")
    assert (await nobody.register()).status_code == 404
    assert (await nobody.get("unemployment")).status_code == 404


async def test_a_person_ends_it_or_an_officer_of_the_district(city: City) -> None:
    person = await out_of_work(city)
    seen = (await person.register()).headers["etag"]
    assert (await person.post("unemployment/end", {"ending": "own_wish"}, seen='"999"')).status_code == 412
    assert (await person.post("unemployment/end", {"ending": "no_contact"}, seen=seen)).status_code == 422
    over = await person.post("unemployment/end", {"ending": "own_wish"}, seen=seen)
    assert over.json()["registrations"][0]["ended_on"] == str(today())
    again = await person.post("unemployment/end", {"ending": "own_wish"}, seen=over.headers["etag"])
    assert again.status_code == 404
    await person.register()
    path, http = f"/v1/workers/{person.worker_id}/unemployment", city.registry.http
    as_officer = city.registry.headers
    here, elsewhere = (as_officer("officer", department="hrss", district=code) for code in ("510603", "510681"))
    assert (await http.get(path, headers=elsewhere)).status_code == 404
    read = await http.get(path, headers=here)
    assert read.json()["registrations"][-1]["cause"] == "left_employer"
    other = as_officer("officer", department="transport", district="510603")
    assert (await http.get(path, headers=other)).json()["registrations"][-1]["cause"] is None
    body, held = {"ending": "no_contact"}, {"If-Match": read.headers["etag"]}
    assert (await http.post(f"{path}/end", json=body, headers=other | held)).status_code == 403
    assert (await http.post(f"{path}/end", json=body, headers=elsewhere | held)).status_code == 404
    assert (
        await http.post(
            f"{path}/end", json=body, headers=as_officer("officer", department="hrss", district="510603") | held
        )
    ).status_code == 200
    assert (await person.last())["ending"] == "no_contact"
    # what somebody has said stays, whatever work comes
    await city.push(city.start(platform=city.other, worker_ref="n", safety_training=TRAINED))
    assert (await person.last())["ending"] == "no_contact"


async def test_who_is_not_heard_of_is_warned_and_ended(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    person = await out_of_work(city)
    answer = await person.register()
    first = answer.json()["registrations"][0]
    due = months_after(today(), 6)
    assert (first["contacted_on"], first["contact_due_on"]) == (str(today()), str(due))
    assert {one["key"] for one in first["used"]} == {
        "unemployment.contact_months",
        "unemployment.contact_reminder_days",
    }
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: end_of_day(due) - dt.timedelta(seconds=1))

        async def warned() -> list[Any]:
            return await person.told(UnemploymentContactDue)

        [warning] = await eventually(warned)
        assert (warning.due_on, (await person.last())["state"]) == (due, "registered")
        patch.setattr(clock, "now", lambda: end_of_day(due))

        async def over() -> list[Any]:
            return await person.told(UnemploymentEnded)

        [end] = await eventually(over)
        assert (end.ending, end.ended_on) == ("no_contact", due)
        last = await person.last()
        assert (last["state"], last["ending_zh"]) == ("ended", "连续六个月未与公共就业服务机构联系")
        assert (await person.register()).status_code == 201  # and may come again
        assert [one["state"] for one in (await person.get("unemployment")).json()["registrations"]] == [
            "ended",
            "registered",
        ]


async def test_a_contact_begins_the_months_anew(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    person = await out_of_work(city)
    seen = (await person.register()).headers["etag"]
    old, later = months_after(today(), 6), today() + dt.timedelta(60)
    path, http = f"/v1/workers/{person.worker_id}/unemployment/contact", city.registry.http
    officer = city.registry.headers("officer", department="hrss", district="510603")
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: start_of_day(later))
        assert (await person.post("unemployment/contact", {"seeks_work": False}, seen=seen)).status_code == 422
        own = await person.post("unemployment/contact", {"seeks_work": True}, seen=seen)
        assert own.json()["registrations"][0]["contact_due_on"] == str(months_after(later, 6))
        held = officer | {"If-Match": own.headers["etag"]}
        ahead = await http.post(path, json={"on": str(later + dt.timedelta(1))}, headers=held)
        assert (ahead.status_code, ahead.json()["type"]) == (422, "/problems/contact-day")
        # one of before that is told later takes nothing back
        noted = await http.post(path, json={"on": str(later - dt.timedelta(9))}, headers=officer | held | new_key())
        assert noted.json()["registrations"][0]["contacted_on"] == str(later)
        patch.setattr(clock, "now", lambda: end_of_day(old) + dt.timedelta(hours=1))
        await city.registry.settled()
        unheard = Unheard(person.worker_id, today() - dt.timedelta(999))
        await transact(lambda tx: fall_silent(noted.json()["registrations"][0]["registration_id"], unheard, tx))
        assert (await person.last())["state"] == "registered"
    nobody = await out_of_work(City(city.registry, next(marks)))
    await nobody.register()
    view = await nobody.get("unemployment")
    ended_one = await nobody.post("unemployment/end", {"ending": "own_wish"}, seen=view.headers["etag"])
    gone = await nobody.post("unemployment/contact", {"seeks_work": True}, seen=ended_one.headers["etag"])
    assert gone.status_code == 404


async def test_own_work_is_registered_and_ends_unemployment(city: City) -> None:
    person = await out_of_work(city)
    await person.register()
    work = {"district": "510603", "starts_on": str(today())}
    answer = await person.post("employment/works", work)
    assert answer.status_code == 201, answer.text
    view = answer.json()
    assert [(one["starts_on"], one["forms"][0]["form"]) for one in view["registrations"]][-1] == (
        str(today()),
        "flexible",
    )
    assert (await person.last())["ending"] == "employed"
    assert (await person.post("employment/works", work)).status_code == 409
    assert len(await person.told(EmploymentRegistered)) == 2
    path = f"employment/works/{view['works'][0]['work_id']}/end"
    early = {"ends_on": str(today() - dt.timedelta(1))}
    assert (await person.post(path, early, seen=answer.headers["etag"])).status_code == 422
    done = await person.post(path, {"ends_on": str(today())}, seen=answer.headers["etag"])
    assert done.json()["registrations"][-1]["ends_on"] == str(today())
    assert (await person.post(path, {"ends_on": str(today())}, seen=done.headers["etag"])).status_code == 409
    unknown = await person.post("employment/works/none/end", {"ends_on": str(today())}, seen=done.headers["etag"])
    assert unknown.status_code == 404


async def test_work_through_a_platform_does_not_end_own_work(city: City) -> None:
    await city.push(city.start())  # blocked: nothing is registered yet
    person = Person(city, await city.worker())
    assert (await person.get("employment")).status_code == 404
    assert (await person.post("employment/works", {"district": "510603", "starts_on": "2026-09-01"})).status_code == 201
    await city.push(city.start(safety_training=TRAINED, time="2026-09-02T08:00:00+08:00"), ended(platform=city.one))
    [found] = (await person.get("employment")).json()["registrations"]
    assert (found["starts_on"], found["ends_on"]) == ("2026-09-01", None)


async def test_a_certificate_says_no_more_than_what_is_asked(city: City) -> None:
    person = await out_of_work(city)
    assert (await person.get("employment-certificate")).json()["stands"] == "none"
    await person.register()
    own = (await person.get("employment-certificate")).json()
    assert (own["stands"], own["since"], own["name"]) == ("unemployed", str(today()), "试样甲")
    assert "*" in own["id_number"]

    async def valid(**asked: str) -> dict[str, Any]:
        query = {"number": own["certificate_number"], "name": "试样甲", "stands": "unemployed"} | asked
        answer = await city.registry.http.get("/v1/employment-certificates/verification", params=query)
        assert set(answer.json()) == {"valid", "since", "used"}
        return {name: answer.json()[name] for name in ("valid", "since")}

    assert await valid() == {"valid": True, "since": str(today())}
    assert await valid(name="试样 甲") == {"valid": True, "since": str(today())}
    wrong = {"valid": False, "since": None}
    assert (
        await valid(name="试样乙") == await valid(stands="flexible") == await valid(number="5106032026999999") == wrong
    )
    await person.post("employment/works", {"district": "510603", "starts_on": str(today())})
    assert await valid() == wrong
    assert (await valid(stands="flexible"))["valid"]


async def test_a_merger_takes_the_registration_along(city: City) -> None:
    person = await out_of_work(city)
    await person.register()
    await city.push(
        city.start(platform=city.other, id_number=city.somebody_else, worker_ref="n", safety_training=TRAINED),
        ended(platform=city.other, worker_ref="n"),
    )
    kept = Person(city, await city.worker(city.other))
    path = f"/v1/workers/{kept.worker_id}"
    officer = city.registry.officer
    seen = (await city.registry.http.get(path, headers=officer)).headers["etag"]
    body = {"merged_worker_id": person.worker_id, "reason": "同一人"}
    merged = await city.registry.http.post(f"{path}/mergers", json=body, headers=officer | {"If-Match": seen})
    assert merged.is_success, merged.text
    last = await kept.last()
    assert (last["state"], last["cause"], last["unemployed_since"]) == ("registered", "left_employer", "2026-09-21")
    assert [one.ending for one in await person.told(UnemploymentEnded)] == ["merged"]
    assert [one.unemployed_since for one in await kept.told(UnemploymentRegistered)] == [dt.date(2026, 9, 21)]
