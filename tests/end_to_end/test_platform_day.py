"""A platform's day goes through the whole system: the flow, over real HTTP, broker and database."""

from __future__ import annotations

import datetime as dt
import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.demo import demo, report_of
from tests.end_to_end.events import engagement, event, order, profile
from tests.end_to_end.logs import leaks, personal
from tests.unit.identity.numbers import make, make_uscc

PLATFORM = make_uscc("MA0000017")

told = partial(event, platform=PLATFORM)


def started(reference: str, serial: int, relation: str, trained: bool) -> dict[str, Any]:
    training = {"course": "road-safety", "completed_on": "2026-08-30"} if trained else None
    id_number = make("510603", dt.date(1995, 5, 5), serial)
    phone = f"1390000{serial:04d}"
    return engagement(PLATFORM, reference, id_number, phone=phone, relation=relation, safety_training=training)


def finished(number: str, reference: str, taken: str, done: str, **other: Any) -> dict[str, Any]:
    return order(PLATFORM, number, reference, taken, done, **other)


def handmade() -> list[dict[str, Any]]:
    """A day small enough to calculate by hand."""
    noon = "2026-09-30T12:00:00+08:00"
    half_past = "2026-09-30T12:30:00+08:00"
    repeated = finished("o-1", "partial", noon, half_past)
    return [
        # before anything else is known: charged at once, at class a; the profile below says b
        finished("o-0", "partial", "2026-09-29T11:00:00+08:00", "2026-09-29T11:30:00+08:00"),
        # of one who turns out to be employed: charged at first, and corrected
        finished("o-9", "employed", noon, half_past),
        profile(PLATFORM, delivery_class="b"),
        started("partial", 1, "partial", trained=True),
        started("employed", 2, "employment", trained=True),
        started("untrained", 3, "self_employed", trained=False),
        started("late", 4, "partial", trained=False),
        repeated,
        repeated,
        finished("o-1", "partial", noon, half_past),
        # half past midnight of 1 October in Deyang, still September in UTC
        finished("o-2", "partial", "2026-09-30T16:00:00Z", "2026-09-30T16:30:00Z"),
        finished("o-3", "untrained", noon, half_past),
        finished("o-4", "partial", half_past, noon),
        finished("o-5", "partial", noon, half_past, district="510104"),
        finished("o-6", "partial", "2099-01-01T00:00:00+08:00", "2099-01-01T01:00:00+08:00"),
        told("order.vanished", noon, {}),
        told(
            "training.completed",
            "2026-09-02T08:00:00+08:00",
            {
                "worker_ref": "late",
                "course": "road-safety",
                "hours": 4,
                "completed_on": "2026-09-02",
                "certificate_number": None,
            },
        ),
        told(
            "incident.reported",
            "2026-09-30T12:20:00+08:00",
            {
                "incident_id": "i-1",
                "worker_ref": "partial",
                "order_id": "o-1",
                "occurred_at": "2026-09-30T12:10:00+08:00",
                "district": "510603",
                "place": "某路口",
                "description": "摔倒站不起来",
                "severity": "minor",
            },
        ),
        # an hour and a half of work in September's last two days and the night after: 31.50 yuan at 21 an hour, of which a fen
        # lacks after the fines in what both settlements come to
        *(
            told(
                "settlement.paid",
                "2026-10-10T10:00:00+08:00",
                {
                    "settlement_id": number,
                    "worker_ref": "partial",
                    "period_start": "2026-09-29",
                    "period_end": "2026-10-01",
                    "orders": 3,
                    "gross": gross,
                    "deductions": [{"kind": "fine", "amount": "2.00"}, {"kind": "social_insurance", "amount": "5.00"}],
                    "net": net,
                    "due_on": "2026-10-10",
                    "paid_on": "2026-10-10",
                },
            )
            for number, gross, net in (("s-first", "17.74", "10.74"), ("s-rest", "17.75", "10.75"))
        ),
    ]


def went_in() -> set[str]:
    """What was pushed of people, and what the demo itself files and applies for in their name."""
    written = {"德阳市演示路1号", "6222020000000000000", "演示申请人", "家人住院，一时没有收入。"}
    return {*personal(handmade()), *written}


@pytest.mark.parametrize("line", ["王测试", r"\u738b\u6d4b\u8bd5", "GET /v1/x?name=%E7%8E%8B%E6%B5%8B%E8%AF%95"])
def test_a_line_that_names_somebody_is_found(tmp_path: Path, line: str) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "registry.log").write_text(f"nothing\n{line}\n", "utf-8")
    assert leaks(tmp_path, {"王测试"}) == [f"registry.log: {line}"]
    assert leaks(tmp_path, {"李测试"}) == []


def test_what_is_looked_for_in_logs_is_what_went_in() -> None:
    assert {make("510603", dt.date(1995, 5, 5), 1), "13900000001", "王测试", "某路口", "摔倒站不起来"} <= went_in()


