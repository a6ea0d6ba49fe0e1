"""A stand-in for the SMS gateway, in the shape of Aliyun's Dysmsapi 2017-05-25. Port 8102.

`POST /` with `Action` (or the header `x-acs-action`) `SendSms` or `QuerySendDetails`, parameters in the query or as a
form, signed ACS3-HMAC-SHA256 with SMS_ACCESS_KEY_ID and SMS_ACCESS_KEY_SECRET. Like the real one it does not know a
message again: who sends twice has sent twice. Receipts go to RECEIPT_URL. A person reads the messages at `/`, a test
at `GET /sandbox/messages?phone=`.
"""

import json
import math
import os
import re
import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import yaml
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from deploy.sandbox import acs3
from deploy.sandbox.common import Memory, Sandbox, serve
from deploy.sandbox.inbox import inbox
from deploy.sandbox.receipts import Receipts
from shared.settings import secret

PORT = 8102
RECEIPT_URL = "http://127.0.0.1:8005/v1/sms-receipts"
SHANGHAI = ZoneInfo("Asia/Shanghai")
MOBILE = re.compile(r"(\+?86)?1[3-9]\d{9}")
WAITING, FAILED, DELIVERED = 1, 2, 3


class Refused(ValueError):
    """A request that the gateway answers with a code other than OK."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass
class Sms:
    """One message that the gateway took."""

    phone: str
    text: str
    template: str
    out_id: str
    biz_id: str
    at: datetime
    status: int = WAITING

    @property
    def day(self) -> str:
        """The day on which it was taken, as `SendDate` names it."""
        return self.at.strftime("%Y%m%d")

    def shown(self) -> dict[str, Any]:
        """For the inbox and for tests."""
        return {
            "at": self.at.isoformat(),
            "phone": self.phone,
            "text": self.text,
            "template": self.template,
            "out_id": self.out_id,
            "biz_id": self.biz_id,
            "status": self.status,
        }


def load_templates(folder: Path) -> dict[str, str] | None:
    """Template texts by code, with `${name}` where a parameter goes, from the rows of a folder; None where there is none."""
    if not folder.is_dir():
        return None
    rows = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.yaml"))]
    by_code = {code: row for file in rows for code, row in file.items() if isinstance(row, dict)}
    several = {f"{code}_several": row["several"] for code, row in by_code.items() if "several" in row}
    return {code: row["text"] for code, row in by_code.items()} | several


def compose(templates: dict[str, str] | None, sign: str, code: str, parameters: dict[str, str]) -> str:
    """The text that the phone shows.

    Raises:
        Refused: the template is not known, or one of its parameters is missing.
    """
    if templates is None:
        return f"【{sign}】{code} {json.dumps(parameters, ensure_ascii=False)}"
    if code not in templates:
        raise Refused("isv.SMS_TEMPLATE_ILLEGAL", "短信模版不合法")
    try:
        return f"【{sign}】{Template(templates[code]).substitute(parameters)}"
    except KeyError:
        raise Refused("isv.TEMPLATE_MISSING_PARAMETERS", "模版缺少变量") from None


def parts(text: str) -> int:
    """How many messages a text is charged as: one up to 70 characters, otherwise one per 67."""
    return 1 if len(text) <= 70 else math.ceil(len(text) / 67)


class Gateway:
    """The messages that were taken, and the answers to the two actions."""

    def __init__(self, sandbox: Sandbox, receipts: Receipts, templates: dict[str, str] | None) -> None:
        self.sandbox, self.receipts, self.templates = sandbox, receipts, templates
        self.messages = Memory[Sms]()

    def send(self, given: dict[str, str]) -> dict[str, Any]:
        """SendSms: take the message for one phone."""
        phone = given.get("PhoneNumbers", "")
        if not MOBILE.fullmatch(phone):
            raise Refused("isv.MOBILE_NUMBER_ILLEGAL", "非法手机号")
        if not given.get("SignName"):
            raise Refused("isv.SMS_SIGNATURE_ILLEGAL", "短信签名不合法")
        try:
            parameters = {str(k): str(v) for k, v in json.loads(given.get("TemplateParam") or "{}").items()}
        except (ValueError, AttributeError):
            raise Refused("isv.INVALID_JSON_PARAM", "JSON参数不合法，只接受字符串值") from None
        text = compose(self.templates, given["SignName"], given.get("TemplateCode", ""), parameters)
        sms = Sms(
            phone=phone[-11:],
            text=text,
            template=given.get("TemplateCode", ""),
            out_id=given.get("OutId", ""),
            biz_id=f"{uuid.uuid4().int % 10**18}^0",
            at=datetime.now(SHANGHAI),
        )
        self.messages.put(sms.biz_id, sms)
        self.sandbox.counts["messages"] += 1
        self._report(sms)
        return {"BizId": sms.biz_id}

    def _report(self, sms: Sms) -> None:
        failed = self.sandbox.take("refuse_next")
        sms.status = FAILED if failed else DELIVERED
        now = datetime.now(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
        self.receipts.add(
            {
                "phone_number": sms.phone,
                "send_time": sms.at.strftime("%Y-%m-%d %H:%M:%S"),
                "report_time": now,
                "success": not failed,
                "err_code": "MK:0001" if failed else "DELIVERED",
                "err_msg": "空号" if failed else "用户接收成功",
                "sms_size": str(parts(sms.text)),
                "biz_id": sms.biz_id,
                "out_id": sms.out_id,
            }
        )

    def details(self, given: dict[str, str]) -> dict[str, Any]:
        """QuerySendDetails: by BizId, OutId, PhoneNumber and SendDate, as far as given; newest first, a page at a time."""
        wanted = {"BizId": "biz_id", "OutId": "out_id", "PhoneNumber": "phone", "SendDate": "day"}
        asked = {field: given[name] for name, field in wanted.items() if given.get(name)}
        if not asked:
            raise Refused("isv.INVALID_PARAMETERS", "参数异常")
        found = [
            m for m in reversed(self.messages.entries.values()) if all(getattr(m, k) == v for k, v in asked.items())
        ]
        size, page = int(given.get("PageSize") or 10), int(given.get("CurrentPage") or 1)
        shown = [
            {
                "PhoneNum": sms.phone,
                "SendStatus": sms.status,
                "ErrCode": "MK:0001" if sms.status == FAILED else "DELIVERED",
                "TemplateCode": sms.template,
                "Content": sms.text,
                "SendDate": sms.at.strftime("%Y-%m-%d %H:%M:%S"),
                "ReceiveDate": sms.at.strftime("%Y-%m-%d %H:%M:%S"),
                "OutId": sms.out_id,
            }
            for sms in found[(page - 1) * size : page * size]
        ]
        return {"TotalCount": str(len(found)), "SmsSendDetailDTOs": {"SmsSendDetailDTO": shown}}


def make_app(keys: dict[str, str], receipt_url: str, receipt_secret: str, templates: Path) -> ASGIApp:
    """The application; `keys` are secrets by access key id."""
    sandbox = Sandbox()
    receipts = Receipts(sandbox, receipt_url, receipt_secret)
    gateway = Gateway(sandbox, receipts, load_templates(templates))
    nonces = Memory[bool]()

    async def action(request: Request) -> Response:
        body, query = await request.body(), request.query_params.multi_items()
        request_id = str(uuid.uuid4()).upper()
        try:
            acs3.check(keys, "POST", "/", query, request.headers, body)
            nonce = request.headers["x-acs-signature-nonce"]
            if nonces.get(nonce):
                raise acs3.SignatureError("SignatureNonceUsed", "this nonce was used before")
            nonces.put(nonce, True)
        except acs3.SignatureError as error:
            sandbox.counts["unsigned"] += 1
            return JSONResponse({"Code": error.code, "Message": str(error), "RequestId": request_id}, status_code=400)
        given = dict(query) | dict(parse_qsl(body.decode()))
        name = given.get("Action") or request.headers["x-acs-action"]
        try:
            match name:
                case "SendSms":
                    answer = gateway.send(given)
                case "QuerySendDetails":
                    answer = gateway.details(given)
                case _:
                    return JSONResponse({"Code": "InvalidAction.NotFound", "RequestId": request_id}, status_code=404)
        except Refused as error:
            sandbox.counts["refused"] += 1
            return JSONResponse({"Code": error.code, "Message": str(error), "RequestId": request_id})
        return JSONResponse({"Code": "OK", "Message": "OK", "RequestId": request_id} | answer)

    async def messages(request: Request) -> Response:
        phone = request.query_params.get("phone")
        return JSONResponse([m.shown() for m in gateway.messages.entries.values() if phone in (None, m.phone)])

    async def page(request: Request) -> Response:
        shown = [m.shown() for m in gateway.messages.entries.values()]
        return inbox("短信收件箱 · SMS inbox", ("at", "phone", "text", "template"), shown)

    return sandbox.app(
        [
            Route("/", action, methods=["POST"]),
            Route("/", page),
            Route("/sandbox/messages", messages),
        ],
        lifespan=receipts.running,
    )


if __name__ == "__main__":
    serve(
        make_app(
            {os.environ["SMS_ACCESS_KEY_ID"]: secret(os.environ, "SMS_ACCESS_KEY_SECRET")},
            os.environ.get("RECEIPT_URL", RECEIPT_URL),
            secret(os.environ, "RECEIPT_SECRET"),
            Path(os.environ.get("SMS_TEMPLATES", "services/notifier/notices")),
        ),
        PORT,
    )
