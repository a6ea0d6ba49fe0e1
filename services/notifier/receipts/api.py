"""Receipts over HTTP. No token of a caller is needed: they are signed as Standard Webhooks, or, from Tencent Cloud, which signs
nothing, brought to an address that holds a secret."""

from __future__ import annotations

import hmac
from functools import partial
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from standardwebhooks import WebhookVerificationError

from services.notifier.gateways.commands import gateways
from services.notifier.notices.rows import Channel
from services.notifier.providers.commands import opened
from services.notifier.receipts import commands, figures
from services.notifier.receipts.commands import Receipt, Report
from services.notifier.receipts.rules import Patience
from services.notifier.receipts.views import LateReceipts, ReceiptStatistics
from shared import clock
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.storage.transaction import transact
from shared.web.auth import unauthenticated
from shared.web.problems import Problem
from shared.web.scope import CityOfficer

router = APIRouter(prefix="/v1", tags=["receipts 回执"])

STORED_AT_ONCE = 100
LONGEST_CODE = 64
SHOWN = 20
"""Places of unreadable items that an answer names at most."""
BATCH = TypeAdapter(list[Any])


class SmsReceipt(BaseModel):
    """One item of Aliyun's SmsReport, as far as it is needed."""

    out_id: str | None = None
    biz_id: str | None = None
    success: bool
    err_code: str | None = None


class TencentReport(BaseModel):
    """One item of Tencent's status report, as far as it is needed."""

    sid: str = Field(max_length=128)
    report_status: Literal["SUCCESS", "FAIL"]
    errmsg: str | None = None


class PushReceipt(BaseModel):
    message_id: str = Field(max_length=128)
    success: bool
    err_code: str | None = None


R = TypeVar("R", bound=BaseModel)


@router.post("/sms-receipts")
async def accept_sms_receipts(request: Request) -> dict[str, object]:
    """Accept a batch of SMS receipts, a JSON array in the shape of Aliyun's SmsReport."""
    batch, bad = await _verified(request, SmsReceipt)
    receipts = [
        Receipt(item.out_id, item.success, _code(item.err_code), "aliyun", item.biz_id) for item in batch if item.out_id
    ]
    await _store("sms", receipts)
    _refuse(bad)
    return {"code": 0, "msg": "接收成功"}


@router.post("/sms-receipts/tencent/{token}")
async def accept_tencent_reports(
    request: Request, token: Annotated[str, Path(max_length=256, description="the secret of the address")]
) -> dict[str, object]:
    """Accept a batch of status reports, a JSON array in Tencent's shape, at the address that holds the secret
    `TENCENT_SMS_RECEIPT_TOKEN`."""
    expected = opened().receipt_token
    if expected is None or not hmac.compare_digest(token.encode(), expected.encode()):
        raise unauthenticated("回执地址无效", "the address of the receipts is not the right one")
    batch, bad = _read(await request.body(), TencentReport)
    reports = [Report(item.sid, item.report_status == "SUCCESS", _code(item.errmsg)) for item in batch]
    for start in range(0, len(reports), STORED_AT_ONCE):
        await transact(partial(commands.store_reports, reports[start : start + STORED_AT_ONCE]))
    _refuse(bad)
    return {"result": 0, "errmsg": "OK"}


@router.post("/push-receipts", status_code=204)
async def accept_push_receipts(request: Request) -> Response:
    """Accept a batch of push receipts, a JSON array of {message_id, success, err_code, at}."""
    batch, bad = await _verified(request, PushReceipt)
    await _store("push", [Receipt(item.message_id, item.success, _code(item.err_code)) for item in batch])
    _refuse(bad)
    return Response(status_code=204)


@router.get("/statistics/receipts")
async def read_receipts(_: CityOfficer) -> ReceiptStatistics:
    """How many messages have no receipt: of those their gateway is asked, until an end."""
    law = parameters.on(shanghai_date(clock.now()))
    Patience.of(law)
    gateways = [LateReceipts.model_validate(row) for row in await figures.by_gateway()]
    return ReceiptStatistics(gateways=gateways, used=list(law.used))


async def _store(channel: Channel, receipts: list[Receipt]) -> None:
    for start in range(0, len(receipts), STORED_AT_ONCE):
        some = receipts[start : start + STORED_AT_ONCE]
        await transact(partial(commands.store_receipts, channel, some))


async def _verified(request: Request, kind: type[R]) -> tuple[list[R], list[int]]:
    """The batch as `_read` reads it, if its signature holds over the very bytes that came; raises a 401 or 422 problem."""
    body = await request.body()
    try:
        gateways().receipts.verify(body, dict(request.headers), json_parse=False)
    except (WebhookVerificationError, ValueError):  # the library lets malformed headers and bytes through as ValueError
        raise unauthenticated("回执签名无效", "the receipts are not signed by the gateway") from None
    return _read(body, kind)


def _read(body: bytes, kind: type[R]) -> tuple[list[R], list[int]]:
    """The batch in a body, and the places of what cannot be read: that keeps the others out of nothing. Raises a 422 problem where it
    is no batch."""
    try:
        batch = BATCH.validate_json(body)
    except ValidationError:
        raise _unreadable(["body"]) from None
    good: list[R] = []
    bad: list[int] = []
    for place, item in enumerate(batch):
        try:
            good.append(kind.model_validate(item))
        except ValidationError:
            bad.append(place)
    return good, bad


def _refuse(bad: list[int]) -> None:
    """Raise a 422 problem where some of a batch could not be read, whose others are stored: it may come again, and does no harm."""
    if bad:
        raise _unreadable([str(place) for place in bad[:SHOWN]])


def _unreadable(at: list[str]) -> Problem:
    return Problem(422, "invalid-request", "请求内容不符合要求", "the request is not valid", errors=at)


def _code(said: str | None) -> str:
    return (said or "")[:LONGEST_CODE]
