"""Who may call what of several capabilities: aliases for routes, closed to everybody whom they do not name."""

from __future__ import annotations

from typing import Annotated

from shared.callers import Caller
from shared.errors import RuleBroken
from shared.identity.uscc import InvalidUscc, parse
from shared.web.scope import HRSS, callers

CityBureau = Annotated[Caller, callers(departments=[HRSS])]
"""The city's officers of the labour and social-security department, for what is of the whole city."""
Bureau = Annotated[Caller, callers(departments=[HRSS], district="document")]
"""The department's officers, within their districts."""
Payer = Annotated[Caller, callers("platform", departments=[HRSS])]
"""The platform that owes premiums; what it owes is of no district, so that of officers only the city's see it."""


def may_see(caller: Caller, platform: str) -> bool:
    """Whether a caller, who is an officer or a platform, sees what a platform owes."""
    return caller.role == "officer" or caller.uscc == platform


def credit_code(text: str) -> str:
    """A unified social credit code; raises a 422 problem where it is none."""
    try:
        return parse(text)
    except InvalidUscc:
        raise RuleBroken("not-a-credit-code", "统一社会信用代码有误", "not a unified social credit code") from None
