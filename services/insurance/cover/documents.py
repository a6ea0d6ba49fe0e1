"""Commercial policies, and what was told of each platform's gaps."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Final

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.insurance.cover.rules import Period, State, effective
from shared import clock
from shared.contracts.insurance import PolicyKind
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.fields import Yuan
from shared.storage.records import Record, find
from shared.storage.taken import Taken
from shared.storage.transaction import Transaction

REASON: Final = "policy.reason"
"""The place that the reasons in a policy's history are encrypted for."""


class Step(BaseModel):
    """One entry of a policy's history. `by` is the caller's subject; `reason` is encrypted."""

    at: dt.datetime
    event: str
    by: str
    reason: Annotated[str | None, EncryptedAt(REASON)] = None

    def clear_reason(self, policy_id: str) -> str | None:
        return self.reason and decrypt_field(REASON, policy_id, self.reason)


class Policy(Record):
    """A commercial policy that a platform has for those who work through it, from its first to its last day.

    `worker_refs` are the insured persons by the platform's own ids; where the policy only counts them, it is empty and
    `insured` is their number. `sum_insured` is yuan a person. From `cancelled_from` on it holds no more.
    """

    platform: str
    kind: PolicyKind
    insurer: str
    number: str
    valid_from: dt.date
    valid_to: dt.date
    worker_refs: list[str]
    insured: int
    sum_insured: Yuan
    state: State = "on_file"
    cancelled_from: dt.date | None = None
    history: list[Step] = []

    class Settings:
        name = "policies"
        indexes = [
            IndexModel([("platform", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("kind", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def period(self) -> Period:
        return effective(self.valid_from, self.valid_to, self.cancelled_from)

    def holds_on(self, day: dt.date) -> bool:
        first, last = self.period
        return first <= day <= last

    def note(self, event: str, by: str, reason: str | None = None) -> None:
        kept = reason and encrypt_field(REASON, self.id, reason)
        self.history.append(Step(at=clock.now(), event=event, by=by, reason=kept))

    @classmethod
    async def of_platform(
        cls, platform: str, kind: PolicyKind | None = None, tx: Transaction | None = None
    ) -> list[Policy]:
        """Every policy of a platform, of one kind where it is named."""
        query: dict[str, Any] = {"platform": platform}
        found = await find(cls, query, tx)
        return [policy for policy in found if kind in (None, policy.kind)]


class PolicyNumber(Taken):
    """An insurer's policy number (`<insurer>|<number>`), and the policy that has it."""

    class Settings:
        name = "policy_numbers"


class Watch(Record):
    """The watch over one platform's policies of one kind; its id is `<uscc>|<kind>`. Every change of a policy writes it.

    `warned` and `told` are the first days of gaps that were told before they began, and when.
    """

    platform: str
    kind: PolicyKind
    warned: list[dt.date] = []
    told: list[dt.date] = []

    class Settings:
        name = "policy_watches"
