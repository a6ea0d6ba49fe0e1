"""What people decide about engagements: a contested footing, and an end that was declared wrongly."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, cast

from services.registry.contests import rules
from services.registry.contests.documents import GROUNDS, REASONS, FootingContest, Verdict
from services.registry.disclosure.queries import engagement_for, sees
from services.registry.engagements.documents import END_WITHDRAWN, DecidedFooting, EndWithdrawn, Engagement
from services.registry.engagements.rules import reopen
from services.registry.intake.commands import account_of, decide_footing, settle_ends
from shared import clock
from shared.callers import Caller
from shared.contracts.platform import Relation
from shared.contracts.registry import FootingContested, FootingDecided, FootingDisputeFields
from shared.errors import Conflict, Forbidden, NotFound, RuleBroken
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from shared.storage.encryption import encrypt_field
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says of a footing; `grounds` in clear."""

    claimed: Relation
    since: dt.date
    grounds: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What the officer found; relation and day only where the footing changes. `reasons` in clear."""

    outcome: Literal["upheld", "changed"]
    relation: Relation | None
    effective_on: dt.date | None
    reasons: str


async def raise_contest(engagement_id: str, claim: Claim, caller: Caller, tx: Transaction) -> FootingContest:
    """Put a contest of an engagement's footing on file; nothing changes by it."""
    engagement = await engagement_for(engagement_id, caller, tx)
    _check(claim.since, engagement)
    raised_by = cast(Literal["worker", "platform", "officer", "union"], caller.role)
    for known in await tx.find(FootingContest, {"engagement_id": engagement.id}):
        if known.state == "open" and known.raised_by == raised_by:
            raise Conflict("already-contested", "已有未决的用工关系争议", "a contest of this side is open already")
    contest_id = new_id()
    contest = FootingContest(
        id=contest_id,
        engagement_id=engagement.id,
        platform=engagement.platform,
        district=engagement.district,
        raised_by=raised_by,
        subject=caller.subject,
        claimed=claim.claimed,
        since=claim.since,
        grounds=encrypt_field(GROUNDS, contest_id, claim.grounds),
    )
    await engagement.put(tx)  # so that two contests of one engagement never run side by side
    tx.publish(FootingContested(**_fields(contest, engagement)))
    return await contest.put(tx)


async def decide(contest_id: str, found: Decision, officer: Caller, seen: int, tx: Transaction) -> FootingContest:
    """Decide a contest: the footing stays, or is another one from a day on, whatever the platform declares later."""
    contest, engagement = await contest_for(contest_id, officer, tx)
    require_revision(seen, contest.revision)
    contest.state = rules.STATES.next(contest.state, "uphold" if found.outcome == "upheld" else "change")
    now = clock.now()
    relation, effective_on = engagement.relation, None
    if found.outcome == "changed":
        if found.relation is None or found.effective_on is None:
            raise RuleBroken("incomplete-decision", "请写明新的用工关系及生效日期", "say which footing, and from when")
        _check(found.effective_on, engagement)
        relation, effective_on = found.relation, found.effective_on
        before = engagement.history
        decided = DecidedFooting(relation=relation, effective_on=effective_on, decided_at=now, contest=contest.id)
        await decide_footing(engagement, decided, now, tx)
        if engagement.history == before:
            raise RuleBroken("nothing-changed", "用工关系没有变化", "the footing is that one already: uphold it")
    return await _close(contest, engagement, relation, effective_on, found.reasons, officer, tx)


async def withdraw(contest_id: str, caller: Caller, seen: int, tx: Transaction) -> FootingContest:
    """Take a contest back, by whoever raised it."""
    contest, engagement = await contest_for(contest_id, caller, tx)
    if contest.subject != caller.subject:
        raise Forbidden("只有提出人可以撤回", "only who raised it may withdraw it")
    require_revision(seen, contest.revision)
    contest.state = rules.STATES.next(contest.state, "withdraw")
    return await _close(contest, engagement, engagement.relation, None, None, caller, tx)


async def withdraw_end(engagement_id: str, reason: str, officer: Caller, seen: int, tx: Transaction) -> Engagement:
    """Take back an end that was declared wrongly: the account's engagements stand again as their gates, or other ends, say."""
    engagement = await engagement_for(engagement_id, officer, tx)
    require_revision(seen, engagement.revision)
    reopen(engagement.state)
    assert engagement.ended_on is not None
    account = await account_of(*engagement.account, tx)
    withdrawn = EndWithdrawn(
        ended_on=engagement.ended_on,
        at=clock.now(),
        officer=officer.subject,
        reason=encrypt_field(END_WITHDRAWN, account.id, reason),
    )
    account.withdrawn = [*account.withdrawn, withdrawn]
    await account.put(tx)
    await settle_ends(account, clock.now(), tx)
    again = await Engagement.of(engagement_id, tx)
    assert again is not None
    return again


async def contest_for(
    contest_id: str, caller: Caller, tx: Transaction | None = None
) -> tuple[FootingContest, Engagement]:
    """A contest and its engagement, for whoever may see that; raises NotFound otherwise."""
    contest = await FootingContest.of(contest_id, tx)
    engagement = await Engagement.of(contest.engagement_id, tx) if contest else None
    if contest is None or engagement is None or not await sees(caller, engagement, tx):
        raise NotFound("该争议", "this contest")
    return contest, engagement


async def _close(
    contest: FootingContest,
    engagement: Engagement,
    relation: Relation,
    effective_on: dt.date | None,
    reasons: str | None,
    by: Caller,
    tx: Transaction,
) -> FootingContest:
    contest.verdict = Verdict(
        relation=relation,
        effective_on=effective_on,
        reasons=reasons and encrypt_field(REASONS, contest.id, reasons),
        by=by.subject,
        at=clock.now(),
    )
    tx.publish(_decided(contest, engagement, contest.verdict))
    return await contest.put(tx)


def _fields(contest: FootingContest, engagement: Engagement) -> FootingDisputeFields:
    return {
        "dispute_id": contest.id,
        "engagement_id": engagement.id,
        "worker_id": engagement.worker_id,
        "platform": engagement.platform,
        "raised_by": contest.raised_by,
        "claimed": contest.claimed,
        "since": contest.since,
    }


def _decided(contest: FootingContest, engagement: Engagement, verdict: Verdict) -> FootingDecided:
    assert contest.state != "open"
    return FootingDecided(
        **_fields(contest, engagement),
        outcome=contest.state,
        decided=verdict.relation,
        effective_on=verdict.effective_on,
    )


def _check(day: dt.date, engagement: Engagement) -> None:
    rules.check_day(day, engagement.started_on, engagement.ended_on, shanghai_date(clock.now()))
