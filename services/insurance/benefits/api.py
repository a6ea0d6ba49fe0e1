"""Benefits over HTTP: officers grant and correct, workers see their own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from services.insurance.access import Bureau
from services.insurance.benefits import commands, grant_commands, missing_commands, payments
from services.insurance.benefits.access import Parties, Reader, benefit_of, owed_by, to_change
from services.insurance.benefits.asked_views import (
    AccountToSet,
    AmountToSet,
    BenefitToGrant,
    GivenReason,
    MoneyPaid,
    TakeOver,
    not_ahead,
)
from services.insurance.benefits.documents import Benefit
from services.insurance.benefits.missing_views import ValueToEnter
from services.insurance.benefits.proposal_commands import propose
from services.insurance.benefits.views import AccountView, BenefitView, ProposalView, benefit_view, proposal_view
from services.insurance.claims.documents import Claim
from shared import clock
from shared.callers import Caller
from shared.errors import Conflict, Forbidden, NotFound
from shared.policy import calendar
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Worker
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import mobile
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked

router = APIRouter(prefix="/v1", tags=["benefits 待遇"], route_class=IdempotentRoute)

CLAIMS_AT_ONCE = 50


@router.post("/claims/{claim_id}/benefits", status_code=status.HTTP_201_CREATED)
async def grant_benefit(
    claim_id: str,
    body: BenefitToGrant,
    officer: Bureau,
    response: Response,
    preview: Annotated[bool, Query(description="only calculate; nothing is stored")] = False,
) -> BenefitView | ProposalView:
    """Grant a benefit of a recognised claim, or with `preview=true` only calculate it (200).

    Where a parameter is not known the benefit is `open`, and waits for an officer to enter its sum.
    """
    claim = await Claim.of(claim_id)
    if claim is None or not officer.reaches(claim.district):
        raise NotFound("该职业伤害报案", "the claim")
    asked = body.asked()
    if preview:
        response.status_code = status.HTTP_200_OK
        proposal = await propose(claim, asked, clock.now())
        return proposal_view(asked.kind, proposal, calendar.shanghai_date(claim.occurred_at), claim.district)
    benefit = await transact(lambda tx: grant_commands.grant(claim_id, asked, officer.subject, tx))
    response.headers["location"] = f"/v1/benefits/{benefit.id}"
    set_etag(response, benefit.revision)
    return benefit_view(benefit, whole=True)


@router.get("/benefits")
async def list_benefits(
    caller: Parties,
    page: PageAsked,
    claim: Annotated[str | None, Query(max_length=64, description="id of the claim")] = None,
    waits: Annotated[bool, Query(description="only those that wait for a person to enter a value or the sum")] = False,
) -> Page[BenefitView]:
    """Benefits, the newest claim first: an officer sees those of the district, a platform or partner firm what is its to pay or
    was."""
    query = owed_by(caller)
    if claim is not None:
        query["claim_id"] = claim
    if waits:
        query |= {"waits": True, "state": {"$ne": "stopped"}}
    return await Page.of(Benefit, query, partial(benefit_view, whole=False), page, sort="-_id")


@router.get("/workers/me/benefits")
async def list_my_benefits(worker: Worker) -> list[BenefitView]:
    """The caller's own benefits, of their latest claims (at most 50), with how each sum was calculated and what was paid."""
    claims = await Claim.find({"worker_id": worker.worker_id}).sort("-_id").limit(CLAIMS_AT_ONCE).to_list()
    found = await Benefit.find({"claim_id": {"$in": [claim.id for claim in claims]}}).to_list()
    found.sort(key=lambda benefit: benefit.id)
    return [benefit_view(benefit, whole=True) for benefit in found]


@router.get("/benefits/{benefit_id}")
async def read_benefit(benefit_id: str, caller: Reader, response: Response) -> BenefitView:
    """A benefit, with its payments; its ETag is needed to change it. An officer's reading is recorded."""
    benefit = await benefit_of(caller, benefit_id)
    if caller.role == "officer":
        await write_down("benefit.read", benefit.id, caller)
    set_etag(response, benefit.revision)
    return benefit_view(benefit, whole=caller.role != "platform")


@router.get("/benefits/{benefit_id}/account")
async def read_account(benefit_id: str, officer: Bureau) -> AccountView:
    """The payee and the bank account in clear, for whoever must check them; the reading is recorded."""
    benefit = await benefit_of(officer, benefit_id)
    if benefit.payee is None:
        raise NotFound("收款账户", "an account")
    await write_down("benefit.account_read", benefit.id, officer)
    id_number, name, account = benefit.payee.opened(benefit.id)
    return AccountView(id_number=id_number, name=name, account=account)


