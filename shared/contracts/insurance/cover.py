"""What insurance tells of commercial policies that supplement it (德人社发〔2022〕95 号 art. 9)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.contracts.base import Fact, Id, Topic, event

POLICY = Topic("insurance.policy", partitions=1)

PolicyKind = Literal["personal_accident", "employers_liability"]


@event("cn.deyang.insurance.policy.recorded.v1", topic=POLICY, key="platform")
class PolicyRecorded(Fact, frozen=True, kw_only=True):
    """A commercial policy is on file, from its first to its last day. `insured` counts persons.

    Told again where it is corrected or cancelled; one whose last day comes before its first never held.
    """

    policy_id: Id
    platform: Id
    kind: PolicyKind
    valid_from: date
    valid_to: date
    insured: int


@event("cn.deyang.insurance.policy.gap_found.v1", topic=POLICY, key="platform")
class PolicyGapFound(Fact, frozen=True, kw_only=True):
    """From `since` on no policy of that kind is on file, though one was before; `until` is the last day without one.

    `begun` is false where the gap is told ahead, while it can still be closed. `persons` work through the platform now.
    """

    platform: Id
    kind: PolicyKind
    since: date
    until: date | None
    persons: int
    begun: bool = True
