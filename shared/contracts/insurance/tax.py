"""What insurance tells of statements to the tax office (征缴条例 art. 6, 11). Money is yuan."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypedDict

from shared.contracts.base import Fact, Id, Money, Month, Topic, event

TAX = Topic("insurance.tax_statement", partitions=1)


class TaxStatementFact(Fact, frozen=True, kw_only=True):
    """What the tax office was told that a payer (`platform`, its credit code) owes for a month by `due_on`. `number`: the one under
    which it went out. `settle_by`: until when the bureau is to have put a refused one right with the payer."""

    statement_id: Id
    number: Id
    platform: Id
    statement: Literal["premium", "contributions"]
    month: Month
    due_on: date
    amount: Money
    settle_by: date | None


class TaxStatementFields(TypedDict):
    """The fields of `TaxStatementFact`, for whoever makes its events."""

    statement_id: Id
    number: Id
    platform: Id
    statement: Literal["premium", "contributions"]
    month: Month
    due_on: date
    amount: Money
    settle_by: date | None


@event("cn.deyang.insurance.tax_statement.refused.v1", topic=TAX, key="statement_id")
class TaxStatementRefused(TaxStatementFact, frozen=True, kw_only=True):
    """The tax office has not taken it. Why, which may name somebody, stands with the statement."""


@event("cn.deyang.insurance.tax_statement.overdue.v1", topic=TAX, key="statement_id")
class TaxStatementOverdue(TaxStatementFact, frozen=True, kw_only=True):
    """It stands refused still, and the bureau's term is over."""
