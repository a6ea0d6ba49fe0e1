"""What complaints tells of orders to put right."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.contracts.base import Fact, Id, Money, Topic, event
from shared.contracts.platform import District

DIRECTIVE = Topic("complaints.directive")


class DirectiveFact(Fact, frozen=True, kw_only=True):
    """An order to put right (责令改正) that was served. What it arose from and what it says never travel."""

    directive_id: Id
    number: str
    uscc: Id
    lead_department: str
    district: District
    due_on: date


@event("cn.deyang.complaints.directive.served.v1", topic=DIRECTIVE, key="directive_id")
class DirectiveServed(DirectiveFact, frozen=True, kw_only=True):
    """An order was served, or its term extended: things are to be put right by `due_on`."""


@event("cn.deyang.complaints.directive.pay_ordered.v1", topic=DIRECTIVE, key="directive_id")
class DirectivePayOrdered(DirectiveFact, frozen=True, kw_only=True):
    """An order was served to pay a person what they are owed; for nobody whose report is in confidence."""

    worker_id: Id
    amount: Money


@event("cn.deyang.complaints.directive.pay_referred.v1", topic=DIRECTIVE, key="directive_id")
class DirectivePayReferred(DirectiveFact, frozen=True, kw_only=True):
    """Arbitration or a court decides on what a person is owed, at their own wish: an order says no more of it (劳动保障监察条例
    art. 21). Of nobody whose report is in confidence."""

    worker_id: Id


@event("cn.deyang.complaints.directive.due_near.v1", topic=DIRECTIVE, key="directive_id")
class DirectiveDueNear(DirectiveFact, frozen=True, kw_only=True):
    """The term is over soon, and nobody has found yet that the order is met."""


@event("cn.deyang.complaints.directive.overdue.v1", topic=DIRECTIVE, key="directive_id")
class DirectiveOverdue(DirectiveFact, frozen=True, kw_only=True):
    """The term has passed, and nobody has found that the order is met."""


@event("cn.deyang.complaints.directive.compensation_ordered.v1", topic=DIRECTIVE, key="directive_id")
class DirectiveCompensationOrdered(DirectiveFact, frozen=True, kw_only=True):
    """What was ordered to be paid was not paid in time: so many per cent of it, yuan in all, are to be paid beside it
    (劳动保障监察条例 art. 26)."""

    percent: int
    amount: Money


@event("cn.deyang.complaints.directive.compensation_owed.v1", topic=DIRECTIVE, key="directive_id")
class DirectiveCompensationOwed(DirectiveFact, frozen=True, kw_only=True):
    """What a person is owed beside their pay, since it was not paid in time; of nobody whose report is in confidence."""

    worker_id: Id
    added: Money


@event("cn.deyang.complaints.directive.closed.v1", topic=DIRECTIVE, key="directive_id")
class DirectiveClosed(DirectiveFact, frozen=True, kw_only=True):
    """Two officers found an order met or not met, it was withdrawn, or arbitration or a court decides on all that it ordered."""

    outcome: Literal["met", "unmet", "withdrawn", "to_dispute"]
