"""Budgets for subsidies."""

from __future__ import annotations

from typing import Literal

from shared.contracts.base import Fact, Id, Topic, event
from shared.contracts.platform import District

BudgetSource = Literal["employment_fund", "unemployment_insurance_fund", "union_fund", "local_finance"]
"""就业补助资金、失业保险基金、工会经费、地方财政资金。"""

BUDGET = Topic("subsidies.budget", partitions=1)


@event("cn.deyang.subsidies.budget.year_ended.v1", topic=BUDGET, key="budget_id")
class BudgetYearEnded(Fact, frozen=True, kw_only=True):
    """The year of a budget is over, and `waiting` approved applications still wait for its money. It is told again as long as they do.

    `lead_department`: who pays out of it, in `district`.
    """

    budget_id: Id
    year: int
    kind: Id
    source: BudgetSource
    district: District
    lead_department: Id
    waiting: int
