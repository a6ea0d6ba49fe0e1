"""Who may take a step of an investigation, and how its prolonging is approved."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from services.complaints.officers.rules import Matter, Person, obstacle
from shared.errors import Conflict, RuleBroken
from shared.policy.parameters import Law
from shared.states import Machine

StepKind = Literal["visit", "questioning", "documents_asked", "audit", "hearing_reporter", "hearing_enterprise"]
"""Steps of an investigation (劳动保障监察条例 art. 15), and the hearing of either side."""

RequestState = Literal["asked", "approved", "refused"]
RequestMove = Literal["approve", "refuse"]

REQUEST_MOVES: Final[Mapping[tuple[RequestState, RequestMove], RequestState]] = {
    ("asked", "approve"): "approved",
    ("asked", "refuse"): "refused",
}

REQUESTS: Machine[RequestState, RequestMove, RequestState] = Machine(
    "request to prolong", REQUEST_MOVES, kind="request-state", zh="该延期申请已经处理"
)


@dataclass(frozen=True, slots=True)
class Inspector:
    """An officer who takes a step, with the number of the card that they showed."""

    person: Person
    certificate: str | None


def check_inspectors(inspectors: Collection[Inspector], matter: Matter, law: Law, away: Collection[str] = ()) -> None:
    """Raise RuleBroken unless enough inspectors take a step together, each with a card and none with an interest, nor of
    those who stay away (劳动保障监察条例 art. 16)."""
    least = law.number("inspection.min_inspectors")
    if len({one.person.subject for one in inspectors}) < least:
        raise RuleBroken(
            "too-few-inspectors", f"调查检查不得少于{least}人", f"at least {least} inspectors act together"
        )
    for one in inspectors:
        if one.certificate is None:
            raise RuleBroken("no-certificate", "参加调查的人员须持有监察证件", "every inspector needs a card")
        if one.person.subject in away or obstacle(one.person, matter, "inspector") is not None:
            raise RuleBroken(
                "not-an-inspector", "参加调查的人员不符合条件或者应当回避", "one of them may not inspect here"
            )


def check_approver(asked_by: str, approver: str) -> None:
    """Raise Conflict where somebody approves what they asked for themselves."""
    if asked_by == approver:
        raise Conflict("own-proposal", "不能审批本人提出的事项", "nobody approves what they proposed")
