from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from services.complaints.penalties.documents import Penalty
from services.complaints.terms.documents import Term
from shared import clock
from shared.contracts.complaints import PenaltyDecided, PenaltyPaid, PenaltyReported, TermMissed
from shared.policy.calendar import SHANGHAI, add_working_days, shanghai_date
from shared.storage.client import collection_of
from shared.storage.records import find
from tests.harness import Harness
from tests.integration.complaints.penalties.cases import case_of
from tests.integration.complaints.penalties.course import HERE, Course, file, filing, later, meant, officer, today, told
from tests.unit.identity.numbers import make_uscc


async def on_spot(complaints: Harness, uscc: str, fine: str = "2000.00", **changes: Any) -> tuple[int, dict[str, Any]]:
    """Report a decision on the spot; the status and the answer."""
    body = filing(uscc) | meant(fine) | {
        "facts": "拒不提供考勤记录", "charges": [{"ground": "obstruction"}], "officers": ["p-first", "p-second"],
        "on": today(), "place": "某路某号三楼", "waived": True,
    }  # fmt: skip
    headers = complaints.headers("officer", department="hrss", district=HERE) | officer("p-first")
    answer = await complaints.http.post("/v1/penalties/on-the-spot", json=body | changes, headers=headers)
    return answer.status_code, dict(answer.json())


async def decided(complaints: Harness, uscc: str, fine: str = "2000.00", **changes: Any) -> Course:
    status, shown = await on_spot(complaints, uscc, fine, **changes)
    assert status == 201, shown
    return Course(complaints, shown)


async def test_a_small_fine_is_decided_served_and_reported(complaints: Harness) -> None:
    uscc = make_uscc("PX0000001")
    said: dict[str, Any] = {
        "waived": False,
        "statement": "记录在总部",
        "answer": "经复核不予采纳",
        "signed": False,
        "note": "拒绝签收",
    }
    penalty = await decided(complaints, uscc, **said)
    assert (penalty.shown["state"], penalty.shown["decision"]["served_on"]) == ("served", today())
    letter = await penalty.letter()
    assert (letter["decision"]["fine"], letter["decision"]["answer"]) == ("2000.00", "经复核不予采纳")
    assert letter["decision"]["review_by"] > today()
    assert [one["text"] for one in letter["statements"]] == ["记录在总部"]
    spot = letter["on_spot"]
    assert (spot["place"], spot["signed"], spot["note"]) == ("某路某号三楼", False, "拒绝签收")
    assert spot["certificates"] == ["510600-0001", "510600-0001"]
    assert await told(complaints, penalty, PenaltyReported, PenaltyDecided) == ["PenaltyReported", "PenaltyDecided"]
    for same in ("p-first", "p-second"):
        assert await penalty.do("record", same) == (409, "same-officer")
    await penalty.done("record", "p-fourth")
    assert penalty.shown["on_spot"]["recorded_on"] == today()
    assert await penalty.do("record", "p-fourth") == (409, "nothing-to-record")
    row = str(await collection_of(Penalty).find_one({"_id": penalty.id}))
    for text in ("某路某号", "拒绝签收", "记录在总部", "经复核"):
        assert text not in row
    status, shown = await file(complaints, uscc)
    assert (status, shown["type"]) == (409, "/problems/one-act")
    await penalty.done("payments", "p-first", {"amount": "2000.00", "on": today(), "receipt": "S-1"})
    assert penalty.shown["state"] == "fulfilled"


