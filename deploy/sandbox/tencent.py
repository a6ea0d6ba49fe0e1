"""The stand-in for Tencent Cloud's SMS service, 2021-01-11.

`POST` with the header `X-TC-Action` `SendSms` or `PullSmsSendStatusByPhoneNumber` and JSON, signed TC3-HMAC-SHA256. Of a
message it says nothing before its report is made, and a report names a message by Tencent's own number alone, unless it is
pulled. Reports are not signed.
"""

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from deploy.sandbox import tc3
from deploy.sandbox.common import Sandbox
from deploy.sandbox.messages import DELIVERED, FAILED, SHANGHAI, Messages, Refused, Sms, filled, joined, places
from deploy.sandbox.receipts import Receipts

MOBILE = re.compile(r"\+861[3-9]\d{9}")
NAME = "tencent"


class Tencent:
    """The answers to the two actions; `keys` are secret keys by secret id, `codes` our templates by Tencent's number."""

    def __init__(
        self,
        sandbox: Sandbox,
        receipts: Receipts,
        messages: Messages,
        keys: Mapping[str, str],
        app_id: str,
        codes: Mapping[str, str],
    ) -> None:
        self.sandbox, self.receipts, self.messages = sandbox, receipts, messages
        self.keys, self.app_id, self.codes = keys, app_id, codes

    async def action(self, request: Request) -> Response:
        """Answer one call; like the real one with status 200 whatever it says."""
        body = await request.body()
        try:
            tc3.check(self.keys, request.headers, body)
            given = json.loads(body)
            if given.get("SmsSdkAppId") != self.app_id:
                raise Refused("UnauthorizedOperation.SmsSdkAppIdVerifyFail", "SmsSdkAppId is not of this account")
            if self.sandbox.take("code_next"):
                raise Refused(self.sandbox.behaviour.code, "as told")
            match request.headers.get("x-tc-action"):
                case "SendSms":
                    answer = self._send(given)
                case "PullSmsSendStatusByPhoneNumber":
                    answer = self._pull(given)
                case _:
                    raise Refused("InvalidAction", "the action is not known")
        except tc3.SignatureError as error:
            self.sandbox.counts["unsigned"] += 1
            answer = {"Error": {"Code": error.code, "Message": str(error)}}
        except Refused as error:
            self.sandbox.counts["refused"] += 1
            answer = {"Error": {"Code": error.code, "Message": str(error)}}
        return JSONResponse({"Response": answer | {"RequestId": str(uuid.uuid4())}})

    def _send(self, given: Mapping[str, Any]) -> dict[str, Any]:
        [phone] = given["PhoneNumberSet"]
        context = given.get("SessionContext", "")
        status = {"PhoneNumber": phone, "SessionContext": context, "IsoCode": "CN", "SerialNo": "", "Fee": 0}
        try:
            sms = self._taken(phone, context, given)
        except Refused as error:
            self.sandbox.counts["refused"] += 1
            return {"SendStatusSet": [status | {"Code": error.code, "Message": str(error)}]}
        taken = {"Code": "Ok", "Message": "send success", "SerialNo": sms.number, "Fee": 1}
        return {"SendStatusSet": [status | taken]}

    def _taken(self, phone: str, context: str, given: Mapping[str, Any]) -> Sms:
        if not MOBILE.fullmatch(phone):
            raise Refused("InvalidParameterValue.IncorrectPhoneNumber", "手机号格式错误")
        number = str(given.get("TemplateId", ""))
        sms = Sms(
            provider=NAME,
            phone=phone[-11:],
            text=self._text(str(given.get("SignName", "")), number, given.get("TemplateParamSet") or []),
            template=self.codes.get(number, number),
            out_id=context,
            number=f"{uuid.uuid4().int % 10**6}:{uuid.uuid4().int % 10**18}",
            forgotten=self.sandbox.take("forget_next"),
        )
        self.messages.take(sms)
        self.sandbox.counts["messages"] += 1
        self._report(sms)
        return sms

    def _text(self, sign: str, number: str, parameters: Sequence[str]) -> str:
        templates, code = self.messages.templates, self.codes.get(number)
        if code is None or (templates is not None and code not in templates):
            raise Refused("FailedOperation.TemplateUnapprovedOrNotExist", "模板未审批或不存在")
        if templates is None:
            return joined(sign, code, parameters)
        names = places(templates[code])
        if len(names) != len(parameters):
            raise Refused(
                "FailedOperation.TemplateParamSetNotMatchApprovedTemplate", "请求内容与审核通过的模板内容不匹配"
            )
        return filled(sign, templates[code], dict(zip(names, parameters, strict=True)))

    def _report(self, sms: Sms) -> None:
        failed = self.sandbox.take("refuse_next")
        sms.status = FAILED if failed else DELIVERED
        sms.reported_at = datetime.now(SHANGHAI) + timedelta(milliseconds=self.sandbox.behaviour.receipt_delay_ms)
        self.receipts.add(
            {
                "user_receive_time": sms.reported_at.strftime("%Y-%m-%d %H:%M:%S"),
                "nationcode": "86",
                "mobile": sms.phone,
                "report_status": "FAIL" if failed else "SUCCESS",
                "errmsg": "MK:0001" if failed else "DELIVRD",
                "description": "空号" if failed else "用户短信送达成功",
                "sid": sms.number,
            },
            stranger={"sid": f"{uuid.uuid4().int % 10**6}:{uuid.uuid4().int % 10**18}"},
        )

    def _pull(self, given: Mapping[str, Any]) -> dict[str, Any]:
        begin, end, phone = int(given["BeginTime"]), int(given["EndTime"]), str(given["PhoneNumber"])[-11:]
        self.sandbox.counts["asked"] += 1
        now = datetime.now(SHANGHAI)
        found = [
            {
                "UserReceiveTime": int(sms.reported_at.timestamp()),
                "CountryCode": "86",
                "SubscriberNumber": sms.phone,
                "PhoneNumber": f"+86{sms.phone}",
                "SerialNo": sms.number,
                "ReportStatus": "FAIL" if sms.status == FAILED else "SUCCESS",
                "Description": "MK:0001" if sms.status == FAILED else "DELIVRD",
                "SessionContext": sms.out_id,
            }
            for sms in self.messages.of(NAME)
            if sms.phone == phone and not sms.forgotten and sms.reported_at is not None and sms.reported_at <= now
            if begin <= sms.at.timestamp() <= end + 1
        ]
        return {"PullSmsSendStatusSet": found[: int(given["Limit"])]}
