"""The parties' own terms in a dispute follow the days off, once those of their year are published."""

from __future__ import annotations

import datetime as dt

import pytest

from services.complaints.app import service
from services.complaints.disputes import party_rules
from services.complaints.disputes.documents import Added, Dispute, Entry, Further
from services.complaints.disputes.term_commands import CALENDAR
from shared.policy.parameters import parameters
from shared.storage.transaction import transact
from tests.harness import Harness, eventually
from tests.integration.complaints.disputes.matters import OTHER, opened
from tests.integration.years import all_followed, before_2027, forget_watches, publish_2027

BEFORE, AFTER = dt.date(2027, 1, 15), dt.date(2027, 1, 18)
"""A Friday, and the Monday behind it."""


async def test_terms_after_an_award_follow_the_calendar(complaints: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    with before_2027():
        dispute = await Dispute.of((await opened(complaints)).id)
        assert dispute is not None
        dispute.state, dispute.due_on = "awarded", BEFORE
        dispute.sue_by = {"worker": BEFORE, "enterprise": BEFORE - dt.timedelta(days=1)}
        await transact(dispute.put)
        await publish_2027(monkeypatch, BEFORE, stored=service.deadlines)

        async def moved() -> bool:
            found = await Dispute.of(dispute.id)
            return found is not None and (found.due_on, found.sue_by["worker"]) == (AFTER, AFTER)

        await eventually(moved)
        assert await eventually(lambda: all_followed(service.deadlines))


async def test_days_to_answer_follow_the_calendar(complaints: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """That of who was added, and that of who answers a counter-application: ten working days, of which New Year is none."""
    served = dt.date(2026, 12, 28)

    def last_day() -> dt.date:
        return party_rules.answer_by(served, parameters.on(served)).due

    with before_2027():
        dispute = await Dispute.of((await opened(complaints)).id)
        assert dispute is not None
        before = last_day()
        dispute.state = "arbitration"
        dispute.entries = [Entry(on=served, step=step, side="forum", by="o") for step in ("apply", "accept", "serve")]
        dispute.added = [Added(enterprise=OTHER, role="respondent", on=served, by="worker", answer_by=before)]
        dispute.further = [
            Further(
                id="1",
                applicant="enterprise",
                state="accepted",
                filed_on=served,
                decided_on=served,
                answer_by=before,
            )
        ]
        await transact(dispute.put)
        await publish_2027(monkeypatch, stored=service.deadlines)
        assert last_day() > before

        async def moved() -> bool:
            found = await Dispute.of(dispute.id)
            assert found is not None
            return {found.added[0].answer_by, found.further[0].answer_by} == {last_day()}

        await eventually(moved)


async def test_terms_after_an_award_move_back_too(complaints: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set to the Monday for a Friday off that is none after all: fifteen days from service end on the Friday again. A negotiation's
    last day is reckoned from its first."""
    served = BEFORE - dt.timedelta(days=15)
    with before_2027():
        dispute, talked = (
            await Dispute.of((await opened(complaints)).id),
            await Dispute.of((await opened(complaints)).id),
        )
        assert dispute is not None
        assert talked is not None
        dispute.state, dispute.due_on, dispute.sue_by = "awarded", AFTER, {"worker": AFTER}
        dispute.runs_from = {"worker": served}
        days = parameters.on(served, place=talked.district).days("dispute.negotiation_days")
        talked.state, talked.due_on = "negotiation", AFTER
        talked.stepped_on = BEFORE - dt.timedelta(days=days)
        for one in (dispute, talked):
            await transact(one.put)
            await forget_watches(CALENDAR.name)
        await publish_2027(monkeypatch, stored=service.deadlines)

        async def moved() -> bool:
            first, second = await Dispute.of(dispute.id), await Dispute.of(talked.id)
            assert first is not None
            assert second is not None
            return (first.due_on, first.sue_by["worker"], second.due_on) == (BEFORE, BEFORE, BEFORE)

        await eventually(moved)
