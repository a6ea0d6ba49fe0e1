"""What becomes of a delivery, and which one an event makes."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import get_args

import pytest

from services.notifier.deliveries.rules import (
    STATES,
    UNSEEN,
    Box,
    Event,
    State,
    delivery_id,
    is_dead,
    must_tell,
    next_state,
    window_end,
)
from services.notifier.notices.rules import Message
from shared.errors import Conflict

TO_WORKER = Message("case_opened_worker", "worker", "worker-1")


LEGAL: dict[tuple[State, Event], State] = {
    ("listed", "queue"): "queued",
    ("listed", "withdraw"): "withdrawn",
    ("waiting", "hold"): "held",
    ("waiting", "queue"): "queued",
    ("waiting", "withdraw"): "withdrawn",
    ("held", "queue"): "queued",
    ("held", "withdraw"): "withdrawn",
    ("queued", "accepted"): "sent",
    ("queued", "arrived"): "delivered",
    ("queued", "lost"): "failed",
    ("queued", "refused"): "failed",
    ("sent", "arrived"): "delivered",
    ("sent", "lost"): "failed",
    ("sent", "unconfirmed"): "uncertain",
    ("failed", "arrived"): "delivered",
    ("failed", "queue"): "queued",
    ("queued", "unknown"): "uncertain",
    ("uncertain", "arrived"): "delivered",
    ("uncertain", "lost"): "failed",
    ("uncertain", "queue"): "queued",
}


def after(*events: Event, state: State = "queued") -> State:
    for event in events:
        state = next_state(state, event)
    return state


@pytest.mark.parametrize(("state", "event"), list(itertools.product(get_args(State), get_args(Event))))
def test_a_delivery_moves_only_as_the_table_says(state: State, event: Event) -> None:
    assert next_state(state, event) == LEGAL.get((state, event), state)
    if (state, event) not in LEGAL:
        with pytest.raises(Conflict):
            STATES.next(state, event)


def test_the_gateway_accepts_a_delivery_and_a_receipt_ends_it() -> None:
    assert after("accepted") == "sent"
    assert after("accepted", "arrived") == "delivered"
    assert after("accepted", "lost") == "failed"
    assert after("refused") == "failed"


@pytest.mark.parametrize("receipt", ["arrived", "lost"])
def test_a_receipt_before_the_gateways_answer_counts_the_same(receipt: Event) -> None:
    assert after(receipt, "accepted") == after("accepted", receipt)


def test_news_in_any_order_and_twice_ends_in_the_same_state() -> None:
    events: list[Event] = ["accepted", "accepted", "lost", "arrived", "arrived"]
    assert {after(*order) for order in itertools.permutations(events)} == {"delivered"}


def test_a_delivery_that_was_accepted_is_not_given_up() -> None:
    assert after("accepted", "refused") == "sent"
    assert after("arrived", "refused") == "delivered"


def test_a_waiting_delivery_has_no_news() -> None:
    assert after("arrived", state="waiting") == "waiting"


@pytest.mark.parametrize("state", get_args(State))
def test_only_what_has_not_gone_out_can_be_taken_back(state: State) -> None:
    withdrawn = next_state(state, "withdraw")
    assert (withdrawn == "withdrawn") == (state in ("listed", "waiting", "held", "withdrawn"))
    assert withdrawn in ("withdrawn", state)


def test_a_withdrawn_delivery_has_no_news() -> None:
    assert after("accepted", "arrived", state="withdrawn") == "withdrawn"


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


def test_what_nobody_knows_of_waits_for_a_receipt_or_a_person() -> None:
    assert after("unknown") == "uncertain"
    assert after("unknown", "arrived") == "delivered"
    assert after("unknown", "lost") == "failed"
    assert after("unknown", "queue") == "queued"
    assert after("unknown", "refused", "accepted", "unknown", "withdraw", "hold") == "uncertain"


def test_what_a_gateway_has_said_is_never_unknown_again() -> None:
    for said in ("accepted", "arrived", "lost", "refused"):
        assert after(said, "unknown") == after(said)


def test_what_was_taken_and_never_told_of_waits_likewise() -> None:
    assert after("accepted", "unconfirmed") == "uncertain"
    assert after("accepted", "unconfirmed", "arrived") == "delivered"
    assert after("accepted", "unconfirmed", "lost") == "failed"
    assert after("accepted", "arrived", "unconfirmed") == "delivered"
    assert after("unconfirmed") == "queued"


def test_a_number_is_dead_after_three_messages_in_a_row() -> None:
    assert is_dead(["MK:0001", "isv.MOBILE_NUMBER_ILLEGAL", "MK:0001"])
    assert not is_dead(["MK:0001", "MK:0001"])
    assert not is_dead(["MK:0001", None, "MK:0001", "MK:0001"])
    assert not is_dead(["MK:0001", "MK:0001", "isv.SMS_CONTENT_ILLEGAL"])


def test_what_comes_in_one_stretch_becomes_one() -> None:
    start = dt.datetime(2026, 9, 30, 10, tzinfo=dt.UTC)
    ends = {window_end(start + dt.timedelta(seconds=after), 10) for after in (0, 1, 599)}
    assert ends == {start + dt.timedelta(minutes=10)}
    assert window_end(start + dt.timedelta(minutes=10), 10) == start + dt.timedelta(minutes=20)


def test_only_what_is_other_than_was_told_last_is_told() -> None:
    assert must_tell([], "blocked", untold="open")
    assert not must_tell([], "open", untold="open")
    assert must_tell(["blocked"], "open", untold="open")
    assert not must_tell(["blocked", "open"], "open", untold="open")
    assert must_tell(["blocked", "open"], "blocked", untold="open")


def test_a_box_holds_what_its_recipients_may_see() -> None:
    box = Box("union", ["u-1", "u-2"])
    assert box.holds("union", "u-2", "delivered")
    assert box.holds("union", "u-1", "waiting")
    assert not box.holds("union", "u-3", "delivered")
    assert not box.holds("worker", "u-1", "delivered")
    assert not box.holds("union", None, "waiting")
    assert not any(box.holds("union", "u-1", state) for state in UNSEEN)
    assert Box("worker", ["w"]).wanted["recipient"] == "w"
    assert box.wanted["recipient"] == {"$in": ["u-1", "u-2"]}
