"""What a caller of any service's HTTP API meets."""

from __future__ import annotations

import asyncio
from typing import Any

from joserfc.jwk import ECKey

from shared.contracts import catalogue
from shared.storage.client import storage
from tests.harness import METRICS_TOKEN, Harness, token
from tests.integration.chassis.sample import Counter

WORKER = {"worker_id": "w-1"}


async def test_a_post_sent_twice_creates_once_and_answers_alike(service: Harness) -> None:
    headers = service.headers("worker", **WORKER)
    first = await service.http.post("/v1/counters", json={"name": "idem"}, headers=headers)
    second = await service.http.post("/v1/counters", json={"name": "idem"}, headers=headers)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second.headers["idempotent-replay"] == "true"
    assert await Counter.find(Counter.name == "idem").count() == 1


async def test_many_at_once_with_one_key_create_once(service: Harness) -> None:
    headers = service.headers("worker", **WORKER)
    sent = [service.http.post("/v1/counters", json={"name": "crowd"}, headers=headers) for _ in range(10)]
    statuses = {answer.status_code for answer in await asyncio.gather(*sent)}
    assert statuses <= {201, 409}
    assert await Counter.find(Counter.name == "crowd").count() == 1


async def test_another_body_under_the_same_key_is_refused(service: Harness) -> None:
    headers = service.headers("worker", **WORKER)
    await service.http.post("/v1/counters", json={"name": "a"}, headers=headers)
    answer = await service.http.post("/v1/counters", json={"name": "b"}, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/idempotency-key-reused"


async def test_a_request_whose_answer_was_lost_is_not_done_again(service: Harness) -> None:
    """The answer was lost after the work had been stored."""
    headers = service.headers("worker", **WORKER)
    await service.http.post("/v1/counters", json={"name": "lost"}, headers=headers)
    keys = storage().collection("idempotency")
    row = await keys.find_one({"answer": {"$ne": None}}, sort=[("at", -1)])
    assert row is not None
    await keys.update_one({"_id": row["_id"]}, {"$set": {"answer": None}})
    answer = await service.http.post("/v1/counters", json={"name": "lost"}, headers=headers)
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/request-done"
    assert await Counter.find(Counter.name == "lost").count() == 1


async def test_one_request_sent_many_times_at_once_is_done_once(
    service: Harness,
) -> None:
    """All of them get the same answer."""
    headers = service.headers("worker", **WORKER)
    sent = [service.http.post("/v1/counters", json={"name": "at-once"}, headers=headers) for _ in range(8)]
    answers = await asyncio.gather(*sent)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert sum("idempotent-replay" not in answer.headers for answer in answers) == 1
    assert await Counter.find(Counter.name == "at-once").count() == 1


async def test_a_request_with_another_query_is_another_request(service: Harness) -> None:
    headers = service.headers("worker", **WORKER)
    preview = await service.http.post("/v1/counters?preview=true", json={"name": "preview"}, headers=headers)
    granted = await service.http.post("/v1/counters", json={"name": "preview"}, headers=headers)
    assert preview.status_code == 201
    assert granted.status_code == 422
    assert granted.json()["type"] == "/problems/idempotency-key-reused"


async def test_a_repeated_request_gets_the_first_answer(service: Harness) -> None:
    """Also where the same work would fail by now."""
    headers = service.headers("worker", **WORKER)
    first = await service.http.post("/v1/counters/only", json={"name": "only"}, headers=headers)
    again = await service.http.post("/v1/counters/only", json={"name": "only"}, headers=headers)
    other = await service.http.post(
        "/v1/counters/only", json={"name": "only"}, headers=service.headers("worker", **WORKER)
    )
    assert [first.status_code, again.status_code, other.status_code] == [201, 201, 409]
    assert again.headers["idempotent-replay"] == "true"


async def test_what_was_answered_is_kept_encrypted(service: Harness) -> None:
    headers = service.headers("worker", **WORKER)
    await service.http.post("/v1/counters", json={"name": "told-in-confidence"}, headers=headers)
    rows = await storage().collection("idempotency").find({}).to_list(None)
    assert len(rows) > 0
    assert not [row for row in rows if b"told-in-confidence" in (row["answer"] or b"")]


async def test_a_creating_post_needs_a_key(service: Harness) -> None:
    headers = {"Authorization": service.headers("worker", **WORKER)["Authorization"]}
    answer = await service.http.post("/v1/counters", json={"name": "x"}, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/idempotency-key-missing"


async def test_a_change_needs_the_present_revision(service: Harness) -> None:
    headers = service.headers("worker", **WORKER)
    created = (await service.http.post("/v1/counters", json={"name": "etag"}, headers=headers)).json()
    await service.settled()  # its own event counts once more: the counter is at its second revision
    path = f"/v1/counters/{created['id']}"
    missing = await service.http.put(path, json={"name": "n"}, headers=headers)
    changed = await service.http.put(path, json={"name": "n"}, headers=headers | {"If-Match": '"2"'})
    stale = await service.http.put(path, json={"name": "m"}, headers=headers | {"If-Match": '"2"'})
    assert [missing.status_code, changed.status_code, stale.status_code] == [428, 200, 412]
    assert changed.headers["etag"] == '"3"'


async def test_pages_follow_each_other_without_gap_or_repetition(service: Harness) -> None:
    for number in range(7):
        headers = service.headers("worker", **WORKER)
        await service.http.post("/v1/counters", json={"name": f"page-{number}"}, headers=headers)
    names: list[str] = []
    ids: list[str] = []
    cursor: str | None = None
    while True:
        params = {"limit": "3"} | ({"cursor": cursor} if cursor else {})
        page = (await service.http.get("/v1/counters", params=params, headers=service.officer)).json()
        names += [item["name"] for item in page["items"]]
        ids += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert [name for name in names if name.startswith("page-")] == [f"page-{n}" for n in range(7)]
    assert len(ids) == len(set(ids))


async def test_a_made_up_cursor_is_a_clear_problem(service: Harness) -> None:
    answer = await service.http.get("/v1/counters", params={"cursor": "%%%"}, headers=service.officer)
    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/bad-cursor"


async def test_callers_without_a_good_token_are_turned_away(service: Harness) -> None:
    strange = ECKey.generate_key("P-256", {"kid": "test"})
    tokens = {
        "none": {},
        "garbage": {"Authorization": "Bearer abc"},
        "expired": {"Authorization": f"Bearer {token('worker', WORKER, lifetime=-120)}"},
        "other key": {"Authorization": f"Bearer {token('worker', WORKER, key=strange)}"},
        "no worker id": {"Authorization": f"Bearer {token('worker', {})}"},
    }
    for name, headers in tokens.items():
        answer = await service.http.get("/v1/counters", headers=headers)
        assert answer.status_code == 401, name
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_another_role_is_forbidden(service: Harness) -> None:
    answer = await service.http.post("/v1/counters", json={"name": "x"}, headers=service.officer)
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"]
    assert answer.json()["title_en"]


async def test_an_invalid_body_is_answered_without_quoting_it(service: Harness) -> None:
    headers = service.headers("worker", **WORKER)
    answer = await service.http.post("/v1/counters", json={"name": ["51060319900101001X"]}, headers=headers)
    assert answer.status_code == 422
    assert "51060319900101001X" not in answer.text
    assert answer.json()["errors"][0]["at"] == "body.name"


async def test_health_and_documents_are_served_without_a_token(service: Harness) -> None:
    assert (await service.http.get("/healthz")).json() == {"status": "alive"}
    assert (await service.http.get("/readyz")).json() == {"status": "ready", "missing": [], "stopped": []}
    docs = (await service.http.get("/docs")).text
    assert "https://" not in docs.replace("https://fastapi", "").split("<script", 1)[0]
    assert "components" in (await service.http.get("/v1/asyncapi.json")).json()
    page = (await service.http.get("/v1/events")).text
    assert all(fact in page for fact in catalogue)


async def test_figures_are_for_operators_and_whoever_scrapes_them(service: Harness) -> None:
    for path in ("/metrics", "/v1/backlog", "/v1/dead-letters"):
        answers = [
            await service.http.get(path, headers=headers)
            for headers in ({}, service.officer, service.headers("worker", **WORKER), service.headers("operator"))
        ]
        assert [answer.status_code for answer in answers] == [401, 403, 403, 200], path
    scraper = {"Authorization": f"Bearer {METRICS_TOKEN}"}
    assert "xindun_facts_total" in (await service.http.get("/metrics", headers=scraper)).text
    assert (await service.http.get("/v1/dead-letters", headers=scraper)).status_code == 401


async def test_claims_that_are_no_bounded_text_are_turned_away(service: Harness) -> None:
    bad: list[Any] = [{"$ne": None}, ["w-1"], 7, "", "w" * 201, "\ud800", "w\n1", True, None]
    for value in bad:
        headers = {"Authorization": f"Bearer {token('worker', {'worker_id': value})}"}
        assert (await service.http.get("/v1/counters", headers=headers)).status_code == 401, value
    for claims in ({"department": "hrss"}, {"district": "510600"}, {"department": "hrss", "district": "110000"}):
        headers = {"Authorization": f"Bearer {token('officer', claims)}"}
        assert (await service.http.get("/v1/counters", headers=headers)).status_code == 401, claims
