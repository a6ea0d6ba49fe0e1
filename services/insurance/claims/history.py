"""One step of a claim: who takes it, and its entry in the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from services.insurance.claims import rules
from services.insurance.claims.documents import Claim
from services.insurance.claims.step_documents import NOTE, Role, Step, StepName
from shared.policy import calendar
from shared.policy.parameters import Law, Used, parameters
from shared.storage.encryption import encrypt_field


@dataclass(frozen=True, slots=True)
class By:
    """Who takes a step (a token's role and subject, and the credit code of an enterprise), and when."""

    role: Role
    subject: str
    at: dt.datetime
    unit: str | None = None

    @property
    def day(self) -> dt.date:
        """The legal day of the step."""
        return calendar.shanghai_date(self.at)


def note(claim: Claim, name: StepName, by: By, text: str | None = None, used: Iterable[Used] = ()) -> None:
    """Write what was done into the history. `text` is read by all who may see the claim: no personal data, no injury."""
    kept = text and encrypt_field(NOTE, claim.id, text)
    step = Step(at=by.at, event=name, state=claim.state, role=by.role, by=by.subject, note=kept, used=list(used))
    claim.history.append(step)


def move(claim: Claim, event: rules.Event, by: By, text: str | None = None, used: Iterable[Used] = ()) -> None:
    """Take a claim to its next state; raises Conflict."""
    claim.state = rules.STATES.next(claim.state, event)
    note(claim, event, by, text, used)


def law_of(claim: Claim, by: By) -> Law:
    """The law of the day of a step, where the accident happened."""
    return parameters.on(by.day, place=claim.district)
