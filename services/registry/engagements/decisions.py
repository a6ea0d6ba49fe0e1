"""What people decide about engagements: a contested footing, and an end that was told wrongly."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal, cast

from services.registry.engagements import footing_rules as rules
from services.registry.engagements.access import engagement_for, sees
from services.registry.engagements.commands import account_of, decide_footing, work_out_ends
from services.registry.engagements.documents import (
    END_WITHDRAWN,
    GROUNDS,
    REASONS,
    DecidedFooting,
    EndWithdrawn,
    Engagement,
    FootingContest,
    Verdict,
)
from services.registry.engagements.rules import take as take_step
from shared import clock
from shared.contracts.platform import Relation
from shared.contracts.registry import FootingContested, FootingDecided
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from shared.storage.encryption import encrypt_field
from shared.storage.transaction import Transaction
from shared.web.auth import Caller
from shared.web.etags import require_revision
from shared.web.problems import broken_rule, conflict, forbidden, not_found


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
            raise conflict("already-contested", "已有未决的用工关系争议", "a contest of this side is open already")
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
    tx.tell(FootingContested(**_facts(contest, engagement)))
    return await contest.put(tx)


async def decide(contest_id: str, found: Decision, officer: Caller, seen: int, tx: Transaction) -> FootingContest:
    """Decide a contest: the footing stays, or is another one from a day on, whatever the platform declares later."""
    contest, engagement = await contest_for(contest_id, officer, tx)
    require_revision(seen, contest.revision)
    contest.state = _taken(contest, "uphold" if found.outcome == "upheld" else "change")
    now = clock.now()
    relation, effective_on = engagement.relation, None
    if found.outcome == "changed":
        if found.relation is None or found.effective_on is None:
            raise broken_rule("incomplete-decision", "请写明新的用工关系及生效日期", "say which footing, and from when")
        _check(found.effective_on, engagement)
        relation, effective_on = found.relation, found.effective_on
        before = engagement.history
        decided = DecidedFooting(relation=relation, effective_on=effective_on, decided_at=now, contest=contest.id)
        await decide_footing(engagement, decided, now, tx)
        if engagement.history == before:
            raise broken_rule("nothing-changed", "用工关系没有变化", "the footing is that one already: uphold it")
    return await _close(contest, engagement, relation, effective_on, found.reasons, officer, tx)


async def withdraw(contest_id: str, caller: Caller, seen: int, tx: Transaction) -> FootingContest:
    """Take a contest back, by whoever raised it."""
    contest, engagement = await contest_for(contest_id, caller, tx)
    if contest.subject != caller.subject:
        raise forbidden("只有提出人可以撤回", "only who raised it may withdraw it")
    require_revision(seen, contest.revision)
    contest.state = _taken(contest, "withdraw")
    return await _close(contest, engagement, engagement.relation, None, None, caller, tx)


async def withdraw_end(engagement_id: str, reason: str, officer: Caller, seen: int, tx: Transaction) -> Engagement:
    """Take back an end that was told wrongly: the account's engagements stand again as their gates, or other ends, say."""
    engagement = await engagement_for(engagement_id, officer, tx)
    require_revision(seen, engagement.revision)
    try:
        take_step(engagement.state, "reopen")
    except ValueError:
        raise conflict("not-ended", "该用工关系没有结束", "this engagement has not ended") from None
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
    await work_out_ends(account, clock.now(), tx)
    again = await Engagement.of(engagement_id, tx)
    assert again is not None
    return again


async def contest_for(
    contest_id: str, caller: Caller, tx: Transaction | None = None
) -> tuple[FootingContest, Engagement]:
    """A contest and its engagement, for whoever may see that; raises a 404 problem otherwise."""
    contest = await FootingContest.of(contest_id, tx)
    engagement = await Engagement.of(contest.engagement_id, tx) if contest else None
    if contest is None or engagement is None or not await sees(caller, engagement, tx):
        raise not_found("该争议", "this contest")
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
    outcome = cast(Literal["upheld", "changed", "withdrawn"], contest.state)
    facts = {**_facts(contest, engagement), "outcome": outcome, "decided": relation, "effective_on": effective_on}
    tx.tell(FootingDecided(**facts))
    return await contest.put(tx)


def _facts(contest: FootingContest, engagement: Engagement) -> dict[str, Any]:
    return {
        "dispute_id": contest.id,
        "engagement_id": engagement.id,
        "worker_id": engagement.worker_id,
        "platform": engagement.platform,
        "raised_by": contest.raised_by,
        "claimed": contest.claimed,
        "since": contest.since,
    }


def _taken(contest: FootingContest, step: rules.ContestStep) -> rules.ContestState:
    try:
        return rules.take(contest.state, step)
    except rules.NotOpen:
        raise conflict("contest-closed", "该争议已有结果", "the contest is decided or withdrawn already") from None


def _check(day: dt.date, engagement: Engagement) -> None:
    try:
        rules.check_day(day, engagement.started_on, engagement.ended_on, shanghai_date(clock.now()))
    except rules.OutsideEngagement:
        text = "日期应在用工期间之内且不晚于今天", "the day must lie within the engagement, and not after today"
        raise broken_rule("outside-engagement", *text) from None
