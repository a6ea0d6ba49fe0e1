"""Whose money is whose: an officer reaches what their own department pays, in their district."""

from __future__ import annotations

from typing import Annotated, Any

from services.subsidies.budgets.rules import KEEPERS, Source
from shared.callers import Caller
from shared.errors import Forbidden
from shared.web.scope import callers, reach

Officer = Annotated[Caller, callers(departments=set(KEEPERS.values()), district="document")]


def kept_by(officer: Caller) -> dict[str, Any]:
    """The condition on the money that an officer's department keeps, within the officer's district."""
    return {"department": officer.department} | reach(officer, district="district")


def check_keeper(officer: Caller, source: Source) -> None:
    """Raise Forbidden where another department pays out of a source."""
    if not officer.is_officer_of(KEEPERS[source]):
        raise Forbidden("该资金由其他部门管理", "another department pays out of this source")
