"""What becomes of a delivery, by which way it goes, and which one an event makes."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import get_args

import pytest

from services.notifier.deliveries.rules import (
    News,
    State,
    days_between,
    delivery_id,
    must_tell,
    next_state,
    withdrawn,
)
from services.notifier.messages.message import Message
from services.notifier.recipients.rules import Preference, channel_for, standing

TO_WORKER = Message("case_opened_worker", "worker", "worker-1")


def after(*news: News, state: State = "queued") -> State:
    for piece in news:
        state = next_state(state, piece)
    return state


def test_the_gateway_takes_a_delivery_and_a_receipt_ends_it() -> None:
    assert after("taken") == "sent"
    assert after("taken", "arrived") == "delivered"
    assert after("taken", "lost") == "failed"
    assert after("refused") == "failed"


@pytest.mark.parametrize("receipt", ["arrived", "lost"])
def test_a_receipt_that_comes_before_the_gateways_answer_counts_the_same(receipt: News) -> None:
    assert after(receipt, "taken") == after("taken", receipt)


def test_news_in_any_order_and_twice_ends_in_the_same_state() -> None:
    news: list[News] = ["taken", "taken", "lost", "arrived", "arrived"]
    assert {after(*order) for order in itertools.permutations(news)} == {"delivered"}


def test_a_delivery_that_was_taken_is_not_given_up() -> None:
    assert after("taken", "refused") == "sent"
    assert after("arrived", "refused") == "delivered"


def test_a_waiting_delivery_has_no_news() -> None:
    assert after("arrived", state="waiting") == "waiting"


@pytest.mark.parametrize("state", get_args(State))
def test_only_what_has_not_gone_out_can_be_taken_back(state: State) -> None:
    assert (withdrawn(state) == "withdrawn") == (state in ("waiting", "held", "withdrawn"))
    assert withdrawn(state) in ("withdrawn", state)


def test_a_withdrawn_delivery_has_no_news() -> None:
    assert after("taken", "arrived", state="withdrawn") == "withdrawn"


def test_only_what_is_other_than_was_told_last_is_told() -> None:
    assert must_tell([], "blocked", untold="open")
    assert not must_tell([], "open", untold="open")
    assert must_tell(["blocked"], "open", untold="open")
    assert not must_tell(["blocked", "open"], "open", untold="open")
    assert must_tell(["blocked", "open"], "blocked", untold="open")


@pytest.mark.parametrize(("preference", "channel"), [("auto", "push"), ("push", "push"), ("sms", "sms")])
def test_a_worker_with_the_app_is_told_through_it_unless_they_prefer_sms(preference: Preference, channel: str) -> None:
    assert channel_for(preference) == channel


def test_the_same_message_of_the_same_event_is_the_same_delivery() -> None:
    first = delivery_id("/services/complaints", "1", TO_WORKER)
    assert first == delivery_id("/services/complaints", "1", TO_WORKER)
    others = {
        delivery_id("/services/complaints", "2", TO_WORKER),
        delivery_id("/services/registry", "1", TO_WORKER),
        delivery_id("/services/complaints", "1", Message("case_accepted_worker", "worker", "worker-1")),
        delivery_id("/services/complaints", "1", Message("case_opened_worker", "worker", "worker-2")),
        delivery_id("/services/complaints", "1", Message("case_opened_worker", "platform", "worker-1")),
    }
    assert len(others) == 5
    assert first not in others


def test_a_reference_means_whoever_began_last_and_of_that_the_last_version() -> None:
    ranks = [
        standing("", "", 0),
        standing("2026-08-01", "b", 9),
        standing("2026-09-01", "a", 1),
        standing("2026-09-01", "a", 2),
    ]
    assert ranks == sorted(ranks)


def test_tries_over_midnight_in_deyang_are_looked_for_on_both_days() -> None:
    evening = dt.datetime(2026, 9, 30, 15, 59, tzinfo=dt.UTC)
    assert days_between(evening, evening) == [dt.date(2026, 9, 30)]
    next_day = evening + dt.timedelta(minutes=2)
    assert days_between(evening, next_day) == [dt.date(2026, 10, 1), dt.date(2026, 9, 30)]
