"""The stand-in for Alibaba Cloud's SMS service, Dysmsapi 2017-05-25.

`POST /` with `Action` (or the header `x-acs-action`) `SendSms` or `QuerySendDetails`, parameters in the query or as a
form, signed ACS3-HMAC-SHA256. Like the real one it does not know a message again: who sends twice has sent twice.
"""

import json
import re
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from deploy.sandbox import acs3
from deploy.sandbox.common import Sandbox
from deploy.sandbox.memory import Memory
from deploy.sandbox.messages import DELIVERED, FAILED, SHANGHAI, WAITING, Messages, Refused, Sms, filled, joined, parts
from deploy.sandbox.receipts import Receipts

MOBILE = re.compile(r"(\+?86)?1[3-9]\d{9}")
NAME = "aliyun"


class Aliyun:
    """The answers to the two actions; `keys` are secrets by access key id."""

    def __init__(self, sandbox: Sandbox, receipts: Receipts, messages: Messages, keys: Mapping[str, str]) -> None:
        self.sandbox, self.receipts, self.messages, self.keys = sandbox, receipts, messages, keys
        self.nonces = Memory[bool]()

    async def action(self, request: Request) -> Response:
        """Answer one call."""
        body, query = await request.body(), request.query_params.multi_items()
        request_id = str(uuid.uuid4()).upper()
        try:
            acs3.check(self.keys, "POST", "/", query, request.headers, body)
            nonce = request.headers["x-acs-signature-nonce"]
            if self.nonces.get(nonce):
                raise acs3.SignatureError("SignatureNonceUsed", "this nonce was used before")
            self.nonces.put(nonce, True)
        except acs3.SignatureError as error:
            self.sandbox.counts["unsigned"] += 1
            return JSONResponse({"Code": error.code, "Message": str(error), "RequestId": request_id}, status_code=400)
        given = dict(query) | dict(parse_qsl(body.decode()))
        name = given.get("Action") or request.headers["x-acs-action"]
        try:
            if self.sandbox.take("code_next"):
                raise Refused(self.sandbox.behaviour.code, "as told")
            match name:
                case "SendSms":
                    answer = self._send(given)
                case "QuerySendDetails":
                    answer = self._details(given)
                case _:
                    return JSONResponse({"Code": "InvalidAction.NotFound", "RequestId": request_id}, status_code=404)
        except Refused as error:
            self.sandbox.counts["refused"] += 1
            return JSONResponse({"Code": error.code, "Message": str(error), "RequestId": request_id})
        return JSONResponse({"Code": "OK", "Message": "OK", "RequestId": request_id} | answer)

    def _send(self, given: Mapping[str, str]) -> dict[str, Any]:
        phone = given.get("PhoneNumbers", "")
        if not MOBILE.fullmatch(phone):
            raise Refused("isv.MOBILE_NUMBER_ILLEGAL", "非法手机号")
        if not given.get("SignName"):
            raise Refused("isv.SMS_SIGNATURE_ILLEGAL", "短信签名不合法")
        try:
            parameters = {str(k): str(v) for k, v in json.loads(given.get("TemplateParam") or "{}").items()}
        except (ValueError, AttributeError):
            raise Refused("isv.INVALID_JSON_PARAM", "JSON参数不合法，只接受字符串值") from None
        template = given.get("TemplateCode", "")
        sms = Sms(
            provider=NAME,
            phone=phone[-11:],
            text=self._text(given["SignName"], template, parameters),
            template=template,
            out_id=given.get("OutId", ""),
            number=f"{uuid.uuid4().int % 10**18}^0",
            forgotten=self.sandbox.take("forget_next"),
        )
        self.messages.take(sms)
        self.sandbox.counts["messages"] += 1
        self._report(sms)
        return {"BizId": sms.number}

    def _text(self, sign: str, code: str, parameters: Mapping[str, str]) -> str:
        templates = self.messages.templates
        if templates is None:
            return joined(sign, code, parameters.values())
        if code not in templates:
            raise Refused("isv.SMS_TEMPLATE_ILLEGAL", "短信模版不合法")
        try:
            return filled(sign, templates[code], parameters)
        except KeyError:
            raise Refused("isv.TEMPLATE_MISSING_PARAMETERS", "模版缺少变量") from None

    def _report(self, sms: Sms) -> None:
        failed = self.sandbox.take("refuse_next")
        sms.status = FAILED if failed else DELIVERED
        sms.reported_at = datetime.now(SHANGHAI) + timedelta(milliseconds=self.sandbox.behaviour.receipt_delay_ms)
        self.receipts.add(
            {
                "phone_number": sms.phone,
                "send_time": sms.at.strftime("%Y-%m-%d %H:%M:%S"),
                "report_time": datetime.now(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"),
                "success": not failed,
                "err_code": "MK:0001" if failed else "DELIVERED",
                "err_msg": "空号" if failed else "用户接收成功",
                "sms_size": str(parts(sms.text)),
                "biz_id": sms.number,
                "out_id": sms.out_id,
            },
            stranger={"biz_id": f"{uuid.uuid4().int % 10**18}^0", "out_id": uuid.uuid4().hex},
        )

    def _details(self, given: Mapping[str, str]) -> dict[str, Any]:
        """By BizId, OutId, PhoneNumber and SendDate, as far as given; newest first, a page at a time."""
        wanted = {"BizId": "number", "OutId": "out_id", "PhoneNumber": "phone", "SendDate": "day"}
        asked = {field: given[name] for name, field in wanted.items() if given.get(name)}
        if not asked:
            raise Refused("isv.INVALID_PARAMETERS", "参数异常")
        self.sandbox.counts["asked"] += 1
        known = [sms for sms in self.messages.of(NAME) if not sms.forgotten]
        found = [sms for sms in known if all(getattr(sms, k) == v for k, v in asked.items())]
        now = datetime.now(SHANGHAI)
        size, page = int(given.get("PageSize") or 10), int(given.get("CurrentPage") or 1)
        shown = [
            {
                "PhoneNum": sms.phone,
                "SendStatus": WAITING if sms.reported_at is None or sms.reported_at > now else sms.status,
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