async def test_a_warning_on_the_spot_needs_no_payment(complaints: Harness) -> None:
    overtime = {"violation": "overtime", "grounds": ["overtime"], "charges": [{"ground": "overtime", "persons": 3}]}
    penalty = await decided(complaints, make_uscc("PX0000002"), "0.00", warning=True, **overtime)
    assert (penalty.shown["state"], penalty.shown["debt"]) == ("fulfilled", None)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"fine": "3000.01"}, "not-on-the-spot"),
        ({"fine": "1999.99"}, "fine-range"),
        ({"confiscated": "1.00"}, "not-on-the-spot"),
        ({"officers": ["p-first"]}, "too-few-inspectors"),
        ({"officers": ["p-second", "p-third"]}, "charges"),
        ({"waived": False}, "not-heard"),
        ({"order": None}, "not-ordered"),
        ({"statement": "不服"}, "not-heard"),
        ({"signed": False}, "not-signed"),
        ({"on": "2026-01-05"}, "report-day"),
        ({"violation": "discrimination"}, "no-penalty-for-act"),
        ({"relation": "partial"}, "no-penalty-for-footing"),
        ({"violation": "other", "grounds": ["unlicensed_dispatch"], "charges": [{"ground": "unlicensed_dispatch"}]},
         "gain-missing"),
    ],
)  # fmt: skip
async def test_what_is_not_for_the_spot_is_refused(complaints: Harness, changes: dict[str, Any], kind: str) -> None:
    status, shown = await on_spot(complaints, make_uscc("PX0000003"), **changes)
    assert (status // 100, shown["type"]) == (4, f"/problems/{kind}")


async def test_a_sole_trader_has_the_limit_of_a_citizen(complaints: Harness) -> None:
    trader = make_uscc("PX0000004", kind="92")
    status, shown = await on_spot(complaints, trader, "2000.00")
    assert (status, shown["type"], shown["most"]) == (409, "/problems/not-on-the-spot", "200")


async def test_a_decision_on_the_spot_shows_no_reporter(complaints: Harness) -> None:
    uscc = make_uscc("PX0000005")
    case = await case_of(complaints, uscc, "w-spot")
    asked = {
        "origin": "case", "origin_id": case.case_id, "violation": "overtime", "grounds": ["overtime"],
        "charges": [{"ground": "overtime", "persons": 3}], "warning": True,
    }  # fmt: skip
    for words in ({"text": "w-spot举报属实"}, {"place": "w-spot宿舍"}):
        status, shown = await on_spot(complaints, uscc, "0.00", **asked | words)
        assert (status, shown["type"]) == (409, "/problems/would-tell-reporter")
    await decided(complaints, uscc, "0.00", **asked)


async def test_a_fine_that_officers_collect_reaches_the_bank(complaints: Harness) -> None:
    penalty = await decided(complaints, make_uscc("PX0000006"))
    collection = {"why": "small", "amount": "2000.00", "receipt": "川财票0001", "on": today()}
    assert await penalty.do("collection", "p-first", collection) == (409, "not-collected")
    assert await penalty.do("collection", "p-first", collection | {"why": "remote"}) == (409, "not-collected")
    await penalty.done("collection", "p-first", collection | {"why": "hard_later"})
    assert penalty.shown["state"] == "fulfilled"
    assert await told(complaints, penalty, PenaltyPaid) == ["PenaltyPaid"]
    assert await penalty.do("collection-handed-in", "p-first", {"to": "bank", "on": today()}) == (409, "not-handed-in")
    await penalty.done("collection-handed-in", "p-first", {"to": "office", "on": today()})
    assert await penalty.do("collection-handed-in", "p-first", {"to": "office", "on": today()}) == (
        409,
        "nothing-collected",
    )
    await penalty.done("collection-handed-in", "p-third", {"to": "bank", "on": today()})
    collected = penalty.shown["debt"]["collected"]
    assert (collected["handed_in_on"], collected["banked_on"]) == (today(), today())
    assert "by" not in (await penalty.letter())["debt"]["collected"]
    terms = await find(Term, {"matter_kind": "penalty", "matter_id": penalty.id})
    assert {one.step: one.state for one in terms if one.step in ("hand_in_fine", "bank_fine")} == {
        "hand_in_fine": "met", "bank_fine": "met"
    }  # fmt: skip


async def test_money_that_officers_keep_is_told_of(complaints: Harness) -> None:
    penalty = await decided(complaints, make_uscc("PX0000007"))
    asked = {"why": "remote", "amount": "2000.00", "receipt": "川财票0002", "asked": True, "on": today()}
    await penalty.done("collection", "p-first", asked)
    due = add_working_days(shanghai_date(clock.now()), 2).due
    morning = dt.datetime.combine(add_working_days(due, 1).due, dt.time(10), SHANGHAI)
    with time_machine.travel(max(morning, later()), tick=True):
        for _ in range(3):
            await complaints.settled()
        missed = [one for one in await complaints.told(TermMissed) if one.matter_id == penalty.id]
        assert [one.step for one in missed] == ["hand_in_fine"]


async def test_who_decided_on_the_spot_does_not_annul_it(complaints: Harness) -> None:
    penalty = await decided(complaints, make_uscc("PX0000008"))
    for same in ("p-first", "p-second"):
        assert await penalty.do("annulment", same, {"text": "认定有误"}) == (409, "same-officer")
    await penalty.done("annulment", "p-third", {"text": "认定有误"})
    assert await penalty.do("record", "p-fourth") == (409, "nothing-to-record")
