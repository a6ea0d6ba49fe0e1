"""Officers and agents who reach for more than is theirs, and what no bank or calendar takes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from services.subsidies.applications.documents import Application
from shared import clock
from shared.ids import new_id
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, bearer
from tests.integration.subsidies.filing import (
    ACCOUNT,
    ELSEWHERE,
    FIRST,
    PATH,
    SECOND,
    apply,
    apply_as,
    do,
    officer,
    read,
    signed,
    trained,
)

COMMUNITY: dict[str, Any] = {
    "kind": "grant",
    "name": "旌阳社区",
    "applicant": {"kind": "community", "id": "community-1"},
    "stated": {"project": "零工驿站", "started_on": "2026-01-05", "people": ["5106000001"]},
}


async def test_who_files_for_a_community_does_not_check_it(subsidies: Harness) -> None:
    """An officer of another district files; what officers do with it is none of theirs, though they follow it."""
    filer = officer("filer", ELSEWHERE)
    key = (await apply(subsidies, filer | {"Idempotency-Key": new_id()}, **COMMUNITY))["application_id"]
    assert (await read(subsidies, key, filer))["state"] == "submitted"
    for step, body in (
        ("acceptance", None),
        ("proposal", None),
        ("recusal", None),
        ("supplement-request", {"what": "名册", "until": "2026-12-31"}),
        ("payment", {"amount": "1.00"}),
    ):
        await do(subsidies, key, step, filer, body, expect=404)
    for path in ("objections", "decisions/1"):
        assert (await subsidies.http.get(f"{PATH}/{key}/{path}", headers=filer)).status_code == 404
    await do(subsidies, key, "acceptance", officer(FIRST))


async def test_an_agent_whose_mandate_is_over_acts_no_more(subsidies: Harness) -> None:
    agent = bearer("platform", uscc="91510600MA0000001E")
    until = clock.now().date() + dt.timedelta(days=3)
    mandate: dict[str, Any] = {
        "applicant": {"kind": "person", "id": "w-over"},
        "mandate": {"number": "WT-1", "until": f"{until}"},
    }
    key, other = [
        (await apply(subsidies, agent | {"Idempotency-Key": new_id()}, **mandate))["application_id"] for _ in range(2)
    ]
    await do(subsidies, other, "withdrawal", agent)
    with time_machine.travel(clock.now() + dt.timedelta(days=6), tick=True):
        agent = bearer("platform", uscc="91510600MA0000001E")
        assert (await subsidies.http.get(f"{PATH}/{key}", headers=agent)).status_code == 404
        listed = (await subsidies.http.get(PATH, headers=agent)).json()["items"]
        assert key not in [one["application_id"] for one in listed]
        await do(subsidies, key, "withdrawal", agent, expect=404)
        await do(subsidies, key, "withdrawal", bearer("worker", worker_id="w-over"))


@pytest.mark.parametrize("holder", ["=1+1", "张\u0000三", "@张三", "张\n三", "+86"])
async def test_a_holder_that_no_bank_takes_is_refused_at_once(subsidies: Harness, holder: str) -> None:
    await apply_as(subsidies, "w-holder", account={**ACCOUNT, "holder": holder}, expect=422)


@pytest.mark.parametrize("day", ["9999-12-31", "1900-01-01"])
async def test_days_at_the_edge_are_refused_not_an_error(subsidies: Harness, day: str) -> None:
    key = (await apply_as(subsidies, "w-edge"))["application_id"]
    await do(subsidies, key, "supplement-request", officer(FIRST), {"what": "证书", "until": day}, expect=422)
    stated = {"course": "网约配送员（四级）", "completed_on": day, "public_pension": False}
    answer = await subsidies.http.post(
        PATH,
        json={"kind": "training", "name": "张三", "district": "510603", "stated": stated, "account": ACCOUNT},
        headers={**bearer("worker", worker_id="w-edge"), "Idempotency-Key": new_id()},
    )
    assert answer.status_code in (201, 422), answer.text


async def test_officers_decide_no_objection_of_their_own(subsidies: Harness) -> None:
    await trained(subsidies, "w-own-objection")
    key = (await apply_as(subsidies, "w-own-objection"))["application_id"]
    await signed(subsidies, key)

    async def open_now(tx: Transaction) -> None:
        application = await Application.of(key, tx)
        assert application is not None
        application.notice_since = clock.now().date() - dt.timedelta(days=1)
        await application.put(tx)

    await transact(open_now)
    made = await subsidies.http.post(
        f"/v1/subsidy-notices/{key}/objections",
        json={"text": "不实"},
        headers={**officer("objector"), "Idempotency-Key": new_id()},
    )
    assert made.status_code == 201, made.text
    path = f"{PATH}/{key}/objections/{made.json()['objection_id']}"
    for who, status in (("objector", 403), (SECOND, 200)):
        seen = (await subsidies.http.get(path, headers=officer(who))).headers["etag"]
        answer = await subsidies.http.post(
            f"{path}/decision", json={"upheld": False, "answer": "不成立"}, headers={**officer(who), "If-Match": seen}
        )
        assert answer.status_code == status, answer.text


async def test_a_signer_who_stays_away_ends_the_notice(subsidies: Harness) -> None:
    await trained(subsidies, "w-notice-kin")
    key = (await apply_as(subsidies, "w-notice-kin"))["application_id"]
    assert (await signed(subsidies, key))["state"] == "notice"
    back = await do(subsidies, key, "recusal", officer(SECOND))
    assert (back["state"], back["review"]) == ("reviewing", None)
    listed = (await subsidies.http.get("/v1/subsidy-notices", params={"limit": 100})).json()["items"]
    assert key not in [one["application_id"] for one in listed]
