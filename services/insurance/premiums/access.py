"""Who may see and do what with premiums, and the forms of what they ask for."""

from __future__ import annotations

from shared.identity.regions import CITY
from shared.identity.uscc import InvalidUscc, parse
from shared.web.auth import Caller
from shared.web.problems import broken_rule, forbidden


def may_see(caller: Caller, platform: str) -> bool:
    """Whether a caller sees what a platform owes: officers, and the platform itself."""
    return caller.role == "officer" or (caller.role == "platform" and caller.uscc == platform)


def require_city(officer: Caller) -> None:
    """Raise a 403 problem for an officer of a single district."""
    if officer.district != CITY:
        raise forbidden("仅市级经办人员可执行此操作", "only officers of the city may do this")


def credit_code(text: str) -> str:
    """A unified social credit code; raises a 422 problem where it is none."""
    try:
        return parse(text)
    except InvalidUscc:
        raise broken_rule("not-a-credit-code", "统一社会信用代码有误", "not a unified social credit code") from None
