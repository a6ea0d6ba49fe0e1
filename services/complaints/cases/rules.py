"""Complaints: their category, the departments that deal with them, their terms, and what may happen to them.

A missed term changes no state: the case may still be accepted or refused, late.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from services.complaints.terms.rules import Length
from shared.contracts.complaints import Category
from shared.contracts.platform import Industry
from shared.errors import Conflict, RuleBroken
from shared.policy import calendar
from shared.policy.parameters import Law
from shared.states import Machine

State = Literal[
    "opened", "returned", "accepted", "concluded", "decided", "closed", "refused", "transferred", "withdrawn"
]
Move = Literal[
    "accept",
    "refuse",
    "transfer",
    "return",
    "complete",
    "withdraw",
    "conclude",
    "decide",
    "close",
    "to_dispute",
    "reopen",
    "keep_confidential",
]
Step = Literal["accept", "investigate", "decide"]
Kind = Literal["complaint", "report"]
"""A complaint is made by the person harmed, in their own name (投诉); a report by anybody (举报; 劳动保障监察条例 art. 9)."""
Channel = Literal["worker", "union", "department", "hotline", "kin", "anonymous"]
Dispute = Literal["mediation", "arbitration", "court"]
Proposal = Literal["accept", "return", "over_two_years", "to_dispute"]

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("opened", "accept"): "accepted",
    ("opened", "refuse"): "refused",
    ("opened", "transfer"): "transferred",
    ("opened", "return"): "returned",
    ("opened", "withdraw"): "withdrawn",
    ("returned", "complete"): "opened",
    ("returned", "refuse"): "refused",
    ("returned", "withdraw"): "withdrawn",
    ("accepted", "conclude"): "concluded",
    ("accepted", "transfer"): "transferred",
    ("accepted", "to_dispute"): "closed",
    ("concluded", "decide"): "decided",
    ("concluded", "transfer"): "transferred",
    ("concluded", "to_dispute"): "closed",
    ("decided", "close"): "closed",
    ("refused", "reopen"): "opened",
    ("withdrawn", "reopen"): "opened",
    ("closed", "reopen"): "opened",
    ("opened", "keep_confidential"): "opened",
    ("returned", "keep_confidential"): "returned",
    ("accepted", "keep_confidential"): "accepted",
    ("concluded", "keep_confidential"): "concluded",
    ("decided", "keep_confidential"): "decided",
    ("closed", "keep_confidential"): "closed",
    ("refused", "keep_confidential"): "refused",
    ("transferred", "keep_confidential"): "transferred",
    ("withdrawn", "keep_confidential"): "withdrawn",
}

STATES: Machine[State, Move, State] = Machine("case", MOVES, kind="case-state", zh="该投诉的当前状态不允许此操作")

OVER: Final[frozenset[State]] = frozenset({"closed", "refused", "transferred", "withdrawn"})
"""States in which nobody has the case in hand."""

INVESTIGATED: Final[frozenset[State]] = frozenset({"accepted", "concluded"})
"""States in which inspection looks into a case, or is about to decide on it."""

AWAITED: Final[Mapping[State, Step]] = {"opened": "accept", "accepted": "investigate", "concluded": "decide"}
"""The step whose missed term a case shows, by the state in which it runs."""

NUMBER_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NUMBER_LETTERS: Final = 8


@dataclass(frozen=True, slots=True)
class Route:
    """Who deals with a case: codes of departments, the article that names them, and the one that leads."""

    article: str
    departments: tuple[str, ...]
    lead: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What decides on whether a case is taken up."""

    kind: Kind
    platform: str | None
    occurred_on: dt.date
    continuing: bool
    dispute: Dispute | None


def classify(text: str, keywords: Mapping[Category, Sequence[str]]) -> Category:
    """The category whose words make up most of a text, in characters; the first of equals, `other` where none occurs."""
    scores = {category: sum(len(word) for word in words if word in text) for category, words in keywords.items()}
    best = max(scores, key=lambda category: scores[category], default=None)
    return best if best is not None and scores[best] > 0 else "other"


def by_trade(category: Category, law: Law) -> bool:
    """Whether the departments of a category depend on the trade."""
    return category in law.texts("complaint.supervised")


def route(category: Category, industries: Sequence[Industry], law: Law) -> Route:
    """The departments of the category's article, the first named leading (德人社发〔2022〕95号, end of each article).

    What the industry's own department has to order put right goes to that department too (arts. 4 and 5).
    """
    article = law.text("complaint.articles", category)
    departments = list(law.texts("duty.departments", article))
    if by_trade(category, law):
        departments += [law.at(industry=industry).text("industry.supervisor") for industry in industries]
    return Route(article, tuple(dict.fromkeys(departments)), law.text("duty.lead", article))


