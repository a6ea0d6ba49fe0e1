"""The circuit on the line to an outside system, over its whole table."""

from __future__ import annotations

import datetime as dt
from typing import get_args

from shared import circuit as rules
from shared.circuit import FAILURES, REST, STATES, Circuit, Event, State
from tests.unit.machines import goes_by

NOW = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)

ALLOWED: dict[tuple[str, str], str] = {
    ("closed", "answered"): "closed",
    ("closed", "failed"): "closed",
    ("closed", "failed_often"): "open",
    ("open", "rested"): "half_open",
    ("open", "answered"): "closed",
    ("open", "failed"): "open",
    ("open", "failed_often"): "open",
    ("half_open", "answered"): "closed",
    ("half_open", "failed"): "open",
    ("half_open", "failed_often"): "open",
}


def test_every_state_and_event() -> None:
    goes_by(STATES, ALLOWED, get_args(State), get_args(Event))


def opened() -> Circuit:
    circuit = Circuit("closed", NOW - SECOND)
    for _ in range(FAILURES):
        circuit = rules.failed(circuit, NOW)
    return circuit


def test_it_opens_after_failures_in_a_row_and_not_before() -> None:
    circuit = Circuit("closed", NOW)
    for _ in range(FAILURES - 1):
        circuit = rules.failed(circuit, NOW)
    assert rules.ask(circuit, NOW)[1] == dt.timedelta()
    circuit = rules.failed(rules.answered(circuit, NOW), NOW)
    assert circuit.state == "closed"
    assert opened().state == "open"


def test_nothing_goes_out_during_the_rest() -> None:
    """After it one call at a time goes out."""
    circuit, wait = rules.ask(opened(), NOW + SECOND)
    assert wait == REST - SECOND
    circuit, wait = rules.ask(circuit, NOW + REST)
    assert (circuit.state, wait) == ("half_open", dt.timedelta())
    assert rules.ask(circuit, NOW + REST)[1] > dt.timedelta()


def test_a_failed_trial_opens_it_and_an_answered_one_closes_it() -> None:
    """It opens for another rest."""
    trying, _ = rules.ask(opened(), NOW + REST)
    again = rules.failed(trying, NOW + REST)
    assert rules.ask(again, NOW + REST + SECOND)[1] == REST - SECOND
    assert rules.answered(trying, NOW + REST) == Circuit("closed", NOW + REST)


def test_late_failures_do_not_lengthen_the_rest() -> None:
    """A late answer ends it."""
    late = rules.failed(opened(), NOW + SECOND)
    assert rules.ask(late, NOW + REST)[1] == dt.timedelta()
    assert rules.answered(opened(), NOW + SECOND).state == "closed"


def test_the_template_of_a_path_names_no_request() -> None:
    assert rules.route_of("/v1/enrolments") == "/v1/enrolments"
    assert rules.route_of("/v1/enrolments/91510600MA00000172-w1:1") == "/v1/enrolments/{number}"
    assert rules.route_of("/v1/enrolments/91510600MA00000172-w1:1/end") == "/v1/enrolments/{number}/end"
    assert rules.route_of("/v1/contributions?since=2026-09-01&cursor=0") == "/v1/contributions"
