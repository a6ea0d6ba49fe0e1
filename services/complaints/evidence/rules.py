"""What is taken as evidence, and who sees it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final, Literal

from shared.errors import Conflict, RuleBroken

Party = Literal["reporter", "enterprise", "officer"]
"""Who hands evidence in, and to whom it is shown: whoever reported or harmed, the enterprise, and those who handle the matter."""

MOST: Final = 200
"""Files of a matter that a party hands in: nobody learns from a refusal how many the other side has, or leaves it no room."""


def check_number(kept: int) -> None:
    """Raise RuleBroken where a party has handed in too many files of a matter already."""
    if kept >= MOST:
        raise RuleBroken("too-many-files", f"每方提交的材料不得超过{MOST}份", f"a party hands in at most {MOST} files")


def shown_to(by: Party) -> list[Party]:
    """Who sees a file at first: whoever handed it in, and the officers."""
    return [by] if by == "officer" else [by, "officer"]


def may_see(party: Party, shown: Iterable[Party]) -> bool:
    return party in shown


def disclosed(shown: Collection[Party], to: Party, *, confidential: bool, by: Party) -> list[Party]:
    """Who sees a file after an officer has shown it to a party for the hearing of both sides.

    Raises Conflict where it comes from a reporter whose matter is confidential (劳动保障监察条例 art. 9): its content may tell
    who they are.
    """
    if confidential and by == "reporter" and to == "enterprise":
        raise Conflict(
            "confidential",
            "举报人要求保密，其提交的材料不得向被投诉单位出示",
            "what a reporter who asked for confidence handed in is not shown to the enterprise",
        )
    return [*shown] if to in shown else [*shown, to]
