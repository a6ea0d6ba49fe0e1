"""Who may see and do what with premiums, and the forms of what they ask for."""

from __future__ import annotations

from typing import Annotated

from shared.identity.uscc import InvalidUscc, parse
from shared.web.auth import Caller
from shared.web.problems import broken_rule
from shared.web.scope import HRSS, callers

CityBureau = Annotated[Caller, callers(departments=[HRSS])]
Payer = Annotated[Caller, callers("platform", departments=[HRSS])]
"""The platform that owes premiums; what it owes is of no district, so that of officers only the city's see it."""
OrderReader = Annotated[Caller, callers("platform", departments=[HRSS], district="document")]


def may_see(caller: Caller, platform: str) -> bool:
    """Whether a caller, who is an officer or a platform, sees what a platform owes."""
    return caller.role == "officer" or caller.uscc == platform


def credit_code(text: str) -> str:
    """A unified social credit code; raises a 422 problem where it is none."""
    try:
        return parse(text)
    except InvalidUscc:
        raise broken_rule("not-a-credit-code", "统一社会信用代码有误", "not a unified social credit code") from None
