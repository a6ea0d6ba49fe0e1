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


def test_whom_no_scheme_takes_in_is_told_why_and_what_to_do() -> None:
    """A courier first of all to have the outlet insure them (95 号 art. 9)."""
    law = parameters.on(LAW_DAY)
    why = rules.why_not("courier", law)
    assert (
        why
        == "职业伤害保障覆盖出行、即时配送、同城货运（新就业形态人员职业伤害保障办法（试行） 第2条），不含您从事的快递。"
    )
    assert "网点" in rules.can_do("courier")[0]
    assert not any("网点" in one for one in rules.can_do("other"))
    assert rules.why_not("courier", parameters.on(dt.date(2022, 6, 30))) == "职业伤害保障当时尚未施行。"