@pytest.mark.timeout(300)
async def test_a_small_day_comes_out_as_calculated_by_hand(tmp_path: Path) -> None:
    lines = [json.dumps(one, ensure_ascii=False) for one in handmade()]
    file = tmp_path / "events.ndjson"
    file.write_text("\n".join(lines), "utf-8")
    async with demo(tmp_path / "stack", "--input", str(file)) as process:
        status = await process.wait()
    assert status == 0, (tmp_path / "stack.log").read_text("utf-8")[-3000:]
    assert leaks(tmp_path / "stack", went_in()) == []
    report = report_of(tmp_path / "stack")
    assert 0 < report.pop("day_seconds") <= report.pop("seconds")
    assert report.pop("engines").keys() == {"database", "broker"}
    assert sum(report.pop("providers").values()) == 29
    public = report.pop("published")
    assert [one["enterprise"] for one in public["draw"]["result"]] == [PLATFORM]
    assert [(one["enterprise"], one["kind"]) for one in public["listings"]] == [(PLATFORM, "wage_arrears")]
    assert report == {
        "pushed": {"events": 20, "accepted": 16, "rejected": 4},
        "registry": {"workers": 4, "enterprises": 1, "engagements": {"active": 3, "blocked": 1, "ended": 0}},
        "insurance": {
            "enrolled": 3,
            "orders": 5,
            "premium": "1.00",
            "bills": [
                {"platform": PLATFORM, "month": "2026-09", "orders": 3, "premium": "0.75"},
                {"platform": PLATFORM, "month": "2026-10", "orders": 1, "premium": "0.25"},
            ],
            "claims": 1,
        },
        # one below the minimum, both with a fine, and orders of the one who was never trained; the first three people each
        # bring a case to its end
        "complaints": {
            "cases": 3,
            "closed": 3,
            "leads": 4,
            "leads_by_kind": {"pay_below_minimum": 1, "deduction_unlawful": 2, "work_while_blocked": 1},
        },
        "subsidies": {"applications": 0, "on_notice": 0, "refused": 0},
        # beside what was pushed one is helped with a thousand yuan (told four times), and one refused a training (told twice)
        "money": {
            "paid": 1,
            "amount": "1000.00",
            "spent": "1000.00",
            "refused": 1,
            "grounds": ["certificate"],
            "messages": 6,
        },
        # of the rest one is recognised (told three times), one refused for last month (twice), the platform refused a grant (twice),
        # and the one who was trained is paid for the certificate after its public notice (four times)
        "kinds": {
            "recognised": 1,
            "flexible_refused": ["paid"],
            "grant_refused": ["placed"],
            "training_paid": 0,
            "training_spent": "0.00",
            "skill_paid": 1,
            "skill_spent": "1000.00",
            "skill_refused": [],
            "messages": 11,
        },
        # one stays blocked (2) and works (1), cover opened (3), one certificate, one claim (2), two bills; of each case
        # four to who complained (filed, accepted, decided, closed) and two to the platform (asked, decided)
        "notifier": {"sent": 29, "delivered": 29, "failed": 0},
        "channels": {"push": 0, "sms": 29},
        "webhooks": {"claims": 1, "bills": 2, "unverified": 0},
        # two orders, one met and one overdue, a proposal, the listing and what it restricts; to who is owed one
        "orders": {"met": 1, "overdue": 1, "messages": 8},
        "listed": [PLATFORM],
        "draw": {"enterprises": 1, "unpublished": 0, "untold": 0, "not_the_same": 0},
        # all four engagements stand, the blocked one too
        "broadcast": {"people": 4, "given": 4, "delivered": 4},
        "dead_letters": 0,
    }


@pytest.mark.timeout(1200)
async def test_the_sample_day_comes_out_as_its_input_demands(tmp_path: Path) -> None:
    async with demo(tmp_path / "stack") as process:
        status = await process.wait()
    assert status == 0, (tmp_path / "stack.log").read_text("utf-8")[-3000:]
    report = report_of(tmp_path / "stack")
    assert report["registry"]["workers"] >= 600
    assert report["insurance"]["orders"] >= 15_000
    assert report["dead_letters"] == 0
    assert report["providers"]["aliyun"] + report["providers"]["tencent"] == report["channels"]["sms"]
    assert min(*report["providers"].values(), *report["channels"].values(), report["broadcast"]["given"]) > 20
    assert report["webhooks"]["claims"] >= 10
    assert report["draw"]["enterprises"] == 4
    assert (report["kinds"]["training_paid"], report["kinds"]["skill_paid"]) == (report["subsidies"]["on_notice"], 1)
    assert report["kinds"]["training_paid"] >= 20
    assert len(report["published"]["draw"]["result"]) >= 1


@pytest.mark.timeout(300)
@pytest.mark.parametrize("text", ["", '{"type": 1}\n{"source": "/platforms/91510600MA6000001K", "data": []}\n'])
async def test_an_input_without_anything_in_it_comes_out_right(tmp_path: Path, text: str) -> None:
    file = tmp_path / "events.ndjson"
    file.write_text(text)
    async with demo(tmp_path / "stack", "--input", str(file)) as process:
        status = await process.wait()
    assert status == 0, (tmp_path / "stack.log").read_text("utf-8")[-3000:]
    report = report_of(tmp_path / "stack")
    assert report["notifier"] == {"sent": 0, "delivered": 0, "failed": 0}
    assert report["broadcast"] == {"people": 0, "given": 0, "delivered": 0}
