"""Other people's tokens, the same fact by two applicants at one moment, a merger between two steps, and taking back at each state."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from services.subsidies.applications.documents import Application
from services.subsidies.decisions.documents import PaidFact
from shared.contracts.registry import WorkerMerged
from shared.ids import new_id
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, bearer
from tests.integration.subsidies.facts import PLATFORM, tell
from tests.integration.subsidies.filing import (
    ELSEWHERE,
    FIRST,
    OCCUPATION,
    PATH,
    SECOND,
    apply,
    apply_as,
    do,
    end_notice,
    funded,
    officer,
    read,
    signed,
    trained,
)
from tests.integration.subsidies.grants.test_grants import PANELS, START, at_work

STEPS: tuple[tuple[str, Any], ...] = (
    ("withdrawal", None),
    ("supplement", None),
    ("acceptance", None),
    ("review", {"approve": True}),
    ("confirmation", {"to_head": False}),
    ("approval", None),
    ("recusal", None),
)


async def test_nobody_elses_token_reaches_an_application(subsidies: Harness) -> None:
    key = (await apply_as(subsidies, f"w-{new_id()}"))["application_id"]
    helped = (
        await apply_as(
            subsidies,
            f"w-{new_id()}",
            kind="hardship",
            stated={"happened": [{"circumstance": "illness", "since": "2026-08-01"}]},
        )
    )["application_id"]
    strangers = [
        (key, bearer("worker", worker_id="w-stranger")),
        (key, bearer("platform", uscc=PLATFORM)),
        (key, bearer("provider", uscc=PLATFORM)),
        (key, bearer("union", sub="union:stranger")),
        (key, officer("far", ELSEWHERE)),
        (key, officer("union", "510600", "union")),
        (helped, officer("labour", "510600")),
        (helped, officer("far", ELSEWHERE, "union")),
    ]
    for application, who in strangers:
        assert (await subsidies.http.get(f"{PATH}/{application}", headers=who)).status_code == 404
        for step, body in STEPS:
            answer = await subsidies.http.post(
                f"{PATH}/{application}/{step}", json=body, headers={**who, "If-Match": '"1"'}
            )
            assert answer.status_code in (403, 404), (step, answer.text)
        listed = (await subsidies.http.get(PATH, headers=who)).json()["items"]
        assert application not in {one["application_id"] for one in listed}


async def test_one_person_placed_by_two_at_one_moment(subsidies: Harness) -> None:
    one = f"w-{new_id()}"
    await at_work(subsidies, one, f"P-{one}")
    await funded("grant")
    stated = {"project": "骑手驿站", "started_on": f"{START}", "people": [f"P-{one}"]}
    callers = [subsidies.headers("platform", uscc=PLATFORM), subsidies.headers("union", sub=f"union:{one}")]
    panel = {"decided_on": "2026-10-20", "members": 5, "amount": "8000.00", "minutes": "同意补助"}
    keys: list[str] = []
    for who in callers:
        filed = await apply(subsidies, who, kind="grant", name="项目单位", stated=stated)
        key = filed["application_id"]
        await subsidies.http.put(f"{PANELS}/{key}", json=panel, headers=officer("panel"))
        await do(subsidies, key, "acceptance", officer(FIRST))
        shown = await read(subsidies, key)
        judged = [ground["code"] for ground in shown["proposal"]["grounds"] if ground["met"] is None]
        await do(subsidies, key, "review", officer(FIRST), {"approve": True, "judged": judged})
        await do(subsidies, key, "confirmation", officer(SECOND), {"to_head": False})
        await end_notice(key)
        keys.append(key)
    answers = await asyncio.gather(*(approve(subsidies, key) for key in keys))
    assert sorted(answers) in ([200, 409], [200, 412], [200, 422]), answers
    (held,) = await PaidFact.find({"_id": f"placed:{one}"}).to_list()
    assert held.holder == keys[answers.index(200)]


async def approve(subsidies: Harness, key: str) -> int:
    seen = (await subsidies.http.get(f"{PATH}/{key}", headers=officer(SECOND))).headers["etag"]
    who = {**officer(SECOND), "If-Match": seen}
    return int((await subsidies.http.post(f"{PATH}/{key}/approval", headers=who)).status_code)


async def test_a_merger_between_two_steps_pays_once(subsidies: Harness) -> None:
    """Both records were trained for the same; one was approved, the other stands on public notice as they turn out to be one."""
    kept, merged = f"w-{new_id()}", f"w-{new_id()}"
    await funded()
    keys = []
    for one in (kept, merged):
        await trained(subsidies, one)
        key = (await apply_as(subsidies, one))["application_id"]
        await signed(subsidies, key)
        await end_notice(key)
        keys.append(key)
    assert await approve(subsidies, keys[0]) == 200
    await tell(subsidies, WorkerMerged(worker_id=kept, merged_worker_id=merged))
    await subsidies.settled()
    assert await approve(subsidies, keys[1]) == 409
    shown = await do(subsidies, keys[1], "proposal", officer(FIRST))
    met = {ground["code"]: ground["met"] for ground in shown["proposal"]["grounds"]}
    assert (shown["state"], met["not_paid_before"]) == ("reviewing", False)
    wish = {"approve": True, "amount": "800.00"}
    await do(subsidies, keys[1], "review", officer(FIRST), wish, expect=422)
    held = await PaidFact.find({"_id": {"$regex": f"^training:({kept}|{merged}):course:"}}).to_list()
    assert [(one.id, one.holder) for one in held] == [(f"training:{kept}:course:{OCCUPATION}", keys[0])]


@pytest.mark.parametrize(
    ("state", "taken_back"),
    [
        ("submitted", 200), ("supplementing", 200), ("reviewing", 200), ("reviewed", 200), ("endorsing", 200), ("notice", 200),
        ("refused", 409), ("approved", 409), ("queued", 200), ("paying", 409), ("paid", 409), ("failed", 409), ("recovered", 409),
        ("withdrawn", 409),
    ],
)  # fmt: skip
async def test_what_may_be_taken_back_at_each_state(subsidies: Harness, state: Any, taken_back: int) -> None:
    one = f"w-{new_id()}"
    key = (await apply_as(subsidies, one))["application_id"]

    async def stand(tx: Transaction) -> None:
        application = await Application.of(key, tx)
        assert application is not None
        application.state = state
        await application.put(tx)

    await transact(stand)
    own = bearer("worker", worker_id=one)
    await do(subsidies, key, "withdrawal", own, expect=taken_back)
    assert (await read(subsidies, key, own))["state"] == ("withdrawn" if taken_back == 200 else state)
