"""Complaints: their category, the departments that deal with them, their terms, and what may happen to them.

A missed term changes no state: the case may still be accepted or refused, late.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from shared.contracts.complaints import Category
from shared.contracts.platform import Industry
from shared.policy import calendar
from shared.policy.calendar import Deadline
from shared.policy.parameters import Law
from shared.states import Machine

State = Literal["opened", "accepted", "refused"]
Move = Literal["accept", "refuse"]
Step = Literal["accept", "investigate"]

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("opened", "accept"): "accepted",
    ("opened", "refuse"): "refused",
}

STATES: Machine[State, Move, State] = Machine("case", MOVES, kind="case-state", zh="该投诉的当前状态不允许此操作")

AWAITED: Final[Mapping[State, Step]] = {"opened": "accept", "accepted": "investigate"}
"""The step whose term runs in a state."""

NUMBER_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NUMBER_LETTERS: Final = 8


@dataclass(frozen=True, slots=True)
class Route:
    """Who deals with a case: codes of departments, the article that names them, and the one that leads."""

    article: str
    departments: tuple[str, ...]
    lead: str


def classify(text: str, keywords: Mapping[Category, Sequence[str]]) -> Category:
    """The category whose words make up most of a text, in characters; the first of equals, `other` where none occurs."""
    scores = {category: sum(len(word) for word in words if word in text) for category, words in keywords.items()}
    best = max(scores, key=lambda category: scores[category], default=None)
    return best if best is not None and scores[best] > 0 else "other"


def route(category: Category, industries: Sequence[Industry], law: Law) -> Route:
    """The departments of the category's article, the first named leading (德人社发〔2022〕95号, end of each article).

    What the industry's own department has to order put right goes to that department too (arts. 4 and 5).
    """
    article = law.text("complaint.articles", category)
    departments = list(law.texts("duty.departments", article))
    if category in law.texts("complaint.supervised"):
        departments += [law.at(industry=industry).text("industry.supervisor") for industry in industries]
    return Route(article, tuple(dict.fromkeys(departments)), law.text("duty.lead", article))


def accept_by(filed_on: dt.date, law: Law) -> Deadline:
    """Until when a complaint is to be taken up or refused (关于实施《劳动保障监察条例》若干规定 art. 18): working days."""
    return calendar.add_working_days(filed_on, law.days("inspection.accept_workdays"))


def decide_by(accepted_on: dt.date, law: Law) -> Deadline:
    """Until when an accepted case is to be investigated (劳动保障监察条例 art. 17): working days from acceptance."""
    return calendar.add_working_days(accepted_on, law.days("inspection.investigate_workdays"))


def too_late(occurred_on: dt.date, continuing: bool, filed_on: dt.date, law: Law) -> bool:
    """Whether inspection no longer looks into a violation (劳动保障监察条例 art. 20).

    While a violation goes on, the term has not begun.
    """
    if continuing:
        return False
    return filed_on > calendar.add_years(occurred_on, law.number("inspection.limitation_years")).due


def case_number(case_id: str, filed_on: dt.date) -> str:
    """A number to be read out: the day and forty random bits of the case's id (a UUIDv7), so that no counter is shared."""
    bits = int(case_id.replace("-", ""), 16)
    letters = [NUMBER_ALPHABET[bits >> (5 * place) & 31] for place in range(NUMBER_LETTERS)]
    return f"德劳诉〔{filed_on:%Y}〕{filed_on:%m%d}-{''.join(letters)}"
