"""Courier outlets on the work-injury scheme: who insures their people (人社厅发〔2021〕101 号; 95 号 art. 9)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from services.insurance.engagements.rules import Span
from shared.errors import Conflict

Filing = Literal["licensed", "terminal_only"]
"""Own courier licence and standing as an employer (快递业务经营许可), or only filed as a terminal outlet (末端网点备案)."""


def insurer_of(outlet: str, filing: Filing, named: str | None) -> str:
    """Who insures an outlet's people: itself where it has a licence, else the enterprise it belongs to; raises Conflict."""
    if filing == "licensed":
        if named not in (None, outlet):
            raise Conflict(
                "own-insurer", "有许可的网点应自行参保", "an outlet with a licence insures its people itself"
            )
        return outlet
    if named is None or named == outlet:
        raise Conflict(
            "insurer-missing",
            "仅末端备案的网点须填写代办参保的企业",
            "an outlet that is only filed needs the enterprise that insures for it",
        )
    return named


def check_days(since: dt.date, until: dt.date | None) -> None:
    """Raise Conflict where an outlet's last day on the scheme is before its first."""
    if until is not None and until < since:
        raise Conflict("ends-before-it-begins", "结束日期早于开始日期", "the last day is before the first")


@dataclass(frozen=True, slots=True)
class OutletTerms:
    """A courier outlet on the work-injury scheme through which a person works: who insures its people, and when."""

    insurer: str
    span: Span
