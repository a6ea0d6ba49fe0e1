"""Commercial policies over HTTP: platforms their own, officers of the city all, workers those that may cover them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response, status

from services.insurance.cover import commands, rules
from services.insurance.cover.documents import Policy
from services.insurance.cover.views import (
    Cancellation,
    CoverageView,
    MyPolicy,
    PolicyDetail,
    PolicyToCorrect,
    PolicyToRecord,
    PolicyView,
    coverage_view,
    my_policy,
    policy_detail,
    policy_view,
)
from services.insurance.enrolment.documents import EngagedPerson
from services.insurance.footing.documents import Footing
from shared import clock
from shared.contracts.insurance import PolicyKind
from shared.identity.uscc import InvalidUscc, parse
from shared.policy import calendar
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Caller, Worker
from shared.web.etags import RevisionSeen, require_revision, set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked, cursor_of
from shared.web.problems import broken_rule, conflict, forbidden, not_found
from shared.web.scope import HRSS, callers

router = APIRouter(prefix="/v1", tags=["cover 商业保险"], route_class=IdempotentRoute)

Reader = Annotated[Caller, callers("platform", article=9)]
Writer = Annotated[Caller, callers("platform", departments=[HRSS])]
Uscc = Annotated[str, Query(min_length=18, max_length=18, description="unified social credit code of the platform")]


@router.post("/policies", status_code=status.HTTP_201_CREATED)
async def record_policy(body: PolicyToRecord, caller: Writer, response: Response) -> PolicyDetail:
    """Put a commercial policy on file: a platform its own, an officer of the labour department any platform's."""
    platform = _platform(caller, body.platform)
    policy = await _carry_out(lambda tx: commands.record(platform, body.kind, body.terms(), caller.subject, tx))
    response.headers["location"] = f"/v1/policies/{policy.id}"
    set_etag(response, policy.revision)
    return policy_detail(policy)


@router.get("/policies")
async def list_policies(
    caller: Reader,
    page: PageAsked,
    platform: Annotated[Uscc | None, Query(description="only of this platform, by its credit code")] = None,
    kind: Annotated[PolicyKind | None, Query(description="personal_accident or employers_liability")] = None,
) -> Page[PolicyView]:
    """Policies on file, the newest first; a platform sees its own."""
    query: dict[str, Any] = {}
    if caller.role == "platform" or platform is not None:
        query["platform"] = _platform(caller, platform)
    if kind is not None:
        query["kind"] = kind
    if page.after is not None:
        query["_id"] = {"$lt": str(page.after)}
    found = await Policy.find(query).sort("-_id").limit(page.limit + 1).to_list()
    shown = found[: page.limit]
    more = len(found) > page.limit
    return Page(items=[policy_view(policy) for policy in shown], next=cursor_of(shown[-1].id) if more else None)


@router.get("/policy-coverage")
async def read_coverage(
    caller: Reader,
    platform: Annotated[
        Uscc | None, Query(description="of this platform, by its credit code; its own where a platform asks")
    ] = None,
) -> list[CoverageView]:
    """For each kind of policy that a platform has: the days covered, the gaps, and how many engaged persons are left out."""
    uscc = _platform(caller, platform)
    policies = await Policy.of_platform(uscc)
    today, engaged = calendar.shanghai_date(clock.now()), await commands.engaged(uscc)
    kinds = sorted({policy.kind for policy in policies})
    return [coverage_view([one for one in policies if one.kind == kind], kind, engaged, today) for kind in kinds]


@router.get("/policies/{policy_id}")
async def read_policy(policy_id: str, caller: Reader, response: Response) -> PolicyDetail:
    """A policy with its insured persons and its history."""
    policy = await _policy(caller, policy_id)
    set_etag(response, policy.revision)
    return policy_detail(policy)


@router.put("/policies/{policy_id}")
async def correct_policy(
    policy_id: str, body: PolicyToCorrect, caller: Writer, seen: RevisionSeen, response: Response
) -> PolicyDetail:
    """Put right what was recorded wrongly, or the persons insured since; what the policy says is given whole."""

    async def work(tx: Transaction) -> Policy:
        policy = await _to_change(caller, policy_id, seen, tx)
        return await commands.correct(policy, body.terms(), body.reason, caller.subject, tx)

    policy = await _carry_out(work)
    set_etag(response, policy.revision)
    return policy_detail(policy)


@router.put("/policies/{policy_id}/cancellation")
async def cancel_policy(
    policy_id: str, body: Cancellation, caller: Writer, seen: RevisionSeen, response: Response
) -> PolicyDetail:
    """End a policy early, from a day on within its period."""

    async def work(tx: Transaction) -> Policy:
        policy = await _to_change(caller, policy_id, seen, tx)
        return await commands.cancel(policy, body.since, body.reason, caller.subject, tx)

    policy = await _carry_out(work)
    set_etag(response, policy.revision)
    return policy_detail(policy)


@router.get("/workers/me/policies")
async def list_my_policies(worker: Worker) -> list[MyPolicy]:
    """Policies of the platforms that the caller works or worked through, those in force first.

    Those that name other persons are left out; of one that only counts persons nobody knows whom it covers.
    """
    assert worker.worker_id is not None
    person = await EngagedPerson.get(worker.worker_id)
    footings = await Footing.find({"_id": {"$in": person.engagements[-50:]}}).to_list() if person else []
    refs: dict[str, set[str]] = {}
    for footing in footings:
        if footing.worker_id == worker.worker_id:
            refs.setdefault(footing.platform, set()).add(footing.worker_ref)
    today = calendar.shanghai_date(clock.now())
    mine = [
        my_policy(policy, own, today)
        for platform, own in refs.items()
        for policy in await Policy.of_platform(platform)
        if not policy.worker_refs or own & set(policy.worker_refs)
    ]
    return sorted(mine, key=lambda policy: (not policy.in_force, policy.platform, policy.kind, policy.since))


def _platform(caller: Caller, named: str | None) -> str:
    """The platform that the caller speaks of: a platform itself, an officer the one that is named."""
    if caller.uscc is not None:
        if named not in (None, caller.uscc):
            raise forbidden()
        return caller.uscc
    if named is None:
        raise broken_rule("platform-missing", "须指明平台企业", "the platform is needed")
    try:
        return parse(named)
    except InvalidUscc:
        raise broken_rule("not-a-credit-code", "统一社会信用代码有误", "not a unified social credit code") from None


async def _policy(caller: Caller, policy_id: str, tx: Transaction | None = None) -> Policy:
    policy = await Policy.of(policy_id, tx)
    if policy is None or caller.uscc not in (None, policy.platform):
        raise not_found("该保险单", "the policy")
    return policy


async def _to_change(caller: Caller, policy_id: str, seen: int, tx: Transaction) -> Policy:
    policy = await _policy(caller, policy_id, tx)
    require_revision(seen, policy.revision)
    return policy


async def _carry_out(work: Callable[[Transaction], Awaitable[Policy]]) -> Policy:
    try:
        return await transact(work)
    except commands.AlreadyOnFile:
        raise conflict("already-on-file", "该保险单已登记", "the policy is on file already") from None
    except rules.Forbidden:
        raise conflict("not-in-this-state", "保险单已注销，不能变更", "the policy was cancelled") from None
    except rules.TooManyCorrections:
        raise conflict(
            "too-many-corrections",
            "该保险单更正次数已达上限，请注销后重新登记",
            "it was corrected too often: cancel it and record it anew",
        ) from None
    except commands.OutsideThePeriod:
        raise broken_rule(
            "outside-the-period", "注销日期须在保险期间内", "the day lies outside the policy's period"
        ) from None
