"""What follows from an agreement: by when it is performed, who confirms it, and which orders rest on it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.harness import Harness
from tests.integration.complaints.disputes.matters import Matter, days_on, office, opened, today


def in_days(days: int) -> str:
    return str(today() + dt.timedelta(days=days))


async def negotiated(complaints: Harness, **changes: Any) -> Matter:
    """An agreement of the two sides alone, to be performed within ten days."""
    matter = await opened(complaints, **changes)
    assert await matter.step(matter.platform, "answer") == 200
    assert await matter.step(matter.worker, "negotiate") == 200
    assert await matter.step(matter.worker, "settle", due_on=in_days(10), text="十日内支付") == 200
    return matter


async def mediated(complaints: Harness, by: dict[str, str], **changes: Any) -> Matter:
    matter = await opened(complaints, **changes)
    assert await matter.step(matter.worker, "mediate", forum="union") == 200
    assert await matter.step(by, "settle", due_on=in_days(10), text="十日内支付") == 200
    return matter


async def test_an_agreement_is_not_breached_before_its_day(complaints: Harness, offices: Any) -> None:
    matter = await mediated(complaints, offices["union"])
    assert await matter.step(matter.worker, "breach") == 409
    with days_on(10):
        assert await matter.step(matter.worker, "breach") == 409
    with days_on(11):
        assert await matter.step(matter.worker, "breach") == 200
        assert await matter.step(matter.worker, "apply") == 200
    promised = await opened(complaints)  # by the enterprise alone: it binds the worker to no day
    assert await promised.step(promised.platform, "settle", due_on="2099-12-31") == 200
    assert await promised.step(promised.worker, "breach") == 200
    assert await promised.step(promised.worker, "apply") == 200


async def test_only_what_was_mediated_is_confirmed(complaints: Harness, offices: Any) -> None:
    matter = await negotiated(complaints)
    assert await matter.step(matter.worker, "ask_confirmation", forum="court") == 422
    other = await mediated(complaints, offices["union"])
    assert await other.step(other.worker, "ask_confirmation", forum="union") == 422
    assert await other.step(other.worker, "ask_confirmation", forum="arbitration") == 200
    assert await other.step(other.worker, "ask_confirmation", forum="arbitration") == 409
    assert other.shown["consents"] == ["worker"]


async def test_arbitration_reviews_an_agreement_sooner(complaints: Harness, offices: Any) -> None:
    matter = await mediated(complaints, offices["union"])
    with days_on(21):
        assert await matter.step(matter.worker, "ask_confirmation", forum="arbitration") == 409
        assert await matter.step(matter.worker, "ask_confirmation", forum="court") == 200


async def test_only_a_courts_refusal_opens_the_court(complaints: Harness, offices: Any) -> None:
    for forum, name, sues in (("arbitration", "hrss", 422), ("court", "court", 200)):
        matter = await mediated(complaints, offices["union"], claims=[{"kind": "dismissal", "known_on": "2026-08-03"}])
        for side in (matter.worker, matter.platform):
            assert await matter.step(side, "ask_confirmation", forum=forum) == 200
        assert await matter.step(offices[name], "deny") == 200
        assert await matter.step(matter.worker, "sue") == sues


async def test_a_payment_order_rests_on_what_was_mediated(complaints: Harness, offices: Any) -> None:
    severance = await negotiated(complaints, claims=[{"kind": "severance", "known_on": "2026-08-03"}])
    pay, by_mediators = await negotiated(complaints), await mediated(complaints, offices["union"])
    with days_on(12):
        for matter in (severance, pay, by_mediators):
            assert await matter.step(matter.worker, "breach") == 200
        assert await severance.step(severance.worker, "ask_payment_order") == 422
        for matter, sues in ((pay, 422), (by_mediators, 200)):
            assert await matter.step(matter.worker, "ask_payment_order") == 200
            assert await matter.step(office("court"), "end_order") == 200
            assert await matter.step(matter.worker, "sue") == sues
        assert await pay.step(pay.worker, "apply") == 200


async def test_a_suit_and_an_order_asked_for_interrupt(complaints: Harness, offices: Any) -> None:
    pay = await negotiated(complaints, relation="partial")
    with days_on(12):
        assert await pay.step(pay.worker, "breach") == 200
        before = len(pay.shown["facts"])
        assert await pay.step(pay.worker, "ask_payment_order") == 200
        assert await pay.step(office("court"), "end_order") == 200
        assert await pay.step(pay.worker, "sue") == 200
        assert [one["ground"] for one in pay.shown["facts"][before:]] == ["asked_authority"] * 2
        assert await pay.step(office("court"), "refuse") == 200
        assert await pay.step(pay.platform, "sue") == 200
        assert len(pay.shown["facts"]) == before + 2


async def test_a_payment_order_waits_for_an_objection(complaints: Harness, offices: Any) -> None:
    """It may be carried out where nobody objects in its days; an objection ends it, and the worker may sue."""
    paid, objected = [await mediated(complaints, offices["union"]) for _ in range(2)]
    with days_on(12):
        for matter in (paid, objected):
            assert await matter.step(matter.worker, "breach") == 200
            assert await matter.step(matter.worker, "ask_payment_order") == 200
            assert await matter.step(office("court"), "issue_order") == 200
            assert await matter.step(matter.worker, "execute") == 409
            assert await matter.step(office("court"), "issue_order") == 409
        assert dt.date.fromisoformat(paid.shown["due_on"]) >= today() + dt.timedelta(days=15)
        assert await objected.step(office("court"), "end_order", text="企业提出异议") == 200
        assert await objected.step(objected.worker, "sue") == 200
    await paid.later(45)
    assert (paid.state, (await paid.steps())[-1]) == ("effective", ("lapse", "effective"))
    with days_on(45):
        assert await paid.step(paid.worker, "execute") == 200
