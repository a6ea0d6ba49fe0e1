from __future__ import annotations

import datetime as dt
from typing import Any

import time_machine

from shared import clock
from shared.contracts.complaints import PenaltyClosed, PenaltyDecided, PenaltyPaid, PenaltyTakenToCourt
from shared.policy.calendar import shanghai_date
from tests.harness import Harness
from tests.integration.complaints.penalties.course import Course, file, filed, later, meant, today
from tests.unit.identity.numbers import make_uscc

AGENCY = {"violation": "unlawful_fee", "grounds": ["unlicensed_agency"], "relation": "self_employed"}
CHARGES = [{"ground": "unlicensed_agency"}]


def gain(received: str, owed_back: str = "0.00", repaid: str = "0.00") -> dict[str, str]:
    return {"received": received, "owed_back": owed_back, "repaid": repaid, "calculation": "按实收介绍费计算"}


async def told_of(complaints: Harness, uscc: str, found: dict[str, str], fine: str, confiscated: str) -> Course:
    """An agency without a licence that was told of a fine and a confiscation."""
    penalty = await filed(complaints, uscc, **AGENCY)
    await penalty.investigated(charges=CHARGES, gain=found)
    await penalty.notified(fine, confiscated=confiscated)
    return penalty


async def served(penalty: Course, fine: str, confiscated: str) -> None:
    await penalty.done("waiver", "enterprise")
    await penalty.done("decision", "p-fourth", meant(fine, confiscated=confiscated))
    await penalty.done("service", "p-first", {"on": today(), "by": "直接送达"})


