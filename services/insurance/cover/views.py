"""What callers send and see of commercial policies. Money is yuan, a decimal string."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Self

from pydantic import BaseModel, Field, StringConstraints, model_validator

from services.insurance.cover import rules
from services.insurance.cover.commands import PolicyData
from services.insurance.cover.documents import Policy
from services.insurance.cover.rules import State
from shared.contracts.insurance import PolicyKind
from shared.storage.fields import Yuan

MOST_PERSONS = 20_000
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
WorkerRef = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class PolicyTerms(BaseModel):
    """What a policy says: its first and last day, and either the insured persons by the platform's own ids or only their
    number `insured`. `sum_insured` is yuan a person.
    """

    insurer: Text
    number: Text
    valid_from: dt.date
    valid_to: dt.date
    worker_refs: list[WorkerRef] | None = Field(default=None, min_length=1, max_length=MOST_PERSONS)
    insured: int | None = Field(default=None, ge=1, le=1_000_000)
    sum_insured: Annotated[Yuan, Field(gt=0)]

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if self.valid_to < self.valid_from:
            raise ValueError("the policy ends before it begins")
        if (self.worker_refs is None) == (self.insured is None):
            raise ValueError("either worker_refs or insured")
        return self

    def terms(self) -> PolicyData:
        refs = tuple(sorted(set(self.worker_refs or ())))
        return PolicyData(
            insurer=self.insurer,
            number=self.number,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            worker_refs=refs,
            insured=self.insured or len(refs),
            sum_insured=self.sum_insured,
        )


class PolicyToRecord(PolicyTerms):
    """A policy to put on file; an officer names the `platform` by its credit code."""

    platform: str | None = Field(default=None, min_length=18, max_length=18)
    kind: PolicyKind


class PolicyToCorrect(PolicyTerms):
    """What the policy says, whole, and why it is corrected."""

    reason: Text


class Cancellation(BaseModel):
    """The first day on which the policy holds no more, and why."""

    since: dt.date
    reason: Text


class PolicyView(BaseModel):
    """A policy. `insured` counts its persons; `by_name`: whether they are named; from `cancelled_from` on it holds no more."""

    policy_id: str
    platform: str
    kind: PolicyKind
    insurer: str
    number: str
    valid_from: dt.date
    valid_to: dt.date
    insured: int
    by_name: bool
    sum_insured: Yuan
    state: State
    cancelled_from: dt.date | None


class PolicyStepView(BaseModel):
    """One entry of a policy's history."""

    at: dt.datetime
    event: str
    by: str
    reason: str | None


class PolicyDetail(PolicyView):
    """With its persons and its history."""

    worker_refs: list[str]
    history: list[PolicyStepView]


class Days(BaseModel):
    """Legal days, both included; `until` is null where there is no end in sight."""

    since: dt.date
    until: dt.date | None


class CoverageView(BaseModel):
    """How a platform stands with one kind of policy: the days covered, the gaps since its first policy, and how many of
    the persons `engaged` now are `uninsured` today.
    """

    kind: PolicyKind
    covered: list[Days]
    gaps: list[Days]
    engaged: int
    uninsured: int


class MyPolicy(BaseModel):
    """A policy of a platform that the caller works through. `by_name`: it names the caller, or else only counts persons."""

    platform: str
    kind: PolicyKind
    insurer: str
    number: str
    since: dt.date
    until: dt.date
    in_force: bool
    by_name: bool
    sum_insured: Yuan


def _values(policy: Policy) -> dict[str, object]:
    kept = set(PolicyView.model_fields) - {"policy_id", "by_name"}
    return {**policy.model_dump(include=kept), "policy_id": policy.id, "by_name": bool(policy.worker_refs)}


def policy_view(policy: Policy) -> PolicyView:
    return PolicyView.model_validate(_values(policy))


def policy_detail(policy: Policy) -> PolicyDetail:
    history = [{**step.model_dump(), "reason": step.clear_reason(policy.id)} for step in policy.history]
    return PolicyDetail.model_validate({**_values(policy), "worker_refs": policy.worker_refs, "history": history})


def my_policy(policy: Policy, own: set[str], today: dt.date) -> MyPolicy:
    first, last = policy.period
    return MyPolicy(
        platform=policy.platform,
        kind=policy.kind,
        insurer=policy.insurer,
        number=policy.number,
        since=first,
        until=last,
        in_force=policy.holds_on(today),
        by_name=bool(own & set(policy.worker_refs)),
        sum_insured=policy.sum_insured,
    )


def coverage_view(policies: list[Policy], kind: PolicyKind, engaged: set[str], today: dt.date) -> CoverageView:
    """How a platform stands with its policies of one kind."""
    periods = [policy.period for policy in policies]
    holding = [policy for policy in policies if policy.holds_on(today)]
    named = {ref for policy in holding for ref in policy.worker_refs}
    counted = sum(policy.insured for policy in holding if not policy.worker_refs)
    return CoverageView(
        kind=kind,
        covered=[Days(since=first, until=last) for first, last in rules.union(periods)],
        gaps=[Days(since=since, until=until) for since, until in rules.gaps(periods)],
        engaged=len(engaged),
        uninsured=rules.uninsured(engaged, named, counted),
    )
