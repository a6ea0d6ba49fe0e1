"""A complaints service that dies by SIGKILL while somebody becomes a party, or applies, does it once and whole when asked again."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import httpx2
import pytest

from services.complaints.app import service
from services.complaints.disputes.documents import Dispute, DisputeClaim
from services.complaints.parties.documents import Engagement
from services.complaints.terms.documents import Term
from shared import clock
from shared.contracts.complaints import DisputePartyAdded, DisputePartySucceeded, DisputeStepped
from shared.ids import new_id
from shared.storage.client import storage
from shared.storage.records import find
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, bearer, eventually
from tests.integration.complaints.disputes.matters import HERE, OTHER, Matter, in_arbitration
from tests.integration.complaints.disputes.test_counter_applications import COUNTER, counter, countered, served
from tests.integration.complaints.disputes.test_enterprise_applications import filed
from tests.integration.complaints.facts import PLATFORM
from tests.integration.complaints.staff import on_register
from tests.integration.dying import Doomed, own

STORED = "relay.published"
"""It is stored and told of, and whoever asked may have no answer."""
SUCCESSION = {"enterprise": PLATFORM, "successors": [OTHER], "ground": "merger", "text": "吸收合并"}


@dataclass
class Door:
    """The way to a service of its own, as a `Matter` takes it."""

    http: httpx2.AsyncClient

    def headers(self, role: str, **claims: str) -> dict[str, str]:
        return {**bearer(role, **claims), "Idempotency-Key": new_id()}


@asynccontextmanager
async def door(port: int) -> AsyncIterator[Harness]:
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as http:
        yield cast(Harness, Door(http))


async def office() -> dict[str, str]:
    return await on_register("hrss", HERE, subject="hrss-1")


async def nothing_pending() -> bool:
    return not await storage().collection("outbox").count_documents({"pending": True})


async def through_a_kill(doomed: Doomed, place: str, ask: Callable[[Harness], Awaitable[int]], done: int = 409) -> None:
    """Ask of a service that dies of it, and again of the one that begins in its place: it is done, or was done already."""
    await eventually(nothing_pending, 20)

    async def at(port: int) -> int:
        async with door(port) as complaints:
            return await ask(complaints)

    await doomed.killed_at(place, at)
    async with doomed.serving():
        status = await at(doomed.port)
        assert status == done if place == STORED else status in (200, 201)
        await eventually(nothing_pending, 30)


def sending(matter: Matter, by: dict[str, str], what: str, body: Any) -> Callable[[Harness], Awaitable[int]]:
    async def ask(complaints: Harness) -> int:
        return (await Matter(complaints, matter.worker_id, matter.shown).send(by, what, body)).status_code

    return ask


async def kept(dispute_id: str) -> Dispute:
    found = await Dispute.of(dispute_id)
    assert found is not None
    return found


async def held_by(dispute_id: str) -> list[str]:
    return sorted(one.id for one in await find(DisputeClaim, {"holder": dispute_id}))


async def terms(dispute_id: str, step: str) -> list[str]:
    return sorted(one.state for one in await find(Term, {"matter_id": dispute_id, "step": step}))


async def told(kind: type[Any], step: str | None = None) -> int:
    rows = await storage().collection("outbox").find({"type": kind.TYPE}).to_list(None)
    return sum(step is None or f'"{step}"' in str(row) for row in rows)


@pytest.mark.parametrize("place", [STORED, "dispute.party_added"])
async def test_a_kill_adds_a_party_once(place: str, kafka_bootstrap: str, tmp_path: Path) -> None:
    async with own(service, kafka_bootstrap, tmp_path) as doomed:
        hrss = await office()
        async with doomed.serving(), door(doomed.port) as complaints:
            matter = await in_arbitration(complaints, hrss)
        await through_a_kill(doomed, place, sending(matter, hrss, "parties", {"enterprise": OTHER}))
        found = await kept(matter.id)
        assert (found.enterprises, [one.enterprise for one in found.added]) == ([PLATFORM, OTHER], [OTHER])
        assert (len(await held_by(matter.id)), await told(DisputePartyAdded)) == (2, 1)
        assert await terms(matter.id, "award") == ["ended", "running"]


@pytest.mark.parametrize("place", [STORED, "dispute.party_succeeded"])
async def test_a_kill_lets_one_succeed_once(place: str, kafka_bootstrap: str, tmp_path: Path) -> None:
    async with own(service, kafka_bootstrap, tmp_path) as doomed:
        hrss = await office()
        async with doomed.serving(), door(doomed.port) as complaints:
            matter = await in_arbitration(complaints, hrss)
        await through_a_kill(doomed, place, sending(matter, hrss, "successions", SUCCESSION), done=404)
        found = await kept(matter.id)
        assert (found.enterprises, len(found.successions), await told(DisputePartySucceeded)) == ([OTHER], 1, 1)
        (held,) = await held_by(matter.id)
        assert OTHER in held


@pytest.mark.parametrize("place", [STORED, "dispute.applied"])
async def test_a_kill_files_an_application_once(place: str, kafka_bootstrap: str, tmp_path: Path) -> None:
    async with own(service, kafka_bootstrap, tmp_path) as doomed:
        await office()
        worker_id = f"w-{new_id()}"
        engagement = Engagement(
            id=new_id(),
            version=1,
            platform=PLATFORM,
            worker_ref=f"ref-of-{worker_id}",
            worker_id=worker_id,
            industry="instant_delivery",
            happened_at=clock.now(),
        )
        await transact(engagement.put)

        async def ask(complaints: Harness) -> int:
            return int((await filed(complaints, worker_id)).status_code)

        await through_a_kill(doomed, place, ask)
        (found,) = await find(Dispute, {"workers": worker_id})
        assert (found.state, len(await held_by(found.id)), await told(DisputeStepped, "apply")) == ("filed", 1, 1)
        assert await terms(found.id, "accept") == ["running"]


@pytest.mark.parametrize("place", [STORED, "dispute.counter_apply"])
async def test_a_kill_files_a_counter_once(place: str, kafka_bootstrap: str, tmp_path: Path) -> None:
    async with own(service, kafka_bootstrap, tmp_path) as doomed:
        hrss = await office()
        async with doomed.serving(), door(doomed.port) as complaints:
            matter = await served(complaints, hrss)
        await through_a_kill(doomed, place, sending(matter, matter.platform, "counter-applications", COUNTER))
        found = await kept(matter.id)
        assert ([one.state for one in found.further], len(await held_by(matter.id))) == (["filed"], 2)
        assert await terms(matter.id, "counter_accept") == ["running"]
        assert await told(DisputeStepped, "counter_apply") == 1


@pytest.mark.parametrize("place", [STORED, "dispute.counter_accept"])
async def test_a_kill_takes_a_counter_up_once(place: str, kafka_bootstrap: str, tmp_path: Path) -> None:
    async with own(service, kafka_bootstrap, tmp_path) as doomed:
        hrss = await office()
        async with doomed.serving(), door(doomed.port) as complaints:
            matter = await served(complaints, hrss)
            assert (await counter(matter)).status_code == 200
        path = "counter-applications/1/decision"
        await through_a_kill(doomed, place, sending(matter, hrss, path, {"outcome": "accepted"}))
        found = await kept(matter.id)
        assert ([one.taken for one in found.further], [one.id for one in found.claims]) == ([["2"]], ["1", "2"])
        assert (await terms(matter.id, "counter_accept"), await terms(matter.id, "award")) == (
            ["met"],
            ["ended", "running"],
        )


@pytest.mark.parametrize("place", [STORED, "dispute.counter_defend"])
async def test_a_kill_answers_a_counter_once(place: str, kafka_bootstrap: str, tmp_path: Path) -> None:
    async with own(service, kafka_bootstrap, tmp_path) as doomed:
        hrss = await office()
        async with doomed.serving(), door(doomed.port) as complaints:
            matter = await countered(complaints, hrss)
        path = "counter-applications/1/answer"
        await through_a_kill(doomed, place, sending(matter, matter.worker, path, {"text": "不同意"}))
        found = await kept(matter.id)
        assert [step for step, _ in found.steps].count("counter_defend") == 1


@pytest.mark.parametrize("place", [STORED, "dispute.counter_leave"])
async def test_a_kill_takes_a_counter_back_once(place: str, kafka_bootstrap: str, tmp_path: Path) -> None:
    async with own(service, kafka_bootstrap, tmp_path) as doomed:
        hrss = await office()
        async with doomed.serving(), door(doomed.port) as complaints:
            matter = await countered(complaints, hrss)
        path = "counter-applications/1/withdrawal"
        await through_a_kill(doomed, place, sending(matter, matter.platform, path, {}))
        found = await kept(matter.id)
        assert ([one.state for one in found.further], len(await held_by(matter.id))) == (["withdrawn"], 1)


async def filed_earlier(dispute_id: str, tx: Transaction) -> None:
    """Let the time be over in which the commission decides on a counter-application."""
    found = await Dispute.of(dispute_id, tx)
    assert found is not None
    found.further[0].filed_on -= dt.timedelta(days=30)
    await found.put(tx)


@pytest.mark.parametrize("place", [STORED, "dispute.counter_sue"])
async def test_a_kill_sues_on_a_counter_once(place: str, kafka_bootstrap: str, tmp_path: Path) -> None:
    async with own(service, kafka_bootstrap, tmp_path) as doomed:
        hrss = await office()
        async with doomed.serving(), door(doomed.port) as complaints:
            matter = await served(complaints, hrss)
            assert (await counter(matter)).status_code == 200
        await transact(lambda tx: filed_earlier(matter.id, tx))
        path = "counter-applications/1/suit"
        await through_a_kill(doomed, place, sending(matter, matter.platform, path, {"text": "仲裁逾期未决定"}))
        found = await kept(matter.id)
        (own_one,) = await find(Dispute, {"origin": f"dispute:{matter.id}"})
        assert [(one.state, one.became) for one in found.further] == [("sued", own_one.id)]
        assert (own_one.state, [step for step, _ in own_one.steps].count("sue")) == ("court_filed", 1)
        assert [step for step, _ in found.steps].count("counter_sue") == 1
        assert (len(await held_by(matter.id)), len(await held_by(own_one.id))) == (1, 1)
        assert await terms(matter.id, "counter_accept") == ["ended"]
        assert (await told(DisputeStepped, "counter_sue"), await told(DisputeStepped, "sue")) == (1, 1)


@pytest.mark.parametrize("place", [STORED, "dispute.join"])
async def test_a_kill_joins_two_whole(place: str, kafka_bootstrap: str, tmp_path: Path) -> None:
    async with own(service, kafka_bootstrap, tmp_path) as doomed:
        hrss = await office()
        async with doomed.serving(), door(doomed.port) as complaints:
            lead = await in_arbitration(complaints, hrss)
            rest = [{"kind": "rest", "known_on": "2026-08-03"}]
            other = await served(complaints, hrss, worker_id=lead.worker_id, claims=rest)
            assert await other.step(other.platform, "defend", text="不同意") == 200
        await through_a_kill(doomed, place, sending(lead, hrss, "tried-together", {"dispute_id": other.id}))
        found, joined = await kept(lead.id), await kept(other.id)
        assert (joined.state, joined.joined_to, await held_by(other.id)) == ("closed", lead.id, [])
        assert ([one.kind for one in found.claims], len(await held_by(lead.id))) == (["pay", "rest"], 2)
