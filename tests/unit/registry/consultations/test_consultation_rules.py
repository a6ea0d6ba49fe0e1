"""Consultations: every state and event."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import get_args

import pytest

from services.registry.consultations import rules as consultations
from shared.contracts.registry import Subject
from shared.errors import Conflict
from shared.policy.parameters import parameters

LAW = parameters.on(dt.date(2026, 9, 1), place="510603")


CONSULTATION = {
    "asked": {"answer": "talking", "refuse": "refused", "withdraw": "closed", "fail": "closed"},
    "refused": {"answer": "talking", "withdraw": "closed", "fail": "closed"},
    "talking": {
        "answer": "talking",
        "refuse": "talking",
        "note": "talking",
        "conclude": "closed",
        "withdraw": "closed",
        "fail": "closed",
    },
    "closed": {},
}


@pytest.mark.parametrize(("state", "event"), [*product(get_args(consultations.State), get_args(consultations.Event))])
def test_every_event_in_every_state_of_a_consultation(state: consultations.State, event: consultations.Event) -> None:
    expected = CONSULTATION[state].get(event)
    if expected is None:
        with pytest.raises(Conflict):
            consultations.STATES.next(state, event)
    else:
        assert consultations.STATES.next(state, event) == expected


def test_the_eight_subjects_have_the_names_of_the_document() -> None:
    names = consultations.subject_names(LAW)
    assert set(names) == set(get_args(Subject))
    assert (names["entry_and_exit"], names["commission"], names["algorithms"]) == (
        "平台进入退出",
        "抽成比例",
        "平台算法",
    )
