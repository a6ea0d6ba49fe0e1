"""Accidents reported over HTTP, photos of a claim, and claims about one accident."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Response, UploadFile, status
from pydantic import BaseModel, Field

from services.insurance.access import Bureau
from services.insurance.claims import access, views
from services.insurance.claims.documents import Claim, Kin
from services.insurance.claims.views import ClaimDetail, answer
from services.insurance.procedure import commands as procedure
from services.insurance.reports import commands, photos
from services.insurance.reports.commands import Report
from services.insurance.reports.photos import LARGEST_REQUEST
from shared.callers import Caller
from shared.contracts.platform import Severity
from shared.errors import Forbidden, NotFound, RuleBroken
from shared.identity.regions import is_district
from shared.identity.uscc import InvalidUscc, parse
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import Instant
from shared.web.idempotency import IdempotentRoute

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
    kin: Kin | None = Field(default=None)


async def report_form(
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
        raise RuleBroken(
            "kin-incomplete", "请填写近亲属关系、姓名和电话", "relation, name and phone of the kin are needed"
        )
    if platform:
        try:
            platform = parse(platform)
        except InvalidUscc:
            raise RuleBroken("unknown-platform", "统一社会信用代码有误", "not a unified social credit code") from None
    if not is_district(district):
        raise RuleBroken("unknown-district", "不是德阳市的区（市、县）代码", "not a district of Deyang")
    return ReportForm(
        occurred_at=occurred_at,
        district=district,
        place=place,
        description=description,
        severity=severity,
        platform=platform,
        worker_ref=worker_ref,
        worker_id=worker_id,
        kin=Kin(*given) if any(given) else None,
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
    worker (`worker_id`, or `platform` with `worker_ref`), and for the next of kin with the `kin_...` fields. A courier outlet, or
    whoever insures for it, reports for a person who is insured through it (`worker_id`); platforms push incidents. Send the
    same bytes again to repeat a request.
    """
    by = access.by_of(caller)
    contents = [await photo.read() for photo in photos]
    asked = _asked(caller, form)
    reporter = commands.reporter_of(caller.role, form.kin is not None)

    async def work(tx: Transaction) -> Claim:
        of = await commands.of_outlet(asked, str(caller.uscc), tx) if caller.role == "platform" else asked
        return await commands.report(of, reporter, form.kin, contents, by, tx)

    claim = await transact(work)
    await access.write_down(claim, caller, "text")
    set_etag(response, claim.revision)
    response.headers["Location"] = f"/v1/claims/{claim.id}"
    return views.detail(claim, caller)


def _asked(caller: Caller, form: ReportForm) -> Report:
    worker_id = caller.worker_id if caller.role == "worker" else form.worker_id
    if caller.role == "platform" and (worker_id is None or form.kin is not None):
        raise RuleBroken("worker-unnamed", "请提供劳动者编号", "name the worker by worker_id, and no kin")
    if caller.role != "worker" and worker_id is None and not (form.platform and form.worker_ref):
        raise RuleBroken(
            "worker-unnamed",
            "请提供劳动者编号，或平台及其人员编号",
            "name the worker, or the platform and its worker_ref",
        )
    if caller.role == "officer" and not caller.reaches(form.district):
        raise Forbidden("只能登记本辖区的事故", "an officer records accidents of the own district")
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


class PhotoView(BaseModel):
    """A photo of `size` bytes. `paper`: the code of the paper it shows, null for a photo of the accident."""

    photo_id: str
    claim_id: str
    media_type: str
    size: int
    paper: str | None
    created_at: dt.datetime


class OtherClaim(BaseModel):
    """The other of two claims that seem to be about one accident."""

    claim_id: str = Field(max_length=64)


@router.post("/claims/{claim_id}/photos", status_code=status.HTTP_201_CREATED, max_body_size=photos.LARGEST_REQUEST)
async def add_photos(
    claim_id: str,
    caller: access.Party,
    seen: RevisionSeen,
    response: Response,
    files: Annotated[list[UploadFile], File(description="at most 6 JPEG or PNG files of at most 4 MB each")],
    paper: Annotated[
        str | None, Form(max_length=50, description="the paper that they show, which is handed in")
    ] = None,
) -> ClaimDetail:
    """Add photos as `multipart/form-data`, of the accident or of a paper, which counts as handed in with them."""
    by = access.by_of(caller)
    contents = [await file.read() for file in files]

    async def work(tx: Transaction) -> Claim:
        claim = await access.find(claim_id, caller, tx)
        require_revision(seen, claim.revision)
        access.require_unit(claim, caller)
        await photos.store(claim, contents, paper, by.role, tx)
        procedure.give_papers(claim, [paper] if paper else [], by, tx)
        return await claim.put(tx)

    claim = await transact(work)
    return await answer(claim, caller, response)


@router.get("/claims/{claim_id}/photos")
async def list_photos(claim_id: str, caller: access.Reader) -> list[PhotoView]:
    """The photos of a claim, and of those merged into it; not for platforms."""
    claim = await _readable(claim_id, caller)
    return [
        PhotoView(photo_id=photo.id, **photo.model_dump(include=set(PhotoView.model_fields)))
        for photo in await photos.of_claim(claim)
    ]


@router.get("/claims/{claim_id}/photos/{photo_id}", responses={200: {"content": {"image/jpeg": {}, "image/png": {}}}})
async def read_photo(claim_id: str, photo_id: str, caller: access.Reader) -> Response:
    """One photo. That an officer or a union looks at it is recorded."""
    claim = await _readable(claim_id, caller)
    photo = next((one for one in await photos.of_claim(claim) if one.id == photo_id), None)
    if photo is None:
        raise NotFound("该照片", "the photo")
    await access.write_down(claim, caller, f"photo:{photo.id}")
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(await photos.content_of(photo), media_type=photo.media_type, headers=headers)


async def _readable(claim_id: str, caller: Caller) -> Claim:
    if not access.reads_detail(caller):
        raise Forbidden()
    return await access.find(claim_id, caller)


@router.post("/claims/{claim_id}/merger")
async def merge(
    claim_id: str, body: OtherClaim, officer: Bureau, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Let this claim go on as part of the other one, which is about the same accident; its papers and photos go with it."""
    by = access.by_of(officer)

    async def work(tx: Transaction) -> Claim:
        claim, other = await _both(claim_id, body.claim_id, officer, seen, tx)
        commands.merge(claim, other, by, tx)
        await other.put(tx)
        return await claim.put(tx)

    return await answer(await transact(work), officer, response)


@router.post("/claims/{claim_id}/separation")
async def keep_apart(
    claim_id: str, body: OtherClaim, officer: Bureau, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Find that both are about different accidents: they are not linked again."""
    by = access.by_of(officer)

    async def work(tx: Transaction) -> Claim:
        claim, other = await _both(claim_id, body.claim_id, officer, seen, tx)
        commands.keep_apart(claim, other, by)
        await other.put(tx)
        return await claim.put(tx)

    return await answer(await transact(work), officer, response)


async def _both(claim_id: str, other_id: str, officer: Caller, seen: int, tx: Transaction) -> tuple[Claim, Claim]:
    claim = await access.find(claim_id, officer, tx)
    require_revision(seen, claim.revision)
    return claim, await access.find(other_id, officer, tx)
