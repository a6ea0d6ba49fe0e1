"""What each scheme gives, as a worker is told it."""

from __future__ import annotations

import datetime as dt

from services.insurance.rights import rules
from shared.policy.parameters import parameters

LAW_DAY = dt.date(2026, 9, 1)


def test_work_injury_gives_more_kinds_than_occupational_injury() -> None:
    employed = rules.entitlement("work_injury", parameters.on(LAW_DAY, place="510600"))
    others = rules.entitlement("occupational_injury", parameters.on(LAW_DAY, place="510600"))
    assert {"suspended_pay", "employer_allowance"} <= {kind for kind, _, _ in employed.kinds}
    assert {"suspended_pay", "employer_allowance"}.isdisjoint({kind for kind, _, _ in others.kinds})
    assert ("suspended_pay", "停工留薪期工资", "employer") in employed.kinds


def test_each_scheme_has_its_terms_and_their_sources() -> None:
    employed = rules.entitlement("work_injury", parameters.on(LAW_DAY, place="510600"))
    others = rules.entitlement("occupational_injury", parameters.on(LAW_DAY, place="510600"))
    assert (employed.unit_days, employed.own_days, employed.own_years) == (30, None, 1)
    assert (others.unit_days, others.own_days, others.own_years) == (30, 90, None)
    assert "工伤保险条例 第17条第2款" in employed.sources
