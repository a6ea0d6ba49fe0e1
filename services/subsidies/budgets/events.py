"""What subsidies publishes of budgets."""

from __future__ import annotations

from services.subsidies.budgets.documents import Budget
from shared.contracts.subsidies import BudgetYearEnded


def year_ended(budget: Budget) -> BudgetYearEnded:
    return BudgetYearEnded(
        budget_id=budget.id,
        year=budget.year,
        kind=budget.kind,
        source=budget.source,
        district=budget.district,
        lead_department=budget.department,
        waiting=budget.waiting,
    )