def accept_term(law: Law) -> Length:
    """Until when a complaint is to be taken up or refused (关于实施《劳动保障监察条例》若干规定 art. 18): working days."""
    return Length(law.days("inspection.accept_workdays"), "workdays")


def investigate_term(law: Law) -> Length:
    """Until when an accepted case is to be investigated (劳动保障监察条例 art. 17): working days from acceptance."""
    return Length(law.days("inspection.investigate_workdays"), "workdays")


def proposed(facts: Facts, filed_on: dt.date, law: Law) -> Proposal:
    """What the machine proposes to the officer who decides on taking a case up: it decides nothing itself.

    What the parties have already brought to mediation, arbitration or court goes on there (劳动保障监察条例 art. 21); a
    complaint that names no enterprise is to be completed (若干规定 art. 18).
    """
    if too_late(facts.occurred_on, facts.continuing, filed_on, law):
        return "over_two_years"
    if facts.dispute is not None:
        return "to_dispute"
    return "return" if facts.platform is None and facts.kind == "complaint" else "accept"


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


def circle_of(category: Category, law: Law) -> Category | None:
    """The category itself where only officers of its circle see it, or None."""
    return category if category in law.texts("complaint.sensitive") else None


def check_named(kind: Kind, *, named: bool) -> None:
    """Raise RuleBroken for a complaint of nobody: who is harmed complains in their own name (投诉), and only a report needs none
    (举报; 劳动保障监察条例 art. 9)."""
    if kind == "complaint" and not named:
        raise RuleBroken(
            "complaint-nameless",
            "投诉应当实名提出，请填写投诉人；不愿具名的，请按举报登记",
            "a complaint is made by name: say who complains, or take it down as a report",
        )


def in_confidence(kind: Kind, *, asked: bool) -> bool:
    """Whether nobody hears who filed a case but by an approved disclosure: a report always, a complaint where they ask for it
    (劳动保障监察条例 art. 9)."""
    return asked or kind == "report"


def may_reopen(ended_on: dt.date, today: dt.date, law: Law) -> bool:
    return today <= calendar.add_days(ended_on, law.days("complaint.reopen_days")).due


def check_representatives(chosen: Sequence[str], people: Sequence[str], law: Law) -> None:
    """Raise RuleBroken unless a group that is large enough chooses some of its own, not too many (信访工作条例 art. 20)."""
    least = int(law.text("complaint.representatives", "from"))
    most = int(law.text("complaint.representatives", "most"))
    if len(people) < least or not 0 < len(chosen) <= most or not set(chosen) <= set(people):
        raise RuleBroken(
            "representatives",
            f"{least}人以上的共同投诉可以推选代表，代表须为投诉人，且不超过{most}人",
            f"a group of {least} or more chooses at most {most} of its own",
        )


def check_others_agree(people: Sequence[str], *, agreed: bool) -> None:
    """Raise Conflict where one of several who complain together would end that for all without a word of the others: a
    representative gives up what is theirs only as they agree (as 行政诉讼法 art. 28 has it for suits)."""
    if len(people) > 1 and not agreed:
        raise Conflict(
            "others-complain",
            "该投诉有其他劳动者参加，撤回须经其同意；已经同意的，请注明",
            "others complain too: say that they agree to its end",
        )


TELLING_LENGTH: Final = 12
"""Characters that a text for the enterprise may not have in common with the reporter's own words."""


TELLING_REF: Final = 4
"""Letters and digits of a reference by which an enterprise knows somebody, from which on a text with it is about them: a shorter one
stands in many texts."""


def telling_ref(ref: str) -> bool:
    """Whether the reference by which an enterprise knows somebody shows them wherever it stands."""
    return len(_bare(ref)) >= TELLING_REF


def tells_reporter(text: str, secrets: Sequence[str], own_words: str) -> bool:
    """Whether a text for the enterprise would show who reports: by a name or a number, or by the reporter's own wording;
    however it is spaced, punctuated or written in full width."""
    bare = _bare(text)
    if any(secret and secret in bare for secret in map(_bare, secrets)):
        return True
    return _has_part_of(bare, _bare(own_words)) or _has_part_of("".join(text.split()), "".join(own_words.split()))


def _has_part_of(plain: str, words: str) -> bool:
    parts = {words[at : at + TELLING_LENGTH] for at in range(max(1, len(words) - TELLING_LENGTH + 1))}
    return any(part and part in plain for part in parts)


def _bare(text: str) -> str:
    """A text as it is compared: letters and digits alone."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def counted(others: int) -> str:
    """How many other people complain, as far as it may be told without leading to one of them."""
    return "0" if others == 0 else "1-4" if others < 5 else "5+"
