from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from services.complaints.penalty_grounds import intended_rules, licence_rules
from services.complaints.penalty_grounds.intended_rules import Intended
from services.complaints.penalty_grounds.licence_rules import NamedLicence, Suspended
from services.complaints.penalty_grounds.rules import Ground, Revocable
from shared.errors import RuleBroken
from shared.policy.parameters import parameters

DAY = dt.date(2026, 3, 2)
LAW = parameters.on(DAY, place="510603")
MONTH = Suspended("human_resources", 30)
LICENCE = NamedLicence("人服证字1号", "旌阳区人力资源和社会保障局")
ZERO = Decimal(0)


@pytest.mark.parametrize(
    ("ground", "suspended", "revoked", "grave", "mitigated", "broken"),
    [
        ("agency", MONTH, None, True, True, None),
        ("agency", None, "human_resources", True, False, None),
        ("agency", MONTH, None, False, True, "no-revocation"),
        ("agency", MONTH, None, True, False, "no-suspension"),
        ("agency", MONTH, "human_resources", True, True, "revoked-and-suspended"),
        ("agency", Suspended("labour_dispatch", 30), None, True, True, "no-revocation"),
        ("dispatch", Suspended("labour_dispatch", 30), None, False, True, None),
        ("obstruction", MONTH, None, True, True, "no-revocation"),
        ("agency", Suspended("human_resources", 1), None, True, True, None),
        ("agency", Suspended("human_resources", 180), None, True, True, None),
        ("agency", Suspended("human_resources", 181), None, True, True, "suspension-days"),
        ("agency", Suspended("human_resources", 0), None, True, True, "suspension-days"),
    ],
)
def test_a_licence_is_suspended_in_place_of_its_loss(
    ground: Ground,
    suspended: Suspended | None,
    revoked: Revocable | None,
    grave: bool,
    mitigated: bool,
    broken: str | None,
) -> None:
    def check() -> None:
        licence_rules.check_suspended(suspended, revoked, [ground], LAW, grave=grave, mitigated=mitigated)

    if broken is None:
        check()
        return
    with pytest.raises(RuleBroken) as found:
        check()
    assert found.value.kind == broken


def test_no_licence_is_suspended_for_longer_than_was_told() -> None:
    def meant(suspended: Suspended | None = None, revoked: Revocable | None = None) -> Intended:
        return Intended(False, ZERO, ZERO, revoked, suspended)

    longer, other = Suspended("human_resources", 31), Suspended("labour_dispatch", 30)
    for intended, before in (
        (meant(MONTH), meant()), (meant(longer), meant(MONTH)), (meant(other), meant(MONTH)),
        (meant(MONTH), meant(revoked="labour_dispatch")), (meant(revoked="human_resources"), meant(MONTH)),
        (meant(revoked="human_resources"), meant(revoked="labour_dispatch")),
    ):  # fmt: skip
        with pytest.raises(RuleBroken):
            intended_rules.check_not_harsher(intended, before)
    for intended, before in (
        (meant(), meant(MONTH)), (meant(MONTH), meant(longer)), (meant(MONTH), meant(revoked="human_resources")),
    ):  # fmt: skip
        intended_rules.check_not_harsher(intended, before)
    assert intended_rules.hearing_is_due(meant(MONTH), LAW)


def test_a_suspension_counts_from_the_service_on() -> None:
    assert licence_rules.last_day(DAY, Suspended("human_resources", 1)) == DAY
    assert licence_rules.last_day(dt.date(2026, 12, 20), MONTH) == dt.date(2027, 1, 18)


def test_a_decision_is_on_the_licence_that_was_told() -> None:
    licence_rules.check_named(LICENCE, taken=True)
    licence_rules.check_named(None, taken=True)
    licence_rules.check_same_licence(LICENCE, LICENCE)
    licence_rules.check_same_licence(LICENCE, None)
    with pytest.raises(RuleBroken):
        licence_rules.check_named(LICENCE, taken=False)
    for licence in (None, NamedLicence("另一号", LICENCE.authority)):
        with pytest.raises(RuleBroken):
            licence_rules.check_same_licence(licence, LICENCE)
