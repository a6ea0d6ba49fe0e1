"""Public notices, objections to them, supplements, terms, and contested decisions."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from services.subsidies.app import service
from services.subsidies.appeals.documents import Appeal
from services.subsidies.applications.documents import Application
from services.subsidies.applications.term_commands import CALENDAR
from services.subsidies.revisions.documents import Revision
from shared import clock
from shared.contracts.subsidies import (
    AppealDecided,
    ApplicationAccepted,
    ApplicationDeadlineNear,
    ApplicationOverdue,
    ApplicationWithdrawn,
    NoticeClosed,
    NoticeObjected,
    SupplementAsked,
)
from shared.policy.calendar import add_days, months_after, shanghai_date
from shared.policy.contesting import review_decided_by
from shared.policy.parameters import parameters
from shared.storage.audit import AuditEntry
from shared.storage.client import collection_of
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, bearer, eventually
from tests.integration.at_rest import holding
from tests.integration.subsidies.filing import (
    FIRST,
    SECOND,
    apply_as,
    approved,
    do,
    end_notice,
    funded,
    officer,
    read,
    signed,
    trained,
)
from tests.integration.years import before_2027, forget_watches, publish_2027

PATH = "/v1/subsidy-applications"
OTHERS = "third", "fourth"


async def begin_notice(key: str) -> None:
    """Make a public notice one that began today."""

    async def shift(tx: Transaction) -> None:
        application = await Application.of(key, tx)
        assert application is not None
        application.notice_since = clock.now().date() - dt.timedelta(days=1)
        await application.put(tx)

    await transact(shift)


async def public(subsidies: Harness, path: str, key: str) -> list[dict[str, Any]]:
    page = (await subsidies.http.get(path, params={"limit": 500})).json()
    return [one for one in page["items"] if one["application_id"] == key]


async def test_everybody_reads_a_notice_with_a_masked_name(subsidies: Harness) -> None:
    await trained(subsidies, "w-notice")
    key = (await apply_as(subsidies, "w-notice", name="欧阳小花"))["application_id"]
    assert await public(subsidies, "/v1/subsidy-notices", key) == []
    await signed(subsidies, key)
    (shown,) = await public(subsidies, "/v1/subsidy-notices", key)
    assert (shown["name"], shown["amount"], "worker_id" in shown) == ("欧阳**", "800.00", False)
    await funded()
    await end_notice(key)
    await do(subsidies, key, "approval", officer(SECOND))
    assert await public(subsidies, "/v1/subsidy-notices", key) == []
    (shown,) = await public(subsidies, "/v1/public-subsidies", key)
    assert (shown["name"], shown["amount"]) == ("欧阳**", "800.00")

    async def long_ago(tx: Transaction) -> None:
        application = await Application.of(key, tx)
        assert application is not None
        application.decided_on = months_after(shanghai_date(clock.now()), -13)
        await application.put(tx)

    await transact(long_ago)
    assert await public(subsidies, "/v1/public-subsidies", key) == []


async def test_an_objection_stops_an_approval_until_it_is_decided(subsidies: Harness) -> None:
    await trained(subsidies, "w-objected")
    key = (await apply_as(subsidies, "w-objected"))["application_id"]
    await signed(subsidies, key)
    path = f"/v1/subsidy-notices/{key}/objections"
    neighbour = {"worker_id": "w-neighbour"}
    early = await subsidies.http.post(
        path, json={"text": "他没有参训"}, headers=subsidies.headers("worker", **neighbour)
    )
    assert early.status_code == 409
    await begin_notice(key)
    made = await subsidies.http.post(
        path, json={"text": "他没有参训"}, headers=subsidies.headers("worker", **neighbour)
    )
    assert made.status_code == 201
    again = await subsidies.http.post(path, json={"text": "再说一次"}, headers=subsidies.headers("worker", **neighbour))
    assert (again.status_code, again.json()["type"]) == (409, "/problems/objected-already")
    assert [one.objection_id for one in await subsidies.told(NoticeObjected)] == [made.json()["objection_id"]]
    await end_notice(key)
    await do(subsidies, key, "approval", officer(SECOND), expect=409)
    objection = made.json()["objection_id"]
    listed = (await subsidies.http.get(f"{PATH}/{key}/objections", headers=officer(FIRST))).json()
    assert [(one["objection_id"], one["text"]) for one in listed["items"]] == [(objection, "他没有参训")]
    seen = (await subsidies.http.get(f"{PATH}/{key}/objections/{objection}", headers=officer(FIRST))).headers["etag"]
    answer, headers = {"upheld": True, "answer": "经查属实"}, {**officer(FIRST), "If-Match": seen}
    done = await subsidies.http.post(f"{PATH}/{key}/objections/{objection}/decision", json=answer, headers=headers)
    assert done.json()["state"] == "upheld"
    assert (await read(subsidies, key))["state"] == "reviewing"
    own = (await subsidies.http.get("/v1/subsidy-objections", headers=bearer("worker", **neighbour))).json()
    assert [item["answer"] for item in own["items"]] == ["经查属实"]


async def test_what_nobody_looks_at_is_taken_up_from_its_first_day(subsidies: Harness) -> None:
    await trained(subsidies, "w-unseen")
    filed = await apply_as(subsidies, "w-unseen")
    asked = (await apply_as(subsidies, "w-asked"))["application_id"]
    until = f"{clock.now().date() + dt.timedelta(days=30)}"
    await do(subsidies, asked, "supplement-request", officer(FIRST), {"what": "请补充身份证明", "until": until})

    async def taken_up() -> bool:
        return bool((await read(subsidies, filed["application_id"]))["state"] == "reviewing")

    with time_machine.travel(clock.now() + dt.timedelta(days=15)):
        await eventually(taken_up)
    (told,) = [
        one for one in await subsidies.told(ApplicationAccepted) if one.application_id == filed["application_id"]
    ]
    known = await Application.get(filed["application_id"])
    assert known is not None
    assert (known.accepted_on, told.due_on) == (known.filed_on, known.due_on)
    assert (await read(subsidies, asked))["state"] == "supplementing"


async def test_what_is_missing_is_asked_once_and_lapses(subsidies: Harness) -> None:
    key = (await apply_as(subsidies, "w-missing"))["application_id"]
    what = {"what": "请补充身份证明"}
    await do(subsidies, key, "supplement-request", officer(FIRST), what, expect=422)
    until = f"{clock.now().date() + dt.timedelta(days=10)}"
    await do(subsidies, key, "supplement-request", officer(FIRST), what | {"until": until})
    mine = bearer("worker", worker_id="w-missing")
    assert (await read(subsidies, key, mine))["supplement"] == "请补充身份证明"
    assert (await do(subsidies, key, "supplement", mine))["state"] == "submitted"
    await do(subsidies, key, "supplement-request", officer(FIRST), what | {"until": until}, expect=409)
    other = (await apply_as(subsidies, "w-lapsed"))["application_id"]
    await do(subsidies, other, "supplement-request", officer(FIRST), what | {"until": until})

    async def lapsed() -> bool:
        return bool((await read(subsidies, other))["state"] == "withdrawn")

    async def reminded() -> list[str]:
        return [one.application_id for one in await subsidies.told(SupplementAsked) if one.reminder]

    assert other not in await reminded()
    with time_machine.travel(dt.datetime.fromisoformat(f"{until}T01:30:00Z")):  # the last day, as the office works
        await eventually(reminded)
    assert (other in await reminded(), key in await reminded()) == (True, False)
    with time_machine.travel(clock.now() + dt.timedelta(days=12)):
        await eventually(lapsed)
    assert [one.lapsed for one in await subsidies.told(ApplicationWithdrawn) if one.application_id == other] == [True]


async def test_a_late_decision_is_told_near_and_overdue(subsidies: Harness) -> None:
    """Ten working days to decide on a training subsidy; the warning comes once, and so does the end."""
    key = (await apply_as(subsidies, "w-term"))["application_id"]
    accepted = await do(subsidies, key, "acceptance", officer(FIRST))
    assert accepted["due_on"] is not None
    due = dt.date.fromisoformat(accepted["due_on"])

    async def told(kind: Any) -> list[dt.date]:
        return [one.due_on for one in await subsidies.told(kind) if one.application_id == key]

    async def both() -> bool:
        return bool(await told(ApplicationOverdue))

    with time_machine.travel(dt.datetime.combine(due, dt.time(20), dt.UTC)):
        await eventually(both)
    assert await told(ApplicationDeadlineNear) == await told(ApplicationOverdue) == [due]
    assert (await read(subsidies, key))["overdue"] is True


async def test_the_end_of_a_notice_is_told(subsidies: Harness) -> None:
    await trained(subsidies, "w-end")
    key = (await apply_as(subsidies, "w-end"))["application_id"]
    until = dt.date.fromisoformat((await signed(subsidies, key))["notice_until"])

    async def closed() -> bool:
        return [one.until for one in await subsidies.told(NoticeClosed) if one.application_id == key] == [until]

    with time_machine.travel(dt.datetime.combine(until, dt.time(20), dt.UTC)):
        await eventually(closed)


async def contest(subsidies: Harness, key: str, who: dict[str, str]) -> str:
    seen = (await subsidies.http.get(f"{PATH}/{key}", headers=who)).headers["etag"]
    body = {"forum": "review", "text": "我参加了培训"}
    answer = await subsidies.http.post(f"{PATH}/{key}/appeals", json=body, headers={**who, "If-Match": seen})
    assert answer.status_code == 201, answer.text
    again = await subsidies.http.post(f"{PATH}/{key}/appeals", json=body, headers={**who, "If-Match": seen})
    assert again.status_code == 409
    return str(answer.json()["appeal_id"])


async def outcome(
    subsidies: Harness, key: str, appeal: str, who: str, *, upheld: bool, received_on: str | None = None
) -> int:
    seen = (await subsidies.http.get(f"{PATH}/{key}/appeals/{appeal}", headers=officer(who))).headers["etag"]
    body, headers = (
        {"upheld": upheld, "document": "德府复〔2026〕1号", "answer": "撤销", "received_on": received_on},
        {**officer(who), "If-Match": seen},
    )
    answer = await subsidies.http.post(f"{PATH}/{key}/appeals/{appeal}/outcome", json=body, headers=headers)
    return answer.status_code


async def test_a_refusal_set_aside_is_decided_by_others(subsidies: Harness) -> None:
    key = (await apply_as(subsidies, "w-appeal"))["application_id"]
    await do(subsidies, key, "acceptance", officer(FIRST))
    await do(subsidies, key, "review", officer(FIRST), {"approve": False, "against": ["certificate"]})
    await do(subsidies, key, "confirmation", officer(SECOND), {})
    appeal = await contest(subsidies, key, bearer("worker", worker_id="w-appeal"))
    assert await outcome(subsidies, key, appeal, FIRST, upheld=False) == 409
    assert await outcome(subsidies, key, appeal, OTHERS[0], upheld=False) == 200
    shown = await subsidies.http.get(f"{PATH}/{key}/appeals", headers=bearer("worker", worker_id="w-appeal"))
    assert [(one["state"], one["document"]) for one in shown.json()["items"]] == [("overturned", "德府复〔2026〕1号")]
    assert [one.upheld for one in await subsidies.told(AppealDecided) if one.application_id == key] == [False]
    assert (await read(subsidies, key))["state"] == "reviewing"
    await do(subsidies, key, "review", officer(FIRST), {"approve": False, "against": ["certificate"]}, expect=403)
    await do(subsidies, key, "review", officer(OTHERS[1]), {"approve": False, "against": ["certificate"]})


async def test_who_contests_a_decision_may_stop_doing_so(subsidies: Harness) -> None:
    key = (await apply_as(subsidies, "w-stop"))["application_id"]
    await do(subsidies, key, "acceptance", officer(FIRST))
    await do(subsidies, key, "review", officer(FIRST), {"approve": False, "against": ["certificate"]})
    await do(subsidies, key, "confirmation", officer(SECOND), {})
    mine = bearer("worker", worker_id="w-stop")
    appeal = await contest(subsidies, key, mine)
    headers = {**mine, "If-Match": '"1"'}
    gone = await subsidies.http.post(f"{PATH}/{key}/appeals/{appeal}/withdrawal", headers=headers)
    assert gone.json()["state"] == "withdrawn"


async def test_an_approval_set_aside_is_an_officers_case(subsidies: Harness) -> None:
    await trained(subsidies, "w-less")
    key = (await apply_as(subsidies, "w-less"))["application_id"]
    await approved(subsidies, key)
    appeal = await contest(subsidies, key, bearer("worker", worker_id="w-less"))
    assert await outcome(subsidies, key, appeal, OTHERS[0], upheld=False) == 200
    (revision,) = await Revision.find({"application_id": key}).to_list()
    assert (revision.cause, revision.difference) == ("appeal", None)


async def refused(subsidies: Harness, worker_id: str, **more: Any) -> str:
    key = str((await apply_as(subsidies, worker_id, **more))["application_id"])
    await do(subsidies, key, "acceptance", officer(FIRST))
    await do(subsidies, key, "review", officer(FIRST), {"approve": False, "against": ["certificate"]})
    await do(subsidies, key, "confirmation", officer(SECOND), {})
    return key


async def sue(subsidies: Harness, key: str, who: dict[str, str], filed_on: dt.date | None = None) -> int:
    seen = (await subsidies.http.get(f"{PATH}/{key}", headers=who)).headers["etag"]
    body = {"forum": "court", "text": "我参加了培训", "filed_on": None if filed_on is None else f"{filed_on}"}
    headers = {**who, "If-Match": seen}
    return (await subsidies.http.post(f"{PATH}/{key}/appeals", json=body, headers=headers)).status_code


async def test_nobody_sues_while_a_review_goes_on(subsidies: Harness) -> None:
    """行政复议法 art. 29; after a review that upholds, fifteen days from its receipt (行政诉讼法 art. 45)."""
    key, mine = await refused(subsidies, "w-both"), bearer("worker", worker_id="w-both")
    appeal = await contest(subsidies, key, mine)
    assert await sue(subsidies, key, mine) == 409
    assert await outcome(subsidies, key, appeal, OTHERS[0], upheld=True) == 422
    today = shanghai_date(clock.now())
    assert await outcome(subsidies, key, appeal, OTHERS[0], upheld=True, received_on=f"{today}") == 200
    with time_machine.travel(clock.now() + dt.timedelta(days=3), tick=True):
        mine = bearer("worker", worker_id="w-both")
        assert await sue(subsidies, key, mine, today - dt.timedelta(days=1)) == 422
        assert await sue(subsidies, key, mine, today) == 201


async def serve(subsidies: Harness, key: str, on: dt.date, expect: int = 200, **more: Any) -> dict[str, Any]:
    body = {"way": "mail", "on": f"{on}", "evidence": "EMS 1234"} | more
    return await do(subsidies, key, "services", officer(FIRST), body, expect=expect)


async def decided_on(key: str, days_ago: int) -> None:
    """Let the decision have been taken that long ago."""
    day = dt.datetime.combine(shanghai_date(clock.now()) - dt.timedelta(days_ago), dt.time())
    await collection_of(Application).update_one({"_id": key}, {"$set": {"decided_on": day, "letter_on": day}})


async def test_a_decision_is_contested_from_its_service_on(subsidies: Harness) -> None:
    """行政复议法 art. 20; 行政诉讼法 art. 46: a hundred days after the decision, ten after its receipt, there is still time."""
    key, mine = await refused(subsidies, "w-served"), bearer("worker", worker_id="w-served")
    today = shanghai_date(clock.now())
    before = await read(subsidies, key, mine)
    assert (before["served_on"], before["review_by"], before["sue_by"]) == (None, None, None)
    await serve(subsidies, key, today + dt.timedelta(1), expect=422)
    await serve(subsidies, key, today, expect=422, way="electronic")
    await decided_on(key, 300)
    received = today - dt.timedelta(10)
    shown = await serve(subsidies, key, received)
    assert (shown["served_on"], shown["review_by"]) == (f"{received}", f"{add_days(received, 60).due}")
    await serve(subsidies, key, received, expect=409)
    own = await read(subsidies, key, mine)
    assert [(one["on"], one["evidence"]) for one in own["services"]] == [(f"{received}", None)]
    await contest(subsidies, key, mine)
    assert await holding("EMS 1234") == []


async def test_a_wrong_service_is_corrected(subsidies: Harness) -> None:
    """By it the applicant was late; the right one counts, and the wrong one stays on file."""
    key, mine = await refused(subsidies, "w-wrongly"), bearer("worker", worker_id="w-wrongly")
    today = shanghai_date(clock.now())
    await decided_on(key, 300)
    nothing = {"reason": "收件人有误", "anew": None}
    await do(subsidies, key, "service-corrections", officer(FIRST), nothing, expect=409)
    await serve(subsidies, key, today - dt.timedelta(299))
    assert await sue(subsidies, key, mine) == 409
    anew = {"way": "direct", "on": f"{today}", "evidence": "回证"}
    shown = await do(subsidies, key, "service-corrections", officer(FIRST), nothing | {"anew": anew})
    assert [one["corrected_for"] for one in shown["services"]] == ["收件人有误", None]
    assert shown["review_by"] == f"{add_days(today, 60).due}"
    shown = await do(subsidies, key, "service-corrections", officer(FIRST), nothing)
    assert (shown["served_on"], shown["review_by"]) == (None, None)
    assert await sue(subsidies, key, mine) == 201
    entries = await AuditEntry.find({"about": key, "action": "subsidy_application.service_corrected"}).to_list()
    assert len(entries) == 2


async def test_a_review_that_is_late_is_left_for_the_court(subsidies: Harness) -> None:
    """行政诉讼法 art. 45: within fifteen days of the end of its term, as it may have been prolonged."""
    key, mine = await refused(subsidies, "w-silent"), bearer("worker", worker_id="w-silent")
    await decided_on(key, 250)
    appeal = await contest(subsidies, key, mine)
    assert await sue(subsidies, key, mine) == 409
    for days_ago, answer in ((200, 409), (80, 201)):
        filed = dt.datetime.combine(shanghai_date(clock.now()) - dt.timedelta(days_ago), dt.time())
        over = dt.datetime.combine(review_decided_by(filed.date(), parameters.on(filed.date())), dt.time())
        change = {"$set": {"filed_on": filed, "due_on": over}}
        await collection_of(Appeal).update_one({"_id": appeal}, change)
        assert await sue(subsidies, key, mine) == answer


async def test_others_deal_with_an_approval_set_aside(subsidies: Harness) -> None:
    await trained(subsidies, "w-others")
    key = str((await apply_as(subsidies, "w-others"))["application_id"])
    await approved(subsidies, key)
    appeal = await contest(subsidies, key, bearer("worker", worker_id="w-others"))
    assert await outcome(subsidies, key, appeal, OTHERS[0], upheld=False) == 200
    path = f"/v1/subsidy-revisions/{appeal}"
    body = {"answer": "recover", "amount": "-100.00", "reason": "复议决定"}
    for who, expected in ((FIRST, 403), (OTHERS[1], 200)):
        seen = (await subsidies.http.get(path, headers=officer(who))).headers["etag"]
        headers = {**officer(who), "If-Match": seen}
        answer = await subsidies.http.post(f"{path}/proposal", json=body, headers=headers)
        assert answer.status_code == expected, answer.text


async def test_whoever_is_refused_for_another_reason_reads_it(subsidies: Harness) -> None:
    key, mine = (await apply_as(subsidies, "w-why"))["application_id"], bearer("worker", worker_id="w-why")
    await do(subsidies, key, "acceptance", officer(FIRST))
    finding: dict[str, Any] = {"approve": False, "against": ["other"]}
    await do(subsidies, key, "review", officer(FIRST), finding, expect=422)
    await do(subsidies, key, "review", officer(FIRST), finding | {"note": "所报班次不是补贴性培训"})
    assert (await read(subsidies, key, mine))["reason"] is None
    await do(subsidies, key, "confirmation", officer(SECOND), {})
    assert (await read(subsidies, key, mine))["reason"] == "所报班次不是补贴性培训"


@pytest.mark.parametrize("watched", [True, False], ids=["watched", "stored before"])
async def test_a_published_year_moves_the_day_to_decide(
    subsidies: Harness, monkeypatch: pytest.MonkeyPatch, watched: bool
) -> None:
    """Ten working days after 28 December by weekends alone, and with New Year's Day off. Also where nothing watched it."""
    with before_2027():
        key = (await apply_as(subsidies, f"w-year-{watched}"))["application_id"]
        accepted = await do(subsidies, key, "acceptance", officer(FIRST))
        assert accepted["due_on"] == "2027-01-11"
        if not watched:
            await forget_watches(CALENDAR.name)
        await publish_2027(monkeypatch, stored=[] if watched else service.deadlines)

        async def moved() -> bool:
            return bool((await read(subsidies, key))["due_on"] == "2027-01-12")

        await eventually(moved)