async def test_what_is_owed_back_is_not_confiscated(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PG0000001"), **AGENCY)
    conclusion: dict[str, Any] = {
        "facts": "无证中介", "charges": CHARGES, "officers": ["p-first", "p-second"],
        "evidence": [await penalty.filed_evidence()],
    }  # fmt: skip
    assert await penalty.do("conclusion", "p-first", conclusion) == (422, "gain-missing")
    wrong = gain("9000.00", "9000.01")
    assert await penalty.do("conclusion", "p-first", conclusion | {"gain": wrong}) == (422, "gain")
    assert await penalty.do("conclusion", "p-first", conclusion | {"gain": gain("0.00")}) == (422, "nothing-gained")
    await penalty.done("conclusion", "p-first", conclusion | {"gain": gain("9000.00", "2500.00", "500.00")})
    for other in ("9000.00", "6499.99", "0.00"):
        told_ = meant("10000.00", confiscated=other) | {"by": "直接送达"}
        assert await penalty.do("notice", "p-first", told_) == (422, "confiscation")
    await penalty.notified("10000.00", confiscated="6500.00")
    letter = await penalty.letter()
    assert letter["gain"] == gain("9000.00", "2500.00", "500.00")
    assert (letter["notice"]["confiscated"], letter["notice"]["hearing_due"]) == ("6500.00", False)
    await served(penalty, "10000.00", "6500.00")
    assert (await penalty.letter())["debt"]["to_repay"] == "2000.00"
    assert await penalty.do("repayments", "p-first", {"amount": "2000.01"}) == (422, "gain")
    await penalty.done("repayments", "p-first", {"amount": "2000.00"})
    assert (await penalty.letter())["debt"]["to_repay"] == "0.00"


async def test_a_confiscated_sum_is_paid_apart_from_the_fine(complaints: Harness) -> None:
    penalty = await told_of(complaints, make_uscc("PG0000002"), gain("6500.00"), "10000.00", "6500.00")
    await served(penalty, "10000.00", "6500.00")
    assert (await penalty.letter())["debt"]["owed"] == "16500.00"
    part = {"amount": "10000.00", "on": today(), "receipt": "G-1"}
    await penalty.done("payments", "p-first", part)
    assert penalty.shown["state"] == "served"
    apart = {"fine": "0.00", "surcharge": "0.00", "confiscated": "6500.00", "again": "0.00"}
    assert (await penalty.letter())["debt"]["owed_apart"] == apart
    rest = {"amount": "6500.00", "on": today(), "receipt": "G-3", "toward": "confiscated"}
    await penalty.done("payments", "p-first", rest)
    assert (penalty.shown["state"], penalty.shown["debt"]["paid"]) == ("fulfilled", "16500.00")
    [decided] = [one for one in await complaints.told(PenaltyDecided) if one.penalty_id == penalty.id]
    assert (decided.fine, decided.confiscated) == ("10000.00", "6500.00")
    paid = [one for one in await complaints.told(PenaltyPaid) if one.penalty_id == penalty.id]
    assert [(one.toward, one.left) for one in paid] == [("fine", "6500.00"), ("confiscated", "0.00")]
    await penalty.done("annulment", "p-third", {"text": "程序违法"})
    debt = (await penalty.letter())["debt"]
    assert (debt["owed"], debt["refund"]) == ("0.00", "16500.00")


async def test_nothing_is_added_to_a_confiscated_sum(complaints: Harness) -> None:
    penalty = await told_of(complaints, make_uscc("PG0000003"), gain("6500.00"), "10000.00", "6500.00")
    await served(penalty, "10000.00", "6500.00")
    letter = await penalty.letter()
    await penalty.done("payments", "p-first", {"amount": "10000.00", "on": today(), "receipt": "H-1"})
    due = dt.date.fromisoformat(letter["debt"]["confiscation"]["on"])
    with time_machine.travel(later(days=(due - shanghai_date(clock.now())).days + 2), tick=True):
        for _ in range(2):  # the last day to pay is over, and what follows is done
            await complaints.settled()
        debt = (await penalty.letter())["debt"]
        assert (debt["surcharge"], debt["owed"]) == ("0.00", "6500.00")
        await penalty.done("reminder", "p-first", {"by": "邮寄"})
    sue_by = dt.date.fromisoformat(letter["decision"]["sue_by"])
    with time_machine.travel(later(days=(sue_by - shanghai_date(clock.now())).days + 1), tick=True):
        await penalty.done("court-application", "p-first")
    [court] = [one for one in await complaints.told(PenaltyTakenToCourt) if one.penalty_id == penalty.id]
    assert court.owed == "6500.00"


async def test_a_large_confiscation_opens_a_hearing(complaints: Harness) -> None:
    penalty = await told_of(complaints, make_uscc("PG0000004"), gain("50000.00"), "10000.00", "50000.00")
    assert (await penalty.letter())["notice"]["hearing_due"]
    await penalty.done("hearing-request", "enterprise", {"text": "要求听证"})


async def test_a_hearing_may_be_offered_where_none_is_due(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PG0000005"))
    await penalty.investigated()
    await penalty.notified("8000.00", hearing=True)
    await penalty.done("hearing-request", "enterprise", {"text": "要求听证"})


async def test_a_review_lowers_what_is_confiscated_and_shows_it(complaints: Harness) -> None:
    penalty = await told_of(complaints, make_uscc("PG0000006"), gain("6500.00"), "10000.00", "6500.00")
    await served(penalty, "10000.00", "6500.00")
    await penalty.done("publication", "p-third", {"text": "无证从事职业中介"})
    path = "/v1/public-penalties?limit=500"
    [shown] = [one for one in (await complaints.http.get(path)).json()["items"] if one["penalty_id"] == penalty.id]
    assert (shown["fine"], shown["confiscated"]) == ("10000.00", "6500.00")
    await penalty.done("contests", "p-first", {"kind": "review", "on": today()})
    lower = {"on": today(), "text": "复议变更", "confiscated": "6500.01"}
    assert await penalty.do("contest-end", "p-fourth", lower) == (422, "changed-fine")
    await penalty.done("contest-end", "p-fourth", lower | {"confiscated": "4000.00"})
    debt = (await penalty.letter())["debt"]
    assert (debt["owed"], debt["confiscation"]["amount"]) == ("14000.00", "4000.00")
    [shown] = [one for one in (await complaints.http.get(path)).json()["items"] if one["penalty_id"] == penalty.id]
    assert (shown["confiscated"], shown["withdrawn_for"]) == (None, "复议变更")
    [closed] = [one for one in await complaints.told(PenaltyClosed) if one.penalty_id == penalty.id]
    assert (closed.outcome, closed.fine, closed.confiscated) == ("changed", "10000.00", "4000.00")


async def test_unlicensed_dispatch_is_fined_by_what_it_gained(complaints: Harness) -> None:
    dispatch = {"violation": "other", "grounds": ["unlicensed_dispatch"], "relation": "self_employed"}
    charges = [{"ground": "unlicensed_dispatch"}]
    gained = await filed(complaints, make_uscc("PG0000007"), **dispatch)
    await gained.investigated(charges=charges, gain=gain("20000.00"))
    told_ = meant("19999.99", confiscated="20000.00") | {"by": "直接送达"}
    assert await gained.do("notice", "p-first", told_) == (422, "fine-range")
    await gained.notified("100000.00", confiscated="20000.00")
    nothing = await filed(complaints, make_uscc("PG0000008"), **dispatch)
    await nothing.investigated(charges=charges, gain=gain("0.00"))
    told_ = meant("50000.01") | {"by": "直接送达"}
    assert await nothing.do("notice", "p-first", told_) == (422, "fine-range")
    await nothing.notified("50000.00")
    status, shown = await file(complaints, make_uscc("PG0000009"), **dispatch | {"grounds": ["obstruction"]})
    assert (status, shown["type"]) == (422, "/problems/no-penalty-for-footing")


async def test_nothing_is_repaid_where_nothing_was_gained(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PG000000A"))
    assert await penalty.do("repayments", "p-first", {"amount": "1.00"}) == (409, "nothing-to-repay")
