from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from services.complaints.terms.documents import Term
from shared import clock
from shared.policy.calendar import add_days, shanghai_date
from shared.policy.contesting import review_decided_by
from shared.policy.parameters import parameters
from shared.storage.records import find
from tests.harness import Harness
from tests.integration.complaints.penalties.course import Course, filed, later, today
from tests.unit.identity.numbers import make_uscc


async def test_nothing_is_added_while_a_review_goes_on(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PN0000009"))
    await penalty.served("10000.00")
    await penalty.done("contests", "p-first", {"kind": "suit", "on": today()})
    assert await penalty.do("contests", "p-first", {"kind": "suit", "on": today()}) == (409, "contested-already")
    with time_machine.travel(later(days=60), tick=True):
        assert (await penalty.letter())["debt"]["surcharge"] == "0.00"
        await penalty.done("contest-end", "p-fourth", {"on": today(), "text": "维持"})
    with time_machine.travel(later(days=62), tick=True):
        assert (await penalty.letter())["debt"]["surcharge"] == "600.00"


async def enforcing(penalty: Course) -> list[tuple[str, dt.date]]:
    """The terms to apply to a court: how each stands, and from when it runs."""
    found = await find(Term, {"matter_kind": "penalty", "matter_id": penalty.id, "step": "enforce_penalty"})
    return [(one.state, one.begun_on) for one in sorted(found, key=lambda one: one.id)]


@pytest.mark.parametrize("before", [True, False])
async def test_the_court_waits_while_a_review_goes_on(complaints: Harness, before: bool) -> None:
    """Asked for before the last day to pay, or after it."""
    penalty = await filed(complaints, make_uscc("PN000000Q" if before else "PN000000R"))
    await penalty.served("10000.00")
    letter = await penalty.letter()
    due = dt.date.fromisoformat(letter["debt"]["parts"][0]["on"])
    review = {"kind": "review", "on": today()}
    if before:
        await penalty.done("contests", "p-first", review)
    late = later(days=(due - shanghai_date(clock.now())).days + 2)
    with time_machine.travel(late, tick=True):
        for _ in range(2):
            await complaints.settled()
        if not before:
            over = dt.date.fromisoformat(letter["decision"]["sue_by"])
            assert await enforcing(penalty) == [("running", over)]
            await penalty.done("contests", "p-first", review | {"on": today()})
    ended = [] if before else [("ended", over)]
    assert await enforcing(penalty) == ended
    with time_machine.travel(late + dt.timedelta(200), tick=True):
        await complaints.settled()
        assert await enforcing(penalty) == ended
        await penalty.done("contest-end", "p-fourth", {"on": today(), "text": "维持"})
        assert await enforcing(penalty) == [*ended, ("running", add_days(shanghai_date(clock.now()), 15).due)]


async def test_a_review_that_is_not_decided_is_left_for_the_court(complaints: Harness) -> None:
    """Once its term is over (行政诉讼法 art. 45); the time to sue after a review that is decided runs from its receipt."""
    penalty = await filed(complaints, make_uscc("PN000000W"))
    await penalty.served("10000.00")
    await penalty.done("contests", "p-first", {"kind": "review", "on": today()})
    over = review_decided_by(shanghai_date(clock.now()), parameters.on(shanghai_date(clock.now())))
    for day, answer in ((over, (409, "contested-already")), (over + dt.timedelta(1), None)):
        with time_machine.travel(later(days=(day - shanghai_date(clock.now())).days), tick=True):
            suit = {"kind": "suit", "on": today()}
            if answer is not None:
                assert await penalty.do("contests", "p-first", suit) == answer
            else:
                await penalty.done("contests", "p-first", suit)
                shown = [(one["kind"], one["last"]) for one in penalty.shown["contests"]]
                assert shown == [("review", str(day)), ("suit", None)]
                await penalty.done("contest-end", "p-fourth", {"on": today(), "text": "维持"})


async def test_to_sue_after_a_review_runs_from_its_receipt(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PN000000X"))
    await penalty.served("10000.00")
    await penalty.done("contests", "p-first", {"kind": "review", "on": today()})
    ended = {"on": today(), "text": "维持"}
    with time_machine.travel(later(days=5), tick=True):
        ahead = ended | {"received_on": str(shanghai_date(later(days=6)))}
        assert await penalty.do("contest-end", "p-fourth", ahead) == (422, "received-day")
        await penalty.done("contest-end", "p-fourth", ended | {"received_on": today()})
        until = add_days(shanghai_date(clock.now()), 15).due
        assert penalty.shown["contests"][0]["sue_by"] == str(until)


async def test_a_suit_told_late_ends_a_fine_that_is_paid(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PN000000P"))
    await penalty.served("10000.00")
    due = dt.date.fromisoformat((await penalty.letter())["debt"]["parts"][0]["on"])
    with time_machine.travel(later(days=(due - shanghai_date(clock.now())).days + 2), tick=True):
        for _ in range(2):  # the last day to pay is over, and what follows is done
            await complaints.settled()
        await penalty.done("payments", "p-first", {"amount": "10000.00", "on": today(), "receipt": "G-1"})
        await penalty.done("contests", "p-first", {"kind": "suit", "on": str(due)})
        assert penalty.shown["state"] == "fulfilled"
        assert (await penalty.letter())["debt"]["owed"] == "0.00"


async def test_an_annulled_fine_is_refunded_and_decided_anew(complaints: Harness) -> None:
    uscc = make_uscc("PN0000008")
    penalty = await filed(complaints, uscc)
    await penalty.served("9000.00")
    await penalty.done("payments", "p-first", {"amount": "9000.00", "on": today(), "receipt": "E-1"})
    assert await penalty.do("annulment", "p-fourth", {"text": "程序违法"}) == (409, "same-officer")
    await penalty.done("annulment", "p-third", {"text": "程序违法"})
    debt = (await penalty.letter())["debt"]
    assert (debt["owed"], debt["refund"]) == ("0.00", "9000.00")
    await filed(complaints, uscc)


async def test_a_review_is_asked_for_once_and_not_after_a_suit(complaints: Harness) -> None:
    """行政复议法 art. 29; a second one would stop what is added day by day once more."""
    for kind, uscc in (("review", "PN00000R1"), ("suit", "PN00000R2")):
        penalty = await filed(complaints, make_uscc(uscc))
        await penalty.served("10000.00")
        await penalty.done("contests", "p-first", {"kind": kind, "on": today()})
        await penalty.done("contest-end", "p-fourth", {"on": today(), "text": "维持"})
        again = {"kind": "review", "on": today()}
        assert await penalty.do("contests", "p-first", again) == (409, "reviewed-already")
        await penalty.done("contests", "p-first", again | {"kind": "suit"})


async def test_a_court_is_applied_to_once_a_review_is_over(complaints: Harness) -> None:
    """By its own fifteen days to sue; six months from the service, the court's three would be over (行政强制法 art. 53)."""
    penalty = await filed(complaints, make_uscc("PN00000R6"))
    await penalty.served("10000.00")
    await penalty.done("contests", "p-first", {"kind": "review", "on": today()})
    with time_machine.travel(later(days=30), tick=True):
        await complaints.settled()
        await penalty.done("contest-end", "p-fourth", {"on": today(), "text": "维持"})
        over = add_days(shanghai_date(clock.now()), 15).due
        assert await enforcing(penalty) == [("running", over)]
        await penalty.done("reminder", "p-first", {"by": "邮寄"})
        assert await penalty.do("court-application", "p-first") == (409, "too-early")
    with time_machine.travel(later(days=30 + 40), tick=True):
        await complaints.settled()
        await penalty.done("court-application", "p-first")
        assert penalty.shown["state"] == "in_court"
        assert (await penalty.letter())["decision"]["articles"] == ["《劳动保障监察条例》第三十条第一款"]


async def after_suing(penalty: Course) -> dt.datetime:
    """The day after the last one to sue."""
    over = dt.date.fromisoformat((await penalty.letter())["decision"]["sue_by"])
    return later(days=(over - shanghai_date(clock.now())).days + 1)


async def executed(complaints: Harness, penalty: Course, term: str) -> dt.date:
    """Let a court execute a penalty once the time to contest it is over; the last day of a term."""
    await penalty.served("10000.00")
    last = dt.date.fromisoformat((await penalty.letter())["decision"][term])
    with time_machine.travel(later(days=30), tick=True):
        await complaints.settled()
        await penalty.done("reminder", "p-first", {"by": "邮寄"})
    with time_machine.travel(await after_suing(penalty), tick=True):
        await complaints.settled()
        await penalty.done("court-application", "p-first")
    return last


@pytest.mark.parametrize(
    ("kind", "term", "seed"), [("review", "review_by", "PN0000R07"), ("suit", "sue_by", "PN0000R08")]
)
async def test_what_is_executed_is_contested_in_time(complaints: Harness, kind: str, term: str, seed: str) -> None:
    """The execution takes no time from it and gives none (行政复议法 art. 20, 42; 行政诉讼法 art. 46, 56)."""
    penalty = await filed(complaints, make_uscc(seed))
    last = await executed(complaints, penalty, term)
    with time_machine.travel(await after_suing(penalty), tick=True):
        late = {"kind": kind, "on": str(last + dt.timedelta(1))}
        assert await penalty.do("contests", "p-first", late) == (409, "contest-late")
        before = (await penalty.letter())["debt"]["owed"]
        await penalty.done("contests", "p-first", {"kind": kind, "on": str(last)})
        assert (penalty.shown["state"], penalty.shown["contests"][0]["admitted"]) == ("in_court", False)
        assert before == (await penalty.letter())["debt"]["owed"] == "20000.00"  # as much as may be added was, before
        await penalty.done("execution-end", "p-fourth", {"text": "无财产可供执行"})
        await penalty.done("contest-end", "p-fourth", {"on": today(), "text": "变更", "fine": "4000.00"})
        assert (penalty.shown["state"], penalty.shown["debt"]["owed"]) == ("ended", "8000.00")
        if kind == "suit":
            await penalty.done("contests", "p-first", {"kind": "suit", "on": today()})  # an appeal
            await penalty.done("contest-end", "p-fourth", {"on": today(), "text": "撤销", "annulled": True})
            assert (penalty.shown["state"], penalty.shown["debt"]["owed"]) == ("annulled", "0.00")


async def test_what_was_held_up_is_contested_late(complaints: Harness) -> None:
    """As the body that takes it up says (行政复议法 art. 20)."""
    penalty = await filed(complaints, make_uscc("PN0000L08"))
    await executed(complaints, penalty, "review_by")
    with time_machine.travel(await after_suing(penalty), tick=True):
        await penalty.done("execution-end", "p-fourth", {"text": "无财产可供执行"})
        review = {"kind": "review", "on": today()}
        assert await penalty.do("contests", "p-first", review) == (409, "contest-late")
        await penalty.done("contests", "p-first", review | {"admitted": True})
        assert (penalty.shown["state"], penalty.shown["contests"][0]["admitted"]) == ("ended", True)
        await penalty.done("contest-end", "p-fourth", {"on": today(), "text": "维持"})
        assert penalty.shown["state"] == "ended"
