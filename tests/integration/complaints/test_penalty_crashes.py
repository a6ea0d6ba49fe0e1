"""A complaints service that dies by SIGKILL while a payment is taken in, corrected or paid back, a decision is changed on review, or
a procedure against a responsible person is opened: it is done once and whole, when whoever asked for it asks again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import httpx2
import pytest

from services.complaints.app import service
from services.complaints.penalties.documents import PaymentReceipt, Penalty, PunishedAct
from services.complaints.terms.documents import Term
from shared.contracts.base import Fact
from shared.contracts.complaints import PenaltyClosed, PenaltyPaid, PenaltyPaymentCorrected, PenaltyRefunded
from shared.ids import new_id
from shared.storage.client import storage
from shared.storage.records import find
from tests.harness import Harness, bearer, eventually
from tests.integration.complaints.penalties.course import Course, filed, office, today
from tests.integration.complaints.responsible_persons.test_persons import beside, on_enterprise
from tests.integration.dying import Doomed, own
from tests.unit.identity.numbers import make_uscc

STORED = "relay.published"
"""It is stored and told of, and whoever asked may have no answer."""


@dataclass
class Door:
    """The way to a service of its own, as a `Course` takes it."""

    http: httpx2.AsyncClient

    def headers(self, role: str, **claims: str) -> dict[str, str]:
        return {**bearer(role, **claims), "Idempotency-Key": new_id()}


@asynccontextmanager
async def door(port: int) -> AsyncIterator[Harness]:
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as http:
        yield cast(Harness, Door(http))


async def served(complaints: Harness, uscc: str, *, paid: str | None = None) -> Course:
    penalty = await filed(complaints, make_uscc(uscc))
    await penalty.served("10000.00")
    if paid is not None:
        await penalty.done("payments", "p-first", {"amount": "10000.00", "on": today(), "receipt": paid})
    return penalty


async def nothing_pending() -> bool:
    return not await storage().collection("outbox").count_documents({"pending": True})


async def asked_through_a_kill(doomed: Doomed, penalty: Course, place: str, what: str, by: str, body: Any) -> None:
    """Ask for a step of a service that dies of it, and again of the one that begins in its place: it is done, or was done already."""
    await eventually(nothing_pending, 20)

    async def ask(port: int) -> tuple[int, str]:
        async with door(port) as complaints:
            penalty.complaints = complaints
            return await penalty.do(what, by, body)

    await doomed.killed_at(place, ask)
    async with doomed.serving():
        status, _ = await ask(doomed.port)
        assert status == (409 if place == STORED else 200)
        await eventually(nothing_pending, 30)


async def told(kind: type[Fact]) -> int:
    return await storage().collection("outbox").count_documents({"type": kind.TYPE})


async def kept(penalty: Course) -> Penalty:
    found = await Penalty.of(penalty.id)
    assert found is not None
    return found


async def refund_terms(penalty: Course) -> list[str]:
    return [one.state for one in await find(Term, {"matter_id": penalty.id, "step": "refund_fine"})]


@pytest.mark.parametrize("place", [STORED, "penalty.payment_taken_back"])
async def test_a_kill_moves_a_payment_once_and_whole(place: str, kafka_bootstrap: str, tmp_path: Path) -> None:
    async with own(service, kafka_bootstrap, tmp_path) as doomed:
        await office()
        async with doomed.serving(), door(doomed.port) as complaints:
            wrong = await served(complaints, "PX0000001", paid="X-1")
            right = await served(complaints, "PX0000002")
        move = {"on": today(), "receipt": "X-1", "text": "误登", "to": {"penalty_id": right.id}}
        await asked_through_a_kill(doomed, wrong, place, "payment-corrections", "p-third", move)
        left, there = await kept(wrong), await kept(right)
        receipt = await PaymentReceipt.of(f"{today()}:X-1")
        assert (left.state, len(left.payments), len(left.corrections)) == ("served", 0, 1)
        assert (there.state, [one.receipt for one in there.payments]) == ("fulfilled", ["X-1"])
        assert receipt is not None
        assert receipt.holder == right.id
        assert (await told(PenaltyPaymentCorrected), await told(PenaltyPaid)) == (1, 2)


@pytest.mark.parametrize("place", [STORED, "penalty.refunded"])
async def test_a_kill_pays_back_once(place: str, kafka_bootstrap: str, tmp_path: Path) -> None:
    async with own(service, kafka_bootstrap, tmp_path) as doomed:
        await office()
        async with doomed.serving(), door(doomed.port) as complaints:
            penalty = await served(complaints, "PX0000003", paid="X-2")
            await penalty.done("annulment", "p-third", {"text": "程序违法"})
        back = {"amount": "10000.00", "on": today(), "receipt": "X-3", "toward": "fine"}
        await asked_through_a_kill(doomed, penalty, place, "refunds", "p-first", back)
        assert [(one.receipt, one.toward) for one in (await kept(penalty)).refunds] == [("X-3", "fine")]
        assert (await refund_terms(penalty), await told(PenaltyRefunded)) == (["met"], 1)


@pytest.mark.parametrize("place", [STORED, "penalty.paid"])
async def test_a_kill_takes_in_once_what_was_too_much(place: str, kafka_bootstrap: str, tmp_path: Path) -> None:
    async with own(service, kafka_bootstrap, tmp_path) as doomed:
        await office()
        async with doomed.serving(), door(doomed.port) as complaints:
            penalty = await served(complaints, "PX0000005", paid="X-5")
        again = {"amount": "10000.00", "on": today(), "receipt": "X-6"}
        await asked_through_a_kill(doomed, penalty, place, "payments", "p-first", again)
        found = await kept(penalty)
        assert (found.state, [one.receipt for one in found.payments]) == ("fulfilled", ["X-5", "X-6"])
        assert (await refund_terms(penalty), await told(PenaltyPaid)) == (["running"], 2)


@pytest.mark.parametrize("place", [STORED, "penalty.changed"])
async def test_a_kill_changes_a_decision_once_and_whole(place: str, kafka_bootstrap: str, tmp_path: Path) -> None:
    async with own(service, kafka_bootstrap, tmp_path) as doomed:
        await office()
        async with doomed.serving(), door(doomed.port) as complaints:
            penalty = await served(complaints, "PX0000004", paid="X-4")
            await penalty.done("contests", "p-first", {"kind": "review", "on": today()})
        end = {"on": today(), "text": "过罚不当", "fine": "7000.00"}
        await asked_through_a_kill(doomed, penalty, place, "contest-end", "p-fourth", end)
        found = await kept(penalty)
        assert found.decided is not None
        assert (found.state, str(found.decided.fine), found.contested) == ("fulfilled", "7000.00", False)
        assert (await refund_terms(penalty), await told(PenaltyClosed)) == (["running"], 1)


async def test_a_kill_files_a_person_once_and_whole(kafka_bootstrap: str, tmp_path: Path) -> None:
    """Nothing says that the person is punished for the act before the procedure is there."""
    async with own(service, kafka_bootstrap, tmp_path) as doomed:
        await office()
        async with doomed.serving(), door(doomed.port) as complaints:
            penalty = await on_enterprise(complaints, make_uscc("PX0000006"))
        await eventually(nothing_pending, 20)

        async def ask(port: int) -> tuple[int, dict[str, Any]]:
            async with door(port) as complaints:
                penalty.complaints = complaints
                return await beside(penalty)

        acts = {one.id for one in await find(PunishedAct, {})}
        await doomed.killed_at("penalty.person_filed", ask)
        assert await find(Penalty, {"beside": penalty.id}) == []
        assert {one.id for one in await find(PunishedAct, {})} == acts
        async with doomed.serving():
            assert (await ask(doomed.port))[0] == 201
            assert (await ask(doomed.port))[1]["type"] == "/problems/one-act"
        [person] = await find(Penalty, {"beside": penalty.id})
        assert [one.step for one in await find(Term, {"matter_id": person.id})] == ["decide_penalty"]
