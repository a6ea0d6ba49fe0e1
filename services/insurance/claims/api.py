"""Claims over HTTP: reports, and what became of them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Query, Response, UploadFile, status
from pydantic import BaseModel, Field

from services.insurance.claims import access, paper, reporting, views
from services.insurance.claims.commands import Report
from services.insurance.claims.documents import Claim
from services.insurance.claims.photos import LARGEST_REQUEST
from services.insurance.claims.views import ClaimDetail, ClaimStepView, ClaimView
from shared.contracts.platform import Severity
from shared.identity.regions import is_district
from shared.identity.uscc import InvalidUscc, parse
from shared.storage.transaction import transact
from shared.web.auth import Caller
from shared.web.etags import set_etag
from shared.web.fields import Instant
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked, cursor_of
from shared.web.problems import broken_rule, forbidden, not_found

router = APIRouter(prefix="/v1", tags=["claims 职业伤害"], route_class=IdempotentRoute)

Text = Annotated[str, Form(min_length=1, max_length=2000)]


class ReportForm(BaseModel):
    """The fields of a report, as a form sends them."""

    occurred_at: Instant
    district: str
    place: str
    description: str
    severity: Severity
    platform: str
    worker_ref: str
    worker_id: str | None
    kin: reporting.Kin | None = Field(default=None)


def report_form(
    occurred_at: Annotated[Instant, Form(description="when it happened, with offset")],
    district: Annotated[str, Form(description="GB/T 2260 code of the district of Deyang where it happened")],
    place: Text,
    description: Text,
    severity: Annotated[Severity, Form()],
    platform: Annotated[str, Form(max_length=18, description="credit code, where the worker has several")] = "",
    worker_ref: Annotated[
        str, Form(max_length=128, description="the platform's id of the worker; with `platform`")
    ] = "",
    worker_id: Annotated[str | None, Form(max_length=128, description="not for workers, who report their own")] = None,
    kin_relation: Annotated[str, Form(max_length=50, description="next of kin who reports: relation")] = "",
    kin_name: Annotated[str, Form(max_length=100)] = "",
    kin_phone: Annotated[str, Form(max_length=30)] = "",
) -> ReportForm:
    given = (kin_relation, kin_name, kin_phone)
    if any(given) and not all(given):
        raise broken_rule(
            "kin-incomplete", "请填写近亲属关系、姓名和电话", "relation, name and phone of the kin are needed"
        )
    if platform:
        try:
            platform = parse(platform)
        except InvalidUscc:
            raise broken_rule("unknown-platform", "统一社会信用代码有误", "not a unified social credit code") from None
    if not is_district(district):
        raise broken_rule("unknown-district", "不是德阳市的区（市、县）代码", "not a district of Deyang")
    return ReportForm(
        occurred_at=occurred_at,
        district=district,
        place=place,
        description=description,
        severity=severity,
        platform=platform,
        worker_ref=worker_ref,
        worker_id=worker_id,
        kin=reporting.Kin(*given) if any(given) else None,
    )


@router.post("/claims", status_code=status.HTTP_201_CREATED, max_body_size=LARGEST_REQUEST)
async def report_claim(
    caller: access.Reporting,
    response: Response,
    form: Annotated[ReportForm, Depends(report_form)],
    photos: Annotated[list[UploadFile], File(description="at most 6 JPEG or PNG files of at most 4 MB each")] = [],  # noqa: B006
) -> ClaimDetail:
    """Report an accident, as `multipart/form-data`, in one step with photos.

    A worker reports their own; the platform and the order are found from the orders under way at that moment, and
    `platform` is needed only where that does not say which it was. A union, or an officer at the counter, reports for a
    worker (`worker_id`, or `platform` with `worker_ref`), and for the next of kin with the `kin_...` fields. Send the same
    bytes again to repeat a request.
    """
    by = access.by_of(caller)
    contents = [await photo.read() for photo in photos]
    asked = _asked(caller, form)
    reporter = reporting.reporter_of(caller.role, form.kin is not None)
    claim = await access.answering(
        lambda: transact(lambda tx: reporting.report(asked, reporter, form.kin, contents, by, tx))
    )
    await access.write_down(claim, caller, "text")
    set_etag(response, claim.revision)
    response.headers["Location"] = f"/v1/claims/{claim.id}"
    return views.detail(claim, caller)


def _asked(caller: Caller, form: ReportForm) -> Report:
    worker_id = caller.worker_id if caller.role == "worker" else form.worker_id
    if caller.role != "worker" and worker_id is None and not (form.platform and form.worker_ref):
        raise broken_rule(
            "worker-unnamed",
            "请提供劳动者编号，或平台及其人员编号",
            "name the worker, or the platform and its worker_ref",
        )
    if caller.role == "officer" and not caller.reaches(form.district):
        raise forbidden("只能登记本辖区的事故", "an officer records accidents of the own district")
    return Report(
        platform=form.platform,
        worker_ref=form.worker_ref,
        occurred_at=form.occurred_at.astimezone(dt.UTC),
        district=form.district,
        place=form.place,
        description=form.description,
        severity=form.severity,
        worker_id=worker_id,
    )


@router.get("/claims")
async def list_claims(
    caller: access.Reader,
    page: PageAsked,
    state: Annotated[str | None, Query(max_length=20, description="only claims in this state")] = None,
) -> Page[ClaimView]:
    """Claims that the caller may see, the newest first."""
    query: dict[str, Any] = access.scope(caller)
    query |= {"_id": {"$lt": str(page.after)}} if page.after else {}
    query |= {"state": state} if state else {}
    claims = await Claim.find(query).sort("-_id").limit(page.limit + 1).to_list()
    shown = claims[: page.limit]
    more = len(claims) > page.limit
    return Page(items=[views.view(claim) for claim in shown], next=cursor_of(shown[-1].id) if more else None)


@router.get("/claims/{claim_id}")
async def read_claim(claim_id: str, caller: access.Reader, response: Response) -> ClaimDetail:
    """A claim. What happened is shown to the worker, to the union that reported it, and to the labour department's
    officers of the district; the reading of these last two is recorded.
    """
    claim = await access.find(claim_id, caller)
    if access.reads_detail(caller):
        await access.write_down(claim, caller, "text")
    set_etag(response, claim.revision)
    return views.detail(claim, caller)


@router.get("/claims/{claim_id}/history")
async def read_history(claim_id: str, caller: access.Reader) -> list[ClaimStepView]:
    """Every step of a claim, the first first, with the parameters that it rested on."""
    return views.history(await access.find(claim_id, caller), caller)


@router.get("/claims/{claim_id}/decisions/{number}")
async def read_decision(claim_id: str, number: str, caller: access.Reader) -> paper.DecisionPaper:
    """The data of a decision's paper, to be printed or served. A platform reads its text only as the employer."""
    claim = await access.find(claim_id, caller)
    decision = next((one for one in claim.decisions if one.number == number), None)
    if decision is None:
        raise not_found("该决定", "the decision")
    await access.write_down(claim, caller, "decision")
    return paper.of(claim, decision, for_platform=caller.role == "platform")
