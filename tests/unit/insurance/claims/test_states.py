"""How a claim and the appeals against it go on: every state with every event."""

from __future__ import annotations

from typing import get_args

from services.insurance.claims import rules
from services.insurance.claims.rules import (
    APPEALS,
    EXTENSIONS,
    STATES,
    AppealEvent,
    AppealState,
    Event,
    ExtensionEvent,
    ExtensionState,
    State,
)
from tests.unit.machines import goes_by

CLAIM = {
    ("reported", "apply"): "applied",
    ("reported", "refuse"): "refused",
    ("reported", "lapse"): "lapsed",
    ("reported", "withdraw"): "withdrawn",
    ("reported", "merge"): "duplicate",
    ("lapsed", "apply"): "applied",
    ("withdrawn", "apply"): "applied",
    ("applied", "ask_papers"): "supplement",
    ("applied", "accept"): "accepted",
    ("applied", "refuse"): "refused",
    ("applied", "withdraw"): "withdrawn",
    ("applied", "merge"): "duplicate",
    ("supplement", "complete_papers"): "applied",
    ("supplement", "refuse"): "refused",
    ("supplement", "withdraw"): "withdrawn",
    ("supplement", "merge"): "duplicate",
    ("accepted", "investigate"): "investigating",
    ("accepted", "suspend"): "suspended",
    ("accepted", "recognise"): "recognised",
    ("accepted", "deny"): "not_recognised",
    ("accepted", "withdraw"): "withdrawn",
    ("accepted", "merge"): "duplicate",
    ("investigating", "suspend"): "suspended",
    ("investigating", "recognise"): "recognised",
    ("investigating", "deny"): "not_recognised",
    ("investigating", "withdraw"): "withdrawn",
    ("investigating", "merge"): "duplicate",
    ("suspended", "resume"): "investigating",
    ("suspended", "withdraw"): "withdrawn",
    ("suspended", "merge"): "duplicate",
    ("refused", "apply"): "applied",
    ("refused", "revoke"): "applied",
    ("recognised", "request_assessment"): "assessing",
    ("recognised", "revoke"): "investigating",
    ("recognised", "close"): "closed",
    ("not_recognised", "revoke"): "investigating",
    ("not_recognised", "close"): "closed",
    ("assessing", "assess"): "assessed",
    ("assessing", "revoke"): "investigating",
    ("assessed", "request_assessment"): "assessing",
    ("assessed", "revoke"): "investigating",
    ("assessed", "close"): "closed",
    ("closed", "request_assessment"): "assessing",
    ("closed", "revoke"): "investigating",
    **{
        (state, "correct_scheme"): state
        for state in ("reported", "lapsed", "applied", "supplement", "accepted", "investigating", "suspended")
    },
}
APPEAL = {
    ("none", "file"): "open",
    ("open", "uphold"): "upheld",
    ("open", "revoke"): "revoked",
    ("open", "withdraw"): "withdrawn",
    ("open", "overrun"): "not_decided",
    ("not_decided", "file"): "open",
    ("upheld", "file"): "open",
    ("withdrawn", "file"): "open",
}
EXTENSION = {
    ("none", "ask"): "asked",
    ("asked", "grant"): "granted",
    ("asked", "refuse"): "refused",
    ("refused", "ask"): "asked",
    ("granted", "correct"): "granted",
}


def test_more_time_is_asked_for_before_it_is_granted_or_refused() -> None:
    goes_by(EXTENSIONS, EXTENSION, get_args(ExtensionState), get_args(ExtensionEvent))


def test_a_claim_goes_on_as_the_table_says_and_in_no_other_way() -> None:
    goes_by(STATES, CLAIM, get_args(State), get_args(Event))


def test_an_appeal_goes_on_as_the_table_says_and_in_no_other_way() -> None:
    goes_by(APPEALS, APPEAL, get_args(AppealState), get_args(AppealEvent))


def test_every_state_is_reached() -> None:
    assert set(STATES.moves.values()) | {"reported"} == set(get_args(State))


def test_a_claim_is_undecided_in_the_states_before_a_decision() -> None:
    decided = {"refused", "recognised", "not_recognised", "assessing", "assessed", "closed", "duplicate"}
    assert set(get_args(State)) - decided == rules.UNDECIDED
