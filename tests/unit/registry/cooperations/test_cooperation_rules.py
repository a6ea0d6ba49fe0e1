"""Cooperations: what they demand and how they stand."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import get_args

import pytest

from services.registry.cooperations.rules import STATES, Form, Lack, Move, State, demanded, lack
from services.registry.licences.rules import Held
from shared.errors import Conflict
from shared.policy.parameters import parameters

DAY = dt.date(2026, 9, 1)
LAW = parameters.on(DAY, place="510603")

TABLE = {
    ("licensed", "lose"): "unlicensed",
    ("licensed", "end"): "ended",
    ("unlicensed", "lose"): "unlicensed",
    ("unlicensed", "regain"): "licensed",
    ("unlicensed", "end"): "ended",
}


@pytest.mark.parametrize(("state", "move"), list(product(get_args(State), get_args(Move))))
def test_a_cooperation_moves_along_its_table_only(state: State, move: Move) -> None:
    if (state, move) in TABLE:
        assert STATES.next(state, move) == TABLE[state, move]
    else:
        with pytest.raises(Conflict):
            STATES.next(state, move)


@pytest.mark.parametrize(
    ("form", "industry", "kinds"),
    [
        ("outsourcing", "courier", ("business", "courier")),
        ("outsourcing", "freight", ("business", "road_transport")),
        ("outsourcing", "ride_hailing", ("business", "ride_hailing")),
        ("outsourcing", "instant_delivery", ("business",)),
        ("dispatch", "courier", ("business", "labour_dispatch")),
        ("dispatch", "other", ("business", "labour_dispatch")),
    ],
)
def test_what_a_form_and_an_industry_demand(form: Form, industry: str, kinds: tuple[str, ...]) -> None:
    assert demanded(form, LAW.at(industry=industry)) == kinds


def test_dispatch_needed_no_licence_before_the_amendment_of_2012() -> None:
    assert demanded("dispatch", parameters.on(dt.date(2013, 6, 30))) == ("business",)
    assert demanded("dispatch", parameters.on(dt.date(2013, 7, 1))) == ("business", "labour_dispatch")


def test_a_lack_says_what_and_since_when() -> None:
    law = LAW.at(industry="courier")
    held = [
        Held("business", (), dt.date(2020, 1, 1), None),
        Held("courier", ("courier",), dt.date(2021, 1, 1), dt.date(2026, 8, 15)),
    ]
    begin = dt.date(2025, 1, 1)
    assert lack("outsourcing", "courier", held, dt.date(2026, 8, 15), begin, law) is None
    assert lack("outsourcing", "courier", held, DAY, begin, law) == Lack(("courier",), dt.date(2026, 8, 16))
    assert lack("outsourcing", "courier", held[:1], DAY, begin, law) == Lack(("courier",), begin)
