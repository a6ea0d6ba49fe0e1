from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import get_args

import pytest

from services.complaints.legal_aid import rules
from services.complaints.legal_aid.rules import STATES, Asked, Lawyer, Means, Move, State
from services.complaints.terms.rules import Length
from shared.errors import Conflict
from shared.policy.parameters import parameters
from tests.unit.machines import goes_by

DAY = dt.date(2026, 11, 23)
LAW = parameters.on(DAY, place="510603")
PAY = Asked(body="centre", subject="pay", means=Means(ground="migrant_pay_or_injury"))


BY_LAW: dict[State, dict[Move, State]] = {
    # 法律援助法 art. 43: granted, refused, or what is missing is asked for; art. 44: what cannot wait is given first
    "submitted": {
        "ask": "supplementing",
        "grant": "granted",
        "refuse": "refused",
        "provide_first": "provided_first",
        "withdraw": "withdrawn",
    },
    # who does not supplement counts as having taken it back
    "supplementing": {
        "supplement": "submitted",
        "lapse": "withdrawn",
        "withdraw": "withdrawn",
        "provide_first": "provided_first",
    },
    # art. 15 and 43: somebody is assigned; art. 48: it ends early from when it is granted on
    "granted": {"assign": "assigned", "withdraw": "withdrawn", "terminate": "terminated"},
    # art. 44: whoever was helped first makes up for the procedure, or counts as having taken it back (art. 43)
    "provided_first": {
        "ask": "provided_first",
        "supplement": "provided_first",
        "lapse": "withdrawn",
        "ask_replacement": "provided_first",
        "grant": "assigned",
        "refuse": "refused",
        "terminate": "terminated",
        "reassign": "provided_first",
    },
    # art. 55: the person may ask for another lawyer
    "assigned": {
        "ask_replacement": "assigned",
        "reassign": "assigned",
        "finish": "finished",
        "terminate": "terminated",
    },
    # art. 49: who objects is answered by the department of justice, against which review and suit are open elsewhere
    "refused": {"contest": "refusal_contested"},
    "refusal_contested": {"uphold": "closed", "overturn": "granted"},
    "terminated": {"contest": "termination_contested"},
    "termination_contested": {"uphold": "closed", "overturn": "granted"},
    "finished": {},
    "withdrawn": {},
    "closed": {},
}


def test_an_application_moves_only_as_the_law_says() -> None:
    assert set(BY_LAW) == set(get_args(State))
    table = {(state, move): then for state, moves in BY_LAW.items() for move, then in moves.items()}
    goes_by(STATES, table, get_args(State), get_args(Move))


def test_a_migrant_workers_pay_is_helped_without_a_look_at_means() -> None:
    assert rules.propose(PAY, LAW) == rules.Proposal(True, ("means_not_looked_at:migrant_pay_or_injury",))


def test_the_ground_of_pay_helps_in_no_other_matter() -> None:
    asked = replace(PAY, subject="social_insurance")
    assert rules.propose(asked, LAW) == rules.Proposal(None, ("ground_does_not_fit",))


def test_the_unions_lawyers_help_every_worker() -> None:
    asked = Asked(body="union", subject="agreement", means=Means())
    assert rules.propose(asked, LAW).grant is True


def test_what_the_law_does_not_list_goes_to_a_person() -> None:
    assert rules.propose(replace(PAY, subject="agreement"), LAW) == rules.Proposal(None, ("matter_not_listed",))


@pytest.mark.parametrize(
    ("means", "reason"),
    [(Means(), "means_not_said"), (Means(monthly_income=Decimal(900), pledged=True), "standard_unknown")],
)
def test_a_person_judges_means_while_the_standard_is_unknown(means: Means, reason: str) -> None:
    assert rules.propose(replace(PAY, means=means), LAW) == rules.Proposal(None, (reason,))


@pytest.mark.parametrize(
    ("left", "preservation", "may"), [(0, False, True), (6, False, True), (7, False, False), (None, True, True)]
)
def test_aid_comes_first_where_less_than_seven_days_are_left(left: int | None, preservation: bool, may: bool) -> None:
    ends_on = None if left is None else DAY + dt.timedelta(days=left)
    asked = replace(PAY, ends_on=ends_on)
    if may:
        rules.may_provide_first(asked, DAY, LAW, preservation=preservation)
    else:
        with pytest.raises(Conflict):
            rules.may_provide_first(asked, DAY, LAW, preservation=preservation)


def test_a_matter_goes_to_its_field_then_to_the_least_loaded() -> None:
    one = Lawyer(lawyer_id="a", body="centre", districts=["510603"], fields=["injury"], active=True, load=0)
    two = replace(one, lawyer_id="b", fields=["pay"], load=5)
    three = replace(two, lawyer_id="c", load=1)
    everybody = [one, two, three]
    assert rules.lawyer_for(everybody, "centre", "pay", "510603") == three
    assert rules.lawyer_for(everybody, "centre", "pay", "510603", away=["c", "b"]) == one
    for lost in (replace(one, active=False), replace(one, body="union"), replace(one, districts=["510681"])):
        assert rules.lawyer_for([lost], "centre", "pay", "510603") is None


def test_terms_are_those_of_the_law() -> None:
    assert [rules.term(step, LAW).count for step in ("decide", "assign", "objection")] == [7, 3, 5]
    assert rules.term("replacement", LAW) == Length(5, "workdays")


def test_what_is_handed_in_has_an_end() -> None:
    rules.check_room("字" * rules.MOST_TEXT)
    with pytest.raises(Conflict):
        rules.check_room("字" * (rules.MOST_TEXT + 1))
