"""Record, correct and cancel policies, and tell of gaps."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from services.insurance.cover import rules
from services.insurance.cover.documents import Policy, PolicyNumber, Watch
from services.insurance.engagements.documents import Engagement
from shared import clock
from shared.contracts.insurance import PolicyGapFound, PolicyKind, PolicyRecorded
from shared.errors import Conflict, RuleBroken
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.storage.client import collection_of
from shared.storage.kinds import TimerKind
from shared.storage.taken import AlreadyTaken
from shared.storage.transaction import Transaction

WARNING = TimerKind("insurance.policy_warning")
GAP = TimerKind("insurance.policy_gap")

GRACE = dt.timedelta(hours=1)
"""How long a gap that has begun already may be closed before it is told: ours, not the law's."""


@dataclass(frozen=True, slots=True)
class PolicyData:
    """What a policy says. `worker_refs`: the insured persons, empty where only their number is `insured`."""

    insurer: str
    number: str
    valid_from: dt.date
    valid_to: dt.date
    worker_refs: tuple[str, ...]
    insured: int
    sum_insured: Decimal


async def record(platform: str, kind: PolicyKind, terms: PolicyData, by: str, tx: Transaction) -> Policy:
    """Put a policy on file; raises Conflict."""
    policy = Policy(
        platform=platform,
        kind=kind,
        insurer=terms.insurer,
        number=terms.number,
        valid_from=terms.valid_from,
        valid_to=terms.valid_to,
        worker_refs=list(terms.worker_refs),
        insured=terms.insured,
        sum_insured=terms.sum_insured,
    )
    policy.note("recorded", by)
    await _take_number(policy, tx)
    return await _store(policy, tx)


async def correct(policy: Policy, terms: PolicyData, reason: str, by: str, tx: Transaction) -> Policy:
    """Put right what was recorded wrongly; raises Conflict."""
    policy.state = rules.STATES.next(policy.state, "corrected")
    if len(policy.history) >= rules.MOST_STEPS:
        raise Conflict(
            "too-many-corrections",
            "该保险单更正次数已达上限，请注销后重新登记",
            "it was corrected too often: cancel it and record it anew",
        )
    if (policy.insurer, policy.number) != (terms.insurer, terms.number):
        await PolicyNumber.give_up(f"{policy.insurer}|{policy.number}", policy.id, tx)
        policy.insurer, policy.number = terms.insurer, terms.number
        await _take_number(policy, tx)
    policy.valid_from, policy.valid_to = terms.valid_from, terms.valid_to
    policy.worker_refs, policy.insured = list(terms.worker_refs), terms.insured
    policy.sum_insured = terms.sum_insured
    policy.note("corrected", by, reason)
    return await _store(policy, tx)


async def cancel(policy: Policy, since: dt.date, reason: str, by: str, tx: Transaction) -> Policy:
    """End a policy early, from a day on that lies within its period; raises Conflict, RuleBroken."""
    policy.state = rules.STATES.next(policy.state, "cancelled")
    if not policy.valid_from <= since <= policy.valid_to:
        raise RuleBroken("outside-the-period", "注销日期须在保险期间内", "the day lies outside the policy's period")
    policy.cancelled_from = since
    policy.note("cancelled", by, reason)
    return await _store(policy, tx)


async def _take_number(policy: Policy, tx: Transaction) -> None:
    try:
        await PolicyNumber.take(f"{policy.insurer}|{policy.number}", policy.id, tx)
    except AlreadyTaken:
        raise Conflict("already-on-file", "该保险单已登记", "the policy is on file already") from None


async def _store(policy: Policy, tx: Transaction) -> Policy:
    await policy.put(tx)
    first, last = policy.period
    tx.publish(
        PolicyRecorded(
            policy_id=policy.id,
            platform=policy.platform,
            kind=policy.kind,
            valid_from=first,
            valid_to=last,
            insured=policy.insured,
        )
    )
    watch = await _watch(policy.platform, policy.kind, tx)
    await _set_timers(watch, tx)
    await watch.put(tx)
    return policy


async def _watch(platform: str, kind: PolicyKind, tx: Transaction) -> Watch:
    key = f"{platform}|{kind}"
    return await Watch.of(key, tx) or Watch(id=key, platform=platform, kind=kind)


async def _gaps(watch: Watch, tx: Transaction) -> list[rules.Gap]:
    """The gaps of this kind that are not over and were not told yet."""
    policies = await Policy.of_platform(watch.platform, watch.kind, tx)
    ahead = rules.gaps_ahead((policy.period for policy in policies), calendar.shanghai_date(clock.now()))
    return [gap for gap in ahead if gap[0] not in watch.told]


async def _set_timers(watch: Watch, tx: Transaction) -> None:
    """Set the timers of the next gap, in place of those that were set."""
    found, now = await _gaps(watch, tx), clock.now()
    tx.cancel(WARNING, watch.id)
    tx.cancel(GAP, watch.id)
    if not found:
        return
    since = found[0][0]
    tx.schedule(GAP, watch.id, max(calendar.start_of_day(since), now + GRACE))
    days = parameters.on(calendar.shanghai_date(now)).days("policy.warning_days")
    warn_at = calendar.start_of_day(since - dt.timedelta(days=days))
    if warn_at > now and since not in watch.warned:
        tx.schedule(WARNING, watch.id, warn_at)


async def warn(watch_id: str, tx: Transaction) -> None:
    """Tell of a gap that is to come, unless a policy was recorded meanwhile that closes it."""
    watch = await Watch.of(watch_id, tx)
    if watch is None:
        return
    found = await _gaps(watch, tx)
    if found and found[0][0] not in watch.warned:
        await _publish(watch, found[0], begun=False, tx=tx)
        watch.warned.append(found[0][0])
        await watch.put(tx)


async def find_gap(watch_id: str, tx: Transaction) -> None:
    """Tell of a gap that has begun, and go on with the next."""
    watch = await Watch.of(watch_id, tx)
    if watch is None:
        return
    found = await _gaps(watch, tx)
    if found and found[0][0] <= calendar.shanghai_date(clock.now()):
        await _publish(watch, found[0], begun=True, tx=tx)
        watch.told.append(found[0][0])
    await _set_timers(watch, tx)
    await watch.put(tx)


async def _publish(watch: Watch, gap: rules.Gap, *, begun: bool, tx: Transaction) -> None:
    since, until = gap
    persons = len(await engaged(watch.platform, tx))
    tx.publish(
        PolicyGapFound(platform=watch.platform, kind=watch.kind, since=since, until=until, persons=persons, begun=begun)
    )


async def engaged(platform: str, tx: Transaction | None = None) -> set[str]:
    """Who works through a platform now, by its own ids of them."""
    asked = {"worker_ref": 1, "state": 1}
    query = {"platform": platform}
    found = await (
        tx.rows(Engagement, query, asked) if tx else collection_of(Engagement).find(query, asked).to_list(None)
    )
    return {row["worker_ref"] for row in found if row["state"] == "active"}
