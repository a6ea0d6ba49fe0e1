"""Bodies that train or evaluate, as they file and officers check them over HTTP; none of them exists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from shared import clock
from shared.policy.calendar import SHANGHAI, shanghai_date
from shared.storage.client import storage
from tests.harness import Harness
from tests.unit.identity.numbers import make_uscc

FILINGS = "/v1/training-provider-filings"
RIDER = {"code": "4-02-07-10", "name": "网约配送员", "levels": ["special", "junior", "intermediate"]}
HERE = "510603"


def today() -> dt.date:
    return shanghai_date(clock.now())


def in_days(count: int) -> str:
    return str(today() + dt.timedelta(count))


def uscc(number: int) -> str:
    return make_uscc(f"MJ{number:07d}")


def filed_as(kind: str, **more: Any) -> dict[str, Any]:
    return {
        "kind": kind,
        "name": "德阳市骑手职业培训学校",
        "district": HERE,
        "address": "天山南路一段 1 号",
        "phone": "13800138000",
        "occupations": [RIDER],
    } | more


async def step(
    subsidies: Harness,
    who: Mapping[str, str],
    path: str,
    json: Any = None,
    *,
    seen: int = 1,
    expect: int = 200,
) -> Any:
    """What is answered to a change that rests on a revision."""
    answer = await subsidies.http.post(path, json=json, headers={**who, "If-Match": f'"{seen}"'})
    assert answer.status_code == expect, answer.text
    return answer.json()


def provider(subsidies: Harness, code: str) -> dict[str, str]:
    return subsidies.headers("provider", uscc=code)


async def submit(subsidies: Harness, code: str, kind: str, *, expect: int = 201, **more: Any) -> Any:
    answer = await subsidies.http.post(FILINGS, json=filed_as(kind, **more), headers=provider(subsidies, code))
    assert answer.status_code == expect, answer.text
    return answer.json()


async def on_file(subsidies: Harness, code: str, kind: str = "training_body", days: int = 300, **more: Any) -> str:
    """The id of a filing that an officer has accepted."""
    filing = await submit(subsidies, code, kind, **more)
    who = subsidies.headers("officer", department="post" if kind == "courier_base" else "hrss", district="510600")
    path = f"{FILINGS}/{filing['filing_id']}/acceptance"
    await step(subsidies, who, path, {"valid_from": in_days(-30), "valid_to": in_days(days)})
    return str(filing["filing_id"])


def course(**more: Any) -> dict[str, Any]:
    """A programme of two sessions, that begins in ten days."""
    sessions = [
        {"code": f"s{number}", "starts_at": f"{day}T09:00:00+08:00", "ends_at": f"{day}T12:00:00+08:00", "hours": 4}
        for number, day in ((1, in_days(10)), (2, in_days(11)))
    ]
    return {
        "kind": "training_body",
        "title": "网约配送员初级班",
        "industry": "instant_delivery",
        "occupation": RIDER["code"],
        "level": "junior",
        "hours": 8,
        "capacity": 30,
        "mode": "mixed",
        "address": "天山南路一段 1 号",
        "district": HERE,
        "starts_on": in_days(10),
        "ends_on": in_days(11),
        "enrol_until": in_days(9),
        "sessions": sessions,
    } | more


PROGRAMMES = "/v1/training-programme-filings"


async def published(subsidies: Harness, code: str, **more: Any) -> str:
    """The id of a published programme of a body that is on file."""
    asked = await subsidies.http.post(PROGRAMMES, json=course(**more), headers=provider(subsidies, code))
    assert asked.status_code == 201, asked.text
    programme = str(asked.json()["programme_id"])
    await step(subsidies, subsidies.officer, f"{PROGRAMMES}/{programme}/publication")
    return programme


async def begun(programme: str, *, days_ago: int = 3) -> None:
    """Let a programme's two sessions have been held on one morning some days ago, as no body could have asked for."""
    day = dt.datetime.combine(today() - dt.timedelta(days_ago), dt.time(9), SHANGHAI)
    sessions = [
        {"code": f"s{n}", "starts_at": begins, "ends_at": begins + dt.timedelta(hours=1), "hours": 4}
        for n, begins in ((1, day), (2, day + dt.timedelta(hours=2)))
    ]
    when = {"sessions": sessions, "starts_on": in_days(-days_ago), "ends_on": in_days(-days_ago)}
    await storage().collection("programmes").update_one({"_id": programme}, {"$set": when})


async def enrol(subsidies: Harness, programme: str, worker_id: str, *, expect: int = 201) -> Any:
    path, who = f"/v1/training-programmes/{programme}/enrolments", subsidies.headers("worker", worker_id=worker_id)
    answer = await subsidies.http.post(path, headers=who)
    assert answer.status_code == expect, answer.text
    return answer.json()


async def report(
    subsidies: Harness, who: Mapping[str, str], programme: str, *rows: tuple[str, str], expect: int = 200
) -> list[str]:
    """What is answered to each row of a report of attendance: an enrolment and a session."""
    body = {"rows": [{"enrolment_id": enrolment, "session": session} for enrolment, session in rows]}
    path = f"/v1/training-programmes/{programme}/attendance"
    answer = await subsidies.http.post(path, json=body, headers=dict(who))
    assert answer.status_code == expect, answer.text
    return [row["answer"] for row in answer.json()["rows"]] if expect == 200 else []


async def complete(subsidies: Harness, code: str, programme: str, *enrolments: str) -> list[str]:
    path = f"/v1/training-programmes/{programme}/completions"
    who = provider(subsidies, code)
    answer = await subsidies.http.post(path, json={"enrolments": list(enrolments)}, headers=who)
    assert answer.status_code == 200, answer.text
    return [row["answer"] for row in answer.json()["rows"]]


async def examined(
    subsidies: Harness, code: str, programme: str, *results: dict[str, Any], expect: int = 200
) -> list[str]:
    path = f"/v1/training-programmes/{programme}/examination-results"
    answer = await subsidies.http.post(path, json={"results": list(results)}, headers=provider(subsidies, code))
    assert answer.status_code == expect, answer.text
    return [row["answer"] for row in answer.json()["rows"]] if expect == 200 else []
