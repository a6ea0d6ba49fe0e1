from __future__ import annotations

import datetime as dt

import pytest

from services.complaints.penalties import rules
from services.complaints.penalty_grounds import person_rules
from services.complaints.penalty_grounds.intended_rules import Mitigation
from shared.errors import Conflict, RuleBroken
from shared.policy.parameters import parameters

LAW = parameters.on(dt.date(2026, 3, 2), place="510603")
BORN = dt.date(2008, 2, 29)


@pytest.mark.parametrize(
    ("acted_on", "mitigation", "broken"),
    [
        (dt.date(2022, 2, 28), [], Conflict),
        (dt.date(2022, 3, 1), [], RuleBroken),
        (dt.date(2022, 3, 1), ["minor"], None),
        (dt.date(2026, 2, 28), ["minor", "merit"], None),
        (dt.date(2026, 3, 1), [], None),
        (dt.date(2026, 3, 1), ["minor"], RuleBroken),
    ],
)
def test_age_bars_or_lightens_a_penalty(
    acted_on: dt.date, mitigation: list[Mitigation], broken: type[Exception] | None
) -> None:
    if broken is None:
        person_rules.check_age(BORN, acted_on, mitigation, LAW)
    else:
        with pytest.raises(broken):
            person_rules.check_age(BORN, acted_on, mitigation, LAW)


def test_what_lies_in_a_person_is_no_reason_for_a_firm() -> None:
    person_rules.check_reasons(["minor", "limited_capacity", "no_capacity"], person=True)
    person_rules.check_reasons(["other_rule", "merit", "no_fault"], person=False)
    for reason in person_rules.OF_PERSONS:
        with pytest.raises(RuleBroken):
            person_rules.check_reasons([reason], person=False)
    assert not rules.counts_as_earlier("unpunished", "no_capacity")
