"""What HTTP shows of orders to put right: the enterprise never reads what one arose from, nor who acted."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Self

from pydantic import BaseModel

from services.complaints.directives import rules
from services.complaints.directives.documents import Directive, clear
from services.complaints.directives.rules import OriginKind, State, Violation
from shared.policy.parameters import Used


class DemandView(BaseModel):
    """One thing to be put right."""

    article: str
    text: str


class OwedView(BaseModel):
    """What a person is owed, yuan, and what is added after the term. From `elsewhere_on` arbitration or a court decides on it."""

    worker_ref: str
    amount: Decimal
    added: Decimal | None
    elsewhere_on: dt.date | None


class DirectiveView(BaseModel):
    """An order to put right."""

    directive_id: str
    number: str
    state: State
    violation: Violation
    enterprise: str
    department: str
    district: str
    issued_on: dt.date
    served_on: dt.date | None
    due_on: dt.date | None

    @classmethod
    def of(cls, directive: Directive) -> Self:
        kept = {*cls.model_fields} - {"directive_id", "issued_on"}
        return cls(directive_id=directive.id, issued_on=directive.drawn_up_on, **directive.model_dump(include=kept))


class CheckView(BaseModel):
    """What was found, by whom, and who confirmed it."""

    met: bool
    note: str
    by: str
    confirmed_by: str | None


class OrderedView(DirectiveView):
    """An order as the enterprise reads it: what it must do, and what it owes; `rests_on` are the parameters used."""

    demands: list[DemandView]
    owed: list[OwedView]
    owed_total: Decimal
    percent: int | None
    answer: str | None
    rests_on: list[Used]

    @classmethod
    def of(cls, directive: Directive) -> Self:
        return cls(**_ordered(directive))


class DirectiveDetail(OrderedView):
    """An order as officers read it, with what it arose from. `origin_holds`: of one at whose beginning is a lead, whether the data
    still show that; where they were told otherwise since, look again before the next step."""

    origin: OriginKind
    origin_id: str | None
    origin_holds: bool | None
    issued_by: str
    passed: bool
    check: CheckView | None
    extension_days: int | None
    extension_reason: str | None
    withdrawn_for: str | None

    @classmethod
    def of(cls, directive: Directive, origin_holds: bool | None = None) -> Self:
        found, asked, own = directive.check, directive.extension, directive.id
        return cls(
            **_ordered(directive),
            **directive.model_dump(include={"origin", "origin_id", "issued_by", "passed"}),
            origin_holds=origin_holds,
            check=None
            if found is None
            else CheckView(
                met=found.met, note=clear(own, found.note) or "", by=found.by, confirmed_by=found.confirmed_by
            ),
            extension_days=None if asked is None else asked.days,
            extension_reason=None if asked is None else clear(own, asked.reason),
            withdrawn_for=clear(own, directive.withdrawn_for),
        )


def _ordered(directive: Directive) -> dict[str, object]:
    return {
        **DirectiveView.of(directive).model_dump(),
        "demands": [
            DemandView(article=one.article, text=clear(directive.id, one.text) or "") for one in directive.demands
        ],
        "owed": [OwedView(**one.model_dump()) for one in directive.owed],
        "owed_total": rules.total(directive.amounts),
        "percent": directive.percent,
        "answer": clear(directive.id, directive.answer),
        "rests_on": directive.used,
    }
