"""Receipts over HTTP, signed by the gateways as Standard Webhooks; no token is needed."""

from __future__ import annotations

from typing import TypeVar

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from standardwebhooks import WebhookVerificationError

from services.notifier.gateways.commands import gateways
from services.notifier.receipts import commands
from services.notifier.receipts.commands import Receipt
from services.notifier.recipients.rules import Channel
from shared.storage.transaction import transact
from shared.web.auth import unauthenticated
from shared.web.problems import Problem

router = APIRouter(prefix="/v1", tags=["receipts 回执"])

STORED_AT_ONCE = 100
LONGEST_CODE = 64


class SmsReceipt(BaseModel):
    """One item of Aliyun's SmsReport, as far as it is needed."""

    out_id: str = ""
    success: bool
    err_code: str = ""


class PushReceipt(BaseModel):
    message_id: str = Field(max_length=128)
    success: bool
    err_code: str = ""


R = TypeVar("R", bound=BaseModel)


@router.post("/sms-receipts")
async def accept_sms_receipts(request: Request) -> dict[str, object]:
    """Accept a batch of SMS receipts, a JSON array in the shape of Aliyun's SmsReport."""
    batch = await _verified(request, TypeAdapter(list[SmsReceipt]))
    receipts = [Receipt(item.out_id, item.success, item.err_code[:LONGEST_CODE]) for item in batch if item.out_id]
    await _store("sms", receipts)
    return {"code": 0, "msg": "接收成功"}


@router.post("/push-receipts", status_code=204)
async def accept_push_receipts(request: Request) -> Response:
    """Accept a batch of push receipts, a JSON array of {message_id, success, err_code, at}."""
    batch = await _verified(request, TypeAdapter(list[PushReceipt]))
    await _store("push", [Receipt(item.message_id, item.success, item.err_code[:LONGEST_CODE]) for item in batch])
    return Response(status_code=204)


async def _store(channel: Channel, receipts: list[Receipt]) -> None:
    for start in range(0, len(receipts), STORED_AT_ONCE):
        some = receipts[start : start + STORED_AT_ONCE]
        await transact(lambda tx, some=some: commands.store_receipts(channel, some, tx))  # type: ignore[misc]


async def _verified(request: Request, batch: TypeAdapter[list[R]]) -> list[R]:
    """The batch, if its signature holds over the very bytes that came; raises a 401 or 422 problem."""
    body = await request.body()
    try:
        gateways().receipts.verify(body, dict(request.headers), json_parse=False)
    except (WebhookVerificationError, ValueError):  # the library lets malformed headers and bytes through as ValueError
        raise unauthenticated("回执签名无效", "the receipts are not signed by the gateway") from None
    try:
        return batch.validate_json(body)
    except ValidationError as error:
        at = [".".join(str(part) for part in e["loc"]) for e in error.errors(include_input=False)]
        raise Problem(422, "invalid-request", "请求内容不符合要求", "the request is not valid", errors=at) from None
