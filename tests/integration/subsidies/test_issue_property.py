"""No sequence of facts, applications, mergers, retries and crashes pays a fact twice or beyond its budget, and every fen is in exactly
one place. The sequences are drawn from a seed; the service is a process of its own, which dies by SIGKILL in the midst of them."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import httpx2
import msgspec
import pytest

from services.subsidies.app import service
from services.subsidies.applications.documents import Application
from services.subsidies.applications.kinds import RULES
from services.subsidies.applications.rules import DECIDED
from services.subsidies.batches.documents import Batch, BatchLine
from services.subsidies.budgets.documents import Budget, BudgetChange, Reservation
from services.subsidies.budgets.rules import HEAPS
from services.subsidies.decisions import record_rules
from services.subsidies.decisions.documents import Decision, PaidFact
from services.subsidies.payments.documents import Payment
from services.subsidies.revisions.documents import Revision
from shared import clock
from shared.contracts.base import Fact
from shared.contracts.platform import NATURAL_KEY, TrainingCompleted, platform_source, record_key
from shared.contracts.registry import WorkerMerged
from shared.ids import new_id
from shared.messaging.broker import Record, make_producer, publish
from shared.messaging.envelope import headers_of
from shared.settings import KafkaSettings
from tests.harness import bearer
from tests.integration.dying import Doomed, own
from tests.integration.subsidies.facts import PLATFORM, engagement, training, worker
from tests.integration.subsidies.filing import ACCOUNT, HERE, PATH, end_notice, officer
from tests.integration.subsidies.money import BATCHES, CITY, result, today

STEPS: Final = 70
MOST_STEPS: Final = 280
"""A sequence in which nothing was paid yet goes on: which steps meet depends on how fast the machine is."""
KILLS: Final = 2
COURSES: Final = ("网约配送员（四级）", "无人机驾驶员（四级）")
PEOPLE: Final = ("w-a", "w-b", "w-c")
SOURCES: Final = {"training": "employment_fund", "skill": "unemployment_insurance_fund"}
SUMS: Final = {"training": "800.00", "skill": "1500.00"}
ALLOTTED: Final = {"training": "2400.00", "skill": "1500.00"}
"""Yuan: less than all that is applied for."""
FIRST, SECOND, HEAD = "first", "second", "head"

Answer = httpx2.Response


@dataclass
class Life:
    """The service, which may die at any time, and the people and officers who use it and try again."""

    doomed: Doomed
    kafka: str
    draw: random.Random
    keys: list[str] = field(default_factory=list)
    died: int = 0
    answers: Counter[int] = field(default_factory=Counter)
    _reviving: asyncio.Lock = field(default_factory=asyncio.Lock)
    _running: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def __aenter__(self) -> Life:
        self.process = await self._running.enter_async_context(self.doomed.serving())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._running.aclose()

    async def kill(self) -> None:
        """Let the service die by SIGKILL."""
        self.died += 1
        self.process.kill()
        await self.process.wait()

    async def revive(self) -> None:
        """Begin again, where the service is dead."""
        async with self._reviving:
            if self.process.returncode is not None:
                await self._running.aclose()
                await self.doomed.database.after_a_kill()
                await self.__aenter__()

    async def call(self, who: dict[str, str], method: str, path: str, **more: Any) -> Answer:
        """A request that is made again, the same, where nobody has answered, and at times although somebody has."""
        headers = {**who, "Idempotency-Key": new_id()} | more.pop("headers", {})
        while True:
            with suppress(httpx2.TransportError):
                async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{self.doomed.port}", timeout=30) as http:
                    answer = await http.request(method, path, headers=headers, **more)
                    if self.draw.random() < 0.2:
                        await http.request(method, path, headers=headers, **more)
                self.answers[answer.status_code] += 1
                if answer.status_code != 503:
                    return answer
            await self.revive()
            await asyncio.sleep(0.05)

    async def step(self, who: dict[str, str], path: str, name: str, body: Any = None) -> Answer:
        """A step with what is there, as it stands."""
        shown = await self.call(who, "GET", path)
        seen = {"If-Match": shown.headers.get("etag", '"1"')}
        return await self.call(who, "POST", f"{path}/{name}", json=body, headers=seen)

    async def tell(self, *facts: Fact) -> None:
        """Tell of facts, at times twice."""
        producer = make_producer(KafkaSettings(self.kafka))
        await producer.start()
        try:
            for fact in facts:
                source = platform_source(PLATFORM) if isinstance(fact, TrainingCompleted) else "/services/registry"
                key = record_key(PLATFORM, fact) if type(fact) in NATURAL_KEY else fact.key()
                headers = headers_of(new_id(), source, fact.TYPE, clock.now())
                record = Record(fact.TOPIC.name, key.encode(), msgspec.json.encode(fact), headers)
                await publish(producer, [record] * self.draw.choice([1, 1, 2]))
        finally:
            await producer.stop()

    async def settled(self) -> None:
        """Wait until the service has done what it was given."""
        operator, before = bearer("operator", sub="operator:test"), None
        async with asyncio.timeout(120):
            while True:
                found = (await self.call(operator, "GET", "/v1/backlog")).json()
                busy = found["outbox"] + found["lag"] + found["due"] + sum(found["pending"].values())
                if not busy and found["handled"] == before:
                    return
                before = None if busy else found["handled"]
                await asyncio.sleep(0.1)

    # what may happen

    async def apply(self) -> None:
        one, kind, course = self.draw.choice(PEOPLE), self.draw.choice([*SUMS]), self.draw.choice(COURSES)
        number = f"{one}:{COURSES.index(course)}"
        stated = {"certificate_number": number} | ({"public_pension": False} if kind == "training" else {})
        body = {"kind": kind, "name": "张三", "district": HERE, "stated": stated, "account": ACCOUNT}
        answer = await self.call(bearer("worker", worker_id=one), "POST", PATH, json=body)
        assert answer.status_code == 201, answer.text
        self.keys.append(answer.json()["application_id"])

    async def advance(self) -> None:
        """The next step of an application, whatever the answer."""
        if not self.keys:
            return
        key = self.draw.choice(self.keys)
        shown = (await self.call(officer(FIRST), "GET", f"{PATH}/{key}")).json()
        path = f"{PATH}/{key}"
        match shown["state"]:
            case "submitted":
                await self.step(officer(FIRST), path, "acceptance")
            case "reviewing":
                judged = [one["code"] for one in shown["proposal"]["grounds"] if one["met"] is None]
                finding = {"approve": True, "judged": judged, "amount": SUMS[shown["kind"]]}
                await self.step(officer(FIRST), path, "review", finding)
            case "reviewed":
                await self.step(officer(SECOND), path, "confirmation", {"to_head": False})
            case "notice":
                await end_notice(key)
                answer = await self.step(officer(SECOND), path, "approval")
                if answer.status_code == 409:
                    await self.step(officer(FIRST), path, "proposal")

    async def pay(self) -> None:
        """A batch to its end: the bank pays some of it, and some not."""
        kind = self.draw.choice([*SUMS])
        body = {"kind": kind, "source": SOURCES[kind], "district": HERE, "day": f"{today()}"}
        made = await self.call(finance("maker"), "POST", BATCHES, json=body)
        if made.status_code != 201:
            return
        path = f"{BATCHES}/{made.json()['batch_id']}"
        await self.settled()
        if (await Batch.get(made.json()["batch_id"])).state != "ready":  # type: ignore[union-attr]
            return
        await self.step(finance("second"), path, "approval")
        await self.call(finance("maker"), "POST", f"{path}/exports")
        lines = await BatchLine.find({"batch": made.json()["batch_id"]}).to_list()
        words = [(one.id, f"{one.amount:.2f}", self.draw.choice(["成功", "成功", "失败"])) for one in lines]
        await self.call(finance("maker"), "POST", f"{path}/results", content=result(*words))
        if self.draw.random() < 0.5:
            await self.call(finance("maker"), "POST", f"{path}/results", content=result(*words))

    async def learn(self) -> None:
        """Somebody turns out to be too young, or not after all."""
        await self.tell(worker(self.draw.choice(PEOPLE), self.draw.choice(["2012-01-01", "1990-01-01"])))

    async def merge(self) -> None:
        """Two turn out to be one."""
        await self.tell(WorkerMerged(worker_id=PEOPLE[0], merged_worker_id=PEOPLE[1]))

    async def revise(self) -> None:
        """Two officers follow what the machine finds different."""
        for revision in await Revision.find({"state": {"$in": ["open", "proposed"]}}).to_list():
            path = f"/v1/subsidy-revisions/{revision.id}"
            if revision.difference is None or not revision.difference:
                continue
            answer = "supplement" if revision.difference > 0 else "recover"
            if revision.state == "open":
                await self.step(officer(FIRST), path, "proposal", {"answer": answer, "reason": "复核"})
            await self.step(officer(SECOND), path, "confirmation")

    async def take_back(self) -> None:
        """Whoever waits for money takes an application back."""
        if self.keys:
            key = self.draw.choice(self.keys)
            filed = await Application.get(key)
            assert filed is not None
            await self.step(bearer("worker", worker_id=filed.applicant_id), f"{PATH}/{key}", "withdrawal")

    async def allot(self, kind: str, amount: str) -> None:
        change = {"year": today().year, "kind": kind, "source": SOURCES[kind], "district": HERE}
        body = change | {"purpose": "allot", "amount": amount, "reason": "预算"}
        made = await self.call(finance("maker"), "POST", "/v1/budget-changes", json=body)
        assert made.status_code == 201, made.text
        await self.step(finance("second"), f"/v1/budget-changes/{made.json()['change_id']}", "approval")

    async def more_money(self) -> None:
        await self.allot(self.draw.choice([*SUMS]), "800.00")


def finance(name: str) -> dict[str, str]:
    return bearer("officer", sub=f"officer:{name}", department="hrss", district=CITY)


async def begin(life: Life) -> None:
    """Officers who act on money, budgets, and people who have completed two courses each."""
    operator = bearer("operator", sub="operator:test")
    for name, duties in ((HEAD, ["head"]), ("maker", ["finance"]), ("second", ["finance"])):
        entry = {"department": "hrss", "district": CITY, "duties": duties}
        who = operator if name == HEAD else finance(HEAD)
        answer = await life.call(who, "PUT", f"/v1/money-officers/officer:{name}", json=entry)
        assert answer.is_success, answer.text
    for kind, amount in ALLOTTED.items():
        await life.allot(kind, amount)
    for one in PEOPLE:
        told = [training(one.upper(), course, number=f"{one}:{place}") for place, course in enumerate(COURSES)]
        await life.tell(worker(one), engagement(one, one.upper()), *told)
    await life.settled()


async def every_fen_is_in_one_place() -> None:
    """Each budget holds what was allotted to it, in four heaps that are never below nothing; each heap is what the reservations say,
    and what was spent is what the bank paid."""
    for budget in await Budget.find().to_list():
        held = [getattr(budget, heap) for heap in HEAPS]
        changes = await BudgetChange.find({"kind": budget.kind, "state": "approved"}).to_list()
        assert sum(held) == sum(one.amount for one in changes), budget.id
        assert min(held) >= 0, budget.id
        reserved = await Reservation.find({"budget": budget.id}).to_list()
        for heap in HEAPS[1:]:
            assert getattr(budget, heap) == sum((getattr(one, heap) for one in reserved), Decimal(0)), (budget.id, heap)
        paid = await Payment.find({"kind": budget.kind, "state": "paid"}).to_list()
        assert budget.spent == sum((one.amount for one in paid), Decimal(0)), budget.id
    lines = Counter(one.payment_id for one in await BatchLine.find({"state": "paid"}).to_list())
    assert max(lines.values(), default=0) <= 1, "a payment was paid by two lines"
    owed = {one.id: one for one in await Payment.find().to_list()}
    assert set(lines) == {key for key, one in owed.items() if one.state == "paid"}


async def nothing_is_paid_twice() -> None:
    """Of what stands for one person and course, as a training or as a skill, there is one at most that nobody has still to look at."""
    open_cases = {one.application_id for one in await Revision.find({"state": {"$in": ["open", "proposed"]}}).to_list()}
    standing: Counter[tuple[str, str]] = Counter()
    decided: dict[str, Application] = {}
    for one in await Application.find({"state": {"$in": [*DECIDED]}}).to_list():
        decided[one.id] = one
        if one.amount and one.id not in open_cases:
            last = await Decision.get(f"{one.id}:{one.decisions:03}")
            assert last is not None
            course = record_rules.read(last.content).facts["course"]
            standing[one.applicant_id, course] += 1
    assert max(standing.values(), default=0) <= 1, standing
    facts = await PaidFact.find().to_list()
    for key, one in decided.items():
        assert {fact.id for fact in facts if fact.holder == key} == set(one.once), key
    assert {fact.holder for fact in facts} <= decided.keys(), "a fact is held by what is not approved"


async def every_decision_is_the_same_again() -> None:
    for decision in await Decision.find().to_list():
        assert record_rules.difference(decision.content, RULES) is None


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_no_sequence_pays_twice_or_loses_a_fen(seed: int, kafka_bootstrap: str, tmp_path: Path) -> None:
    draw = random.Random(seed)
    async with own(service, kafka_bootstrap, tmp_path) as doomed, Life(doomed, kafka_bootstrap, draw) as life:
        await begin(life)
        often = [*[life.apply] * 5, *[life.advance] * 14, *[life.pay] * 2]
        steps = [*often, life.learn, life.revise, life.revise, life.take_back, life.more_money]
        deaths, merged, facts, paid = set(draw.sample(range(10, STEPS), KILLS)), draw.randrange(20, STEPS), 0, 0
        for number in range(MOST_STEPS):
            if number >= STEPS and paid and facts:
                break
            step = life.merge if number == merged else draw.choice(steps)
            if number in deaths:
                doing = asyncio.ensure_future(step())
                await asyncio.sleep(draw.random() / 5)
                await life.kill()
                await doing
                await life.revive()
            elif draw.random() < 0.3:
                await asyncio.gather(step(), draw.choice(steps)())
            else:
                await step()
            await every_decision_is_the_same_again()
            facts = max(facts, await PaidFact.find().count())  # revisions may have taken all of them back by the end
            paid = await Payment.find({"state": "paid"}).count()
        await life.settled()
        await nothing_is_paid_twice()
        await every_fen_is_in_one_place()
        for _ in range(3):
            await life.revise()
            await life.settled()
        await nothing_is_paid_twice()
        await every_fen_is_in_one_place()
        refused = life.answers[409] + life.answers[412] + life.answers[422]
    assert life.died == KILLS
    assert min(paid, facts, refused, life.answers[200], life.answers[201]) > 0, (paid, facts, life.answers)