@router.put("/benefits/{benefit_id}/amount")
async def set_amount(
    benefit_id: str, body: AmountToSet, officer: Bureau, seen: RevisionSeen, response: Response
) -> BenefitView:
    """Enter the sum of an open benefit, with its reason and document; it is granted with it."""
    return await acted(
        benefit_id, officer, seen, response,
        lambda benefit, tx: commands.set_amount(benefit, body.amount, body.reason, body.document, officer.subject, tx),
    )  # fmt: skip


@router.put("/benefits/{benefit_id}/values")
async def enter_value(
    benefit_id: str, body: ValueToEnter, officer: Bureau, seen: RevisionSeen, response: Response
) -> BenefitView:
    """Enter a value that a benefit waits for, with its document: the sum is calculated with it, and granted once nothing is missing.

    A running benefit's is paid from the next month on. A yearly factor holds from its month: earlier ones are made up for.
    """
    return await acted(
        benefit_id, officer, seen, response,
        lambda benefit, tx: missing_commands.enter(
            benefit, body.key, body.value, body.document, body.from_month, officer.subject, tx
        ),
    )  # fmt: skip


@router.put("/benefits/{benefit_id}/account")
async def correct_account(
    benefit_id: str, body: AccountToSet, caller: Reader, seen: RevisionSeen, response: Response
) -> BenefitView:
    """Correct the bank account after a payment has failed, which is then ordered anew: the payee or an officer."""
    phone = mobile(body.phone) if body.phone else None

    async def correct(benefit: Benefit, tx: Transaction) -> Benefit:
        if benefit.payee is None:
            raise Conflict("not-in-this-state", "该待遇不由基金支付", "the fund does not pay this benefit")
        not_theirs = benefit.to_kin or not benefit.payee.is_worker  # a token outlives the worker
        if caller.role == "platform" or (caller.role == "worker" and not_theirs):
            raise Forbidden()
        return await commands.correct_account(benefit, body.account, phone, caller.subject, tx)

    return await acted(benefit_id, caller, seen, response, correct)


@router.put("/benefits/{benefit_id}/stop")
async def stop_benefit(
    benefit_id: str, body: GivenReason, officer: Bureau, seen: RevisionSeen, response: Response
) -> BenefitView:
    """End a benefit (社会保险法 art. 43); not while a payment order is under way."""
    return await acted(
        benefit_id, officer, seen, response,
        lambda benefit, tx: commands.stop(benefit, body.reason, officer.subject, tx),
    )  # fmt: skip


@router.put("/benefits/{benefit_id}/adjustment")
async def adjust_benefit(
    benefit_id: str, body: AmountToSet, officer: Bureau, seen: RevisionSeen, response: Response
) -> BenefitView:
    """Change the sum of a monthly benefit from the next month on (工伤保险条例 art. 40), once this month's is paid."""
    return await acted(
        benefit_id, officer, seen, response,
        lambda benefit, tx: commands.adjust(benefit, body.amount, body.reason, body.document, officer.subject, tx),
    )  # fmt: skip


@router.put("/benefits/{benefit_id}/fund-advance")
async def take_over(
    benefit_id: str, body: TakeOver, officer: Bureau, seen: RevisionSeen, response: Response
) -> BenefitView:
    """Let the fund pay first what an employer without contributions does not (社会保险法 art. 41); it is claimed back by a
    recovery from the employer.
    """
    kin = (body.kin.id_number, body.kin.name) if body.kin else None
    phones = body.kin.reached if body.kin else ()
    return await acted(
        benefit_id, officer, seen, response,
        lambda benefit, tx: commands.take_over(benefit, body.account, kin, phones, body.reason, officer.subject, tx),
    )  # fmt: skip


@router.post("/benefits/{benefit_id}/payments", status_code=status.HTTP_201_CREATED)
async def record_payment(benefit_id: str, body: MoneyPaid, caller: Parties) -> BenefitView:
    """Record that the employer, partner firm or platform has paid the whole sum that is due: the platform or an officer."""
    not_ahead(body.on)

    async def work(tx: Transaction) -> Benefit:
        benefit = await benefit_of(caller, benefit_id, tx)
        await payments.record_payment(benefit, body.amount, body.on, caller.subject, tx)
        return benefit

    return benefit_view(await transact(work), whole=caller.role == "officer")


async def acted(
    benefit_id: str,
    caller: Caller,
    seen: int,
    response: Response,
    work: Callable[[Benefit, Transaction], Awaitable[Benefit]],
) -> BenefitView:
    """Answer a change of a benefit that stands as the caller saw it."""

    async def act(tx: Transaction) -> Benefit:
        return await work(await to_change(caller, benefit_id, seen, tx), tx)

    benefit = await transact(act)
    set_etag(response, benefit.revision)
    return benefit_view(benefit, whole=True)
