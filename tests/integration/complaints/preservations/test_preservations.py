"""Evidence is registered and kept by leave of the head, for seven working days at most (行政处罚法 art. 56)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest_asyncio
import time_machine

from shared import clock
from shared.contracts.complaints import PreservationEnded, PreservationMade, TermNear
from shared.policy.calendar import SHANGHAI, add_working_days, shanghai_date
from tests.harness import Harness, bearer
from tests.integration.at_rest import holding
from tests.integration.complaints.penalties.cases import case_of
from tests.integration.complaints.penalties.course import HERE, Course, filed, office, officer
from tests.unit.identity.numbers import make_uscc

THINGS = "二〇二六年工资账册"


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def _office(complaints: Harness) -> None:
    await office()


def keeping(origin_id: str, **changes: Any) -> dict[str, Any]:
    body = {
        "origin": "penalty",
        "origin_id": origin_id,
        "place": "财务室",
        "items": [{"what": THINGS, "count": 3, "condition": "完好"}],
        "reason": "有人看见正在撕毁",
        "officers": ["p-first", "p-second"],
    }
    return body | changes


async def ask(complaints: Harness, body: dict[str, Any], by: str = "p-first") -> tuple[int, dict[str, Any]]:
    headers = complaints.headers("officer", department="hrss", district=HERE) | officer(by)
    answer = await complaints.http.post("/v1/preservations", json=body, headers=headers)
    return answer.status_code, dict(answer.json())


class Kept:
    """What is kept, on its way."""

    def __init__(self, complaints: Harness, shown: dict[str, Any]) -> None:
        self.complaints, self.shown = complaints, shown
        self.id = str(shown["preservation_id"])

    @property
    def enterprise(self) -> dict[str, str]:
        return bearer("platform", uscc=self.shown["enterprise"])

    async def do(self, what: str, by: str, body: Any = None) -> tuple[int, str]:
        path = f"/v1/preservations/{self.id}"
        etag = (await self.complaints.http.get(path, headers=officer(by))).headers.get("etag", '"0"')
        answer = await self.complaints.http.post(f"{path}/{what}", json=body, headers=officer(by) | {"If-Match": etag})
        if answer.status_code == 200:
            self.shown = answer.json()
        return answer.status_code, str(answer.json().get("type", "")).removeprefix("/problems/")

    async def read_list(self, who: dict[str, str] | None = None) -> tuple[int, dict[str, Any]]:
        answer = await self.complaints.http.get(f"/v1/preservations/{self.id}/list", headers=who or self.enterprise)
        return answer.status_code, dict(answer.json())

    async def outcomes(self) -> list[str]:
        told = await self.complaints.told(PreservationEnded)
        return [one.outcome for one in told if one.preservation_id == self.id]


async def asked(complaints: Harness, uscc: str) -> Kept:
    penalty: Course = await filed(complaints, uscc)
    status, shown = await ask(complaints, keeping(penalty.id))
    assert status == 201, shown
    return Kept(complaints, shown)


async def test_the_head_lets_evidence_be_kept(complaints: Harness) -> None:
    kept = await asked(complaints, make_uscc("PK0000001"))
    assert (await kept.read_list())[0] == 404
    assert await kept.do("approval", "p-first") == (409, "same-officer")
    decision = {"outcome": "filed", "text": "复制后收入案卷，原件返还"}
    assert await kept.do("decision", "p-third", decision) == (409, "preservation-state")
    assert await kept.do("approval", "p-third") == (200, "")
    assert await kept.do("approval", "p-third") == (409, "preservation-state")
    today = shanghai_date(clock.now())
    assert kept.shown["decide_by"] == str(add_working_days(today, 7).due)
    status, shown = await kept.read_list()
    assert (status, shown["items"]) == (200, [{"what": THINGS, "count": 3, "condition": "完好"}])
    assert len(shown["officers"]) == 2
    assert not {"reason", "origin", "origin_id", "asked_by"} & {*shown}
    assert (await kept.read_list(bearer("platform", uscc=make_uscc("PK0000009"))))[0] == 404
    for who in (kept.enterprise, officer("p-second")):
        rows = (await complaints.http.get("/v1/preservations", headers=who)).json()["items"]
        assert kept.id in [one["preservation_id"] for one in rows]
    [made] = [one for one in await complaints.told(PreservationMade) if one.preservation_id == kept.id]
    assert str(made.decide_by) == kept.shown["decide_by"]
    assert await holding(THINGS) == []
    assert await kept.do("decision", "p-first", decision) == (409, "same-officer")
    assert await kept.do("decision", "p-fourth", decision) == (200, "")
    assert await kept.do("decision", "p-fourth", decision) == (409, "preservation-state")
    assert (await kept.read_list())[1]["outcome"] == "filed"
    with time_machine.travel(clock.now() + dt.timedelta(days=20), tick=True):
        await complaints.settled()
    assert await kept.outcomes() == ["filed"]


async def test_what_nobody_decides_on_lapses_and_is_told(complaints: Harness) -> None:
    kept = await asked(complaints, make_uscc("PK0000002"))
    assert await kept.do("approval", "p-third") == (200, "")
    due = dt.date.fromisoformat(kept.shown["decide_by"])
    left = (due - shanghai_date(clock.now())).days
    with time_machine.travel(
        dt.datetime.combine(due, dt.time(10), SHANGHAI), tick=True
    ):  # officers are told while they work
        await complaints.settled()
        assert await kept.outcomes() == []
        assert [one.step for one in await complaints.told(TermNear) if one.matter_id == kept.id] == [
            "decide_preservation"
        ]
    with time_machine.travel(clock.now() + dt.timedelta(days=left + 1), tick=True):
        for _ in range(2):
            await complaints.settled()
        assert await kept.outcomes() == ["lapsed"]
        assert (await kept.read_list())[1]["state"] == "lapsed"
        late = {"outcome": "filed", "text": "收入案卷"}
        assert await kept.do("decision", "p-fourth", late) == (409, "too-late")


async def test_two_inspectors_register_what_is_kept(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PK0000003"))
    for officers, kind in ((["p-first"], "too-few-inspectors"), (["p-second", "p-third"], "not-one-of-them")):
        status, refused = await ask(complaints, keeping(penalty.id, officers=officers))
        assert (status, refused["type"]) == (422, f"/problems/{kind}")
    await penalty.investigated()
    status, refused = await ask(complaints, keeping(penalty.id))
    assert (status, refused["type"]) == (409, "/problems/not-investigated")


async def test_nothing_is_kept_for_what_is_over(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PK0000006"))
    status, shown = await ask(complaints, keeping(penalty.id))
    assert status == 201, shown
    await penalty.investigated()
    kept = Kept(complaints, shown)
    assert await kept.do("approval", "p-third") == (409, "not-investigated")
    assert (await kept.read_list())[0] == 404
    assert await kept.do("refusal", "p-third", {"text": "调查已终结"}) == (200, "")


async def test_a_refusal_keeps_nothing(complaints: Harness) -> None:
    kept = await asked(complaints, make_uscc("PK0000004"))
    assert await kept.do("refusal", "p-third", {"text": "可以复制取证"}) == (200, "")
    assert (await kept.read_list())[0] == 404
    assert await kept.do("approval", "p-third") == (409, "preservation-state")


async def test_no_list_shows_who_reported(complaints: Harness) -> None:
    uscc = make_uscc("PK0000005")
    case = await case_of(complaints, uscc, "w-keeping", concluded=False)
    handler = (await case.read(case.handler))["handler"]
    other = next(one for one in ("p-first", "p-second") if one != handler)
    body = keeping(case.case_id, origin="case", officers=[handler, other])
    number = (await case.read(case.handler))["number"]
    status, refused = await ask(complaints, body | {"place": f"投诉{number}所称财务室"}, handler)
    assert (status, refused["type"]) == (409, "/problems/would-tell-reporter")
    status, shown = await ask(complaints, body, handler)
    assert status == 201, shown
    kept = Kept(complaints, shown)
    await case.do("recusal", officer("p-fourth"), {"reason": "近亲属"})
    assert await kept.do("approval", "p-fourth") == (403, "forbidden")
    assert await kept.do("approval", "p-third" if handler != "p-third" else "p-second") == (200, "")
    assert case.case_id not in str((await kept.read_list())[1])
