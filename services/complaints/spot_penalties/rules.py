"""The simple procedure (简易程序): what officers may decide on the spot (行政处罚法 art. 51-53)."""

from __future__ import annotations

import datetime as dt
from typing import Final, Literal

from services.complaints.penalty_grounds.intended_rules import Intended
from shared.errors import Conflict, RuleBroken
from shared.policy import calendar
from shared.policy.parameters import Law

Party = Literal["citizen", "organisation"]

SOLE_TRADER: Final = "92"
"""How the code of a sole trader (个体工商户) begins: 民法典 art. 54 counts them among natural persons."""


def party_of(uscc: str) -> Party:
    """Whose limit holds for whoever has a code."""
    return "citizen" if uscc.startswith(SOLE_TRADER) else "organisation"


def check_on_spot(intended: Intended, uscc: str, law: Law) -> None:
    """Raise Conflict unless a penalty is small enough to be decided on the spot: a warning, a fine within the limit, or both;
    nothing is confiscated, and no licence taken away (行政处罚法 art. 51)."""
    most = law.amount("penalty.on_spot_fine", party_of(uscc))
    if intended.fine > most or intended.confiscated or intended.takes_licence:
        raise Conflict(
            "not-on-the-spot",
            f"当场处罚限于警告或者{most}元以下罚款，应当适用普通程序",
            f"on the spot it is a warning, or a fine of at most {most} yuan: take the ordinary procedure",
            most=str(most),
        )


def check_reported(on: dt.date, today: dt.date, law: Law) -> None:
    """Raise RuleBroken for a decision of a day to come, or one that is reported too late (行政处罚法 art. 52): what the system
    does not have by then is no decision on the spot any more."""
    days = law.days("penalty.report_workdays")
    if not on <= today <= calendar.add_working_days(on, days).due:
        raise RuleBroken(
            "report-day", f"当场处罚决定应在{days}个工作日内报备", f"a decision is reported within {days} working days"
        )


def check_spoken(statement: str | None, answer: str | None, *, waived: bool) -> None:
    """Raise RuleBroken unless the party was heard on the spot: it stated something, which is answered, or it said that it will
    not (行政处罚法 art. 44, 45, 62)."""
    if (statement is None) is not waived or (statement is None) is not (answer is None):
        raise RuleBroken(
            "not-heard",
            "应当听取当事人陈述、申辩并答复；当事人放弃的应当注明",
            "what the party states is taken down and answered, or it says that it will not",
        )


def check_signed(signed: bool, note: str | None) -> None:
    """Raise RuleBroken where the party did not sign and the decision does not say so (行政处罚法 art. 52)."""
    if signed is (note is not None):
        raise RuleBroken(
            "not-signed", "当事人拒绝签收的，应当注明", "where the party does not sign, the decision says so"
        )
