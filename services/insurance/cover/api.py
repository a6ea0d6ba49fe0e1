"""Commercial policies over HTTP: platforms their own, officers of the city all, workers those that may cover them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response, status

from services.insurance.cover import commands
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
from services.insurance.engagements.documents import Engagement
from services.insurance.persons.documents import EngagedPerson
from shared import clock
from shared.callers import Caller
from shared.contracts.insurance import PolicyKind
from shared.errors import Forbidden, NotFound, RuleBroken
from shared.identity.uscc import InvalidUscc, parse
from shared.policy import calendar
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Worker
from shared.web.etags import RevisionSeen, set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import HRSS, callers

router = APIRouter(prefix="/v1", tags=["cover 商业保险"], route_class=IdempotentRoute)

Reader = Annotated[Caller, callers("platform", article=9)]
Writer = Annotated[Caller, callers("platform", departments=[HRSS])]
Uscc = Annotated[str, Query(min_length=18, max_length=18, description="unified social credit code of the platform")]


@router.post("/policies", status_code=status.HTTP_201_CREATED)
async def record_policy(body: PolicyToRecord, caller: Writer, response: Response) -> PolicyDetail:
    """Put a commercial policy on file: a platform its own, an officer of the labour department any platform's."""
    platform = _platform(caller, body.platform)
    policy = await transact(lambda tx: commands.record(platform, body.kind, body.terms(), caller.subject, tx))
    response.headers["location"] = f"/v1/policies/{policy.id}"
    return _shown(policy, response)


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
    return await Page.of(Policy, query, policy_view, page, sort="-_id")


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
    return _shown(await _policy(caller, policy_id), response)


@router.put("/policies/{policy_id}")
async def correct_policy(
    policy_id: str, body: PolicyToCorrect, caller: Writer, seen: RevisionSeen, response: Response
) -> PolicyDetail:
    """Put right what was recorded wrongly, or the persons insured since; what the policy says is given whole."""

    async def work(tx: Transaction) -> Policy:
        policy = await _to_change(caller, policy_id, seen, tx)
        return await commands.correct(policy, body.terms(), body.reason, caller.subject, tx)

    return _shown(await transact(work), response)


@router.put("/policies/{policy_id}/cancellation")
async def cancel_policy(
    policy_id: str, body: Cancellation, caller: Writer, seen: RevisionSeen, response: Response
) -> PolicyDetail:
    """End a policy early, from a day on within its period."""

    async def work(tx: Transaction) -> Policy:
        policy = await _to_change(caller, policy_id, seen, tx)
        return await commands.cancel(policy, body.since, body.reason, caller.subject, tx)

    return _shown(await transact(work), response)


@router.get("/workers/me/policies")
async def list_my_policies(worker: Worker) -> list[MyPolicy]:
    """Policies of the platforms that the caller works or worked through, those in force first.

    Those that name other persons are left out; of one that only counts persons nobody knows whom it covers.
    """
    assert worker.worker_id is not None
    person = await EngagedPerson.get(worker.worker_id)
    engagements = await Engagement.find({"_id": {"$in": person.engagements[-50:]}}).to_list() if person else []
    refs: dict[str, set[str]] = {}
    for engagement in engagements:
        if engagement.worker_id == worker.worker_id:
            refs.setdefault(engagement.platform, set()).add(engagement.worker_ref)
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
            raise Forbidden()
        return caller.uscc
    if named is None:
        raise RuleBroken("platform-missing", "须指明平台企业", "the platform is needed")
    try:
        return parse(named)
    except InvalidUscc:
        raise RuleBroken("not-a-credit-code", "统一社会信用代码有误", "not a unified social credit code") from None


async def _policy(caller: Caller, policy_id: str, tx: Transaction | None = None) -> Policy:
    policy = await Policy.of(policy_id, tx)
    if policy is None or caller.uscc not in (None, policy.platform):
        raise NotFound("该保险单", "the policy")
    return policy


async def _to_change(caller: Caller, policy_id: str, seen: int, tx: Transaction) -> Policy:
    policy = await _policy(caller, policy_id, tx)
    require_revision(seen, policy.revision)
    return policy


def _shown(policy: Policy, response: Response) -> PolicyDetail:
    set_etag(response, policy.revision)
    return policy_detail(policy)
