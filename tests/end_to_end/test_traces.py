"""One complaint and one order are followed by what the services tell a collector of traces.

The services send what they have only when they end (their queues wait for a minute), so that nothing is lost then either.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from deploy.local.stack import make_stack
from deploy.local.supervisor import Supervisor
from tests.collector import Collector, Told, collector
from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.demo import ports
from tests.end_to_end.events import engagement, order, profile
from tests.harness import eventually

PHONE, REFERENCE, ORDER = "13912345678", "rider-followed", "order-followed"
TEXT = "平台拖欠我半个月的配送费。"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SERVICES = ("registry", "insurance", "complaints", "notifier")


@dataclass
class Day:
    """What happened in the city, and what the services told of it."""

    collector: Collector
    people: list[str]
    """What names the people of that day, and what was theirs."""

    def one(self, service: str, name: str, trace: bytes | None = None) -> Told:
        found = [one for one in self.of(service, name) if trace in (None, one.id[0])]
        assert len(found) == 1, (service, name, found)
        return found[0]

    def of(self, service: str, name: str) -> list[Told]:
        return [one for one in self.collector.spans if (one.service, one.name) == (service, name)]

    def way_to(self, span: Told) -> list[tuple[str, str]]:
        """The spans that a span is part of, from the outermost to itself, as service and name."""
        known = {one.id: one for one in self.collector.spans}
        way = [span]
        while way[0].parent in known:
            way.insert(0, known[way[0].parent])
        return [(one.service, one.name) for one in way]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def day(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Day]:
    """A complaint whose SMS has gone out and an order that is charged; the services have ended."""
    directory = tmp_path_factory.mktemp("traced") / "stack"
    with collector() as told, pytest.MonkeyPatch.context() as patch:
        for variable, port in ports().items():
            patch.setenv(variable, port)
        patch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", told.url)
        patch.setenv("OTEL_BSP_SCHEDULE_DELAY", "60000")
        patch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "100000")
        patch.setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "100000")
        stack = make_stack(directory, settling_seconds=1)
        async with Supervisor(stack.programs, directory, stack.replay), httpx2.AsyncClient(timeout=30) as http:
            people = await live(City(http, stack.urls, stack.client_secret))
        yield Day(told, people)


async def live(city: City) -> list[str]:
    platform, number = new_platform(), new_id_number()
    await city.push(platform, profile(platform), engagement(platform, REFERENCE, number, phone=PHONE))
    worker = (await city.engagement_of(platform, REFERENCE))["worker_id"]
    await city.settled(*SERVICES)

    today = dt.datetime.now(dt.UTC).astimezone(dt.timezone(dt.timedelta(hours=8))).date()
    complaint = {"platform": platform, "text": TEXT, "district": "510603", "occurred_on": f"{today}"}
    case = await city.post(f"worker:{worker}", "complaints", "/v1/cases", complaint, expect=201)
    await city.get(f"worker:{worker}", "complaints", f"/v1/cases/{case['case_id']}")

    async def sms() -> list[dict[str, Any]]:
        answer = await city.http.get(f"{city.urls['sms']}/sandbox/messages", params={"phone": PHONE})
        found: list[dict[str, Any]] = [one for one in answer.json() if one["template"].startswith("case_opened")]
        return found

    await eventually(sms, 40)
    finished = order(platform, ORDER, REFERENCE, "2026-09-10T12:00:00+08:00", "2026-09-10T12:30:00+08:00")
    await city.call(
        f"platform:{platform}",
        "registry",
        "POST",
        "/v1/platform-events",
        json=[finished],
        headers={
            "content-type": "application/cloudevents-batch+json",
            "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01",
        },
    )

    async def charged() -> list[Any]:
        orders = await city.get(f"platform:{platform}", "insurance", "/v1/orders?month=2026-09")
        items: list[Any] = orders["items"]
        return items

    await eventually(charged, 40)

    async def told() -> bool:
        """The worker's file has both the message about the complaint and that about the cover, which was held for a moment."""
        path = f"/v1/workers/{worker}/dossier"
        facts = (await city.get(f"worker:{worker}", "registry", path))["items"]
        return len([fact for fact in facts if fact["section"] == "messages"]) == 2

    await eventually(told, 40)
    await city.settled(*SERVICES)
    return [PHONE, REFERENCE, ORDER, TEXT, platform, number, worker, case["case_id"], "王测试"]


async def test_a_complaint_is_followed_from_http_to_its_sms(day: Day) -> None:
    filed = day.one("complaints", "POST /v1/cases")
    sms = day.one("notifier", "sms SendSms", filed.id[0])
    assert day.way_to(sms) == [
        ("complaints", "POST /v1/cases"),
        ("notifier", "notifier.messages cn.deyang.complaints.case.opened.v1"),
        ("notifier", "work notifier.delivery"),
        ("notifier", "sms SendSms"),
    ]
    assert (filed.kind, sms.kind) == (Span.SPAN_KIND_SERVER, Span.SPAN_KIND_CLIENT)


async def test_an_order_is_followed_from_its_push_to_the_ledger(day: Day) -> None:
    pushed = day.one("registry", "POST /v1/platform-events", bytes.fromhex(TRACE))
    charged = [one for one in day.of("insurance", "insurance.premiums batch") if pushed.id in one.links]
    assert len(charged) == 1


async def test_an_engagement_is_followed_to_the_province_and_back(day: Day) -> None:
    asked = day.one("insurance", "province POST /v1/enrolments")
    way = day.way_to(asked)
    assert (way[0], way[-2]) == (("registry", "POST /v1/platform-events"), ("insurance", "work insurance.exchange"))
    assert any(asked.parent in one.links for one in day.of("registry", "registry.dossier batch"))


async def test_a_deadline_begins_a_trace_that_links_to_its_cause(day: Day) -> None:
    """The message about the cover was held for a moment."""
    settled = day.of("notifier", "timer notifier.settle")
    causes = {cause.name for cause in day.collector.spans for one in settled if cause.id in one.links}
    assert causes == {"notifier.messages cn.deyang.insurance.enrolment.opened.v1"}
    sent = [day.way_to(one) for one in day.of("notifier", "sms SendSms")]
    assert ("notifier", "timer notifier.settle") in [way[0] for way in sent]


async def test_what_is_told_names_nobody(day: Day) -> None:
    """Whose complaint was read and whose file stands in the paths of requests."""
    assert day.one("complaints", "GET /v1/cases/{case_id}")
    assert day.of("registry", "GET /v1/workers/{worker_id}/dossier")
    told = b"".join(day.collector.bodies)
    assert [word for word in day.people if word.encode() in told] == []
