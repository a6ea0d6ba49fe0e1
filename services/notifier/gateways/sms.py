"""The SMS gateway: Aliyun's Dysmsapi 2017-05-25.

Parameters go as a form, so that no phone number stands in an address. The gateway does not know a message again that it
is given twice: whoever is unsure asks `find` first.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

import httpx2

from services.notifier.gateways.connection import request
from services.notifier.gateways.rules import Accepted, Refused, signed_headers
from shared import clock
from shared.messaging.timers import TryAgain

VERSION = "2017-05-25"
PAGE = 50
PAGES = 4
"""Pages of messages to one number on one day that are looked through."""
LIMIT_SECONDS = 60.0
"""How long to wait where the number has had its messages of this minute, hour or day."""

REFUSALS = frozenset(
    {
        "isv.BLACK_KEY_CONTROL_LIMIT",
        "isv.INVALID_JSON_PARAM",
        "isv.INVALID_PARAMETERS",
        "isv.MOBILE_NUMBER_ILLEGAL",
        "isv.PARAM_LENGTH_LIMIT",
        "isv.PARAM_NOT_SUPPORT_URL",
        "isv.SMS_CONTENT_ILLEGAL",
        "isv.SMS_SIGNATURE_ILLEGAL",
        "isv.SMS_TEMPLATE_ILLEGAL",
        "isv.TEMPLATE_MISSING_PARAMETERS",
        "isv.TEMPLATE_PARAMS_ILLEGAL",
    }
)
"""Codes that say that this message can never be sent. Any other comes from the account or the hour, and passes."""
LIMITS = frozenset({"isv.BUSINESS_LIMIT_CONTROL", "isv.DAY_LIMIT_CONTROL", "isv.MONTH_LIMIT_CONTROL"})


class SmsGateway:
    """The gateway at `url` (its root), called with an access key."""

    def __init__(self, client: httpx2.AsyncClient, url: str, key_id: str, secret: str, signature: str) -> None:
        self._client, self._url = client, httpx2.URL(url).join("/")
        self._key_id, self._secret, self._signature = key_id, secret, signature
        self._host = self._url.netloc.decode()

    async def send(self, phone: str, template: str, params: Mapping[str, str], out_id: str) -> Accepted | Refused:
        """Give the gateway one message for one number; raises `TryAgain`."""
        answer = await self._call(
            "SendSms",
            PhoneNumbers=phone,
            SignName=self._signature,
            TemplateCode=template,
            TemplateParam=json.dumps(dict(params), ensure_ascii=False),
            OutId=out_id,
        )
        code = str(answer.get("Code"))
        if code == "OK":
            return Accepted(gateway_id=answer.get("BizId"))
        if code in REFUSALS:
            return Refused(code)
        raise TryAgain(f"the gateway says {code}", LIMIT_SECONDS if code in LIMITS else 0.0)

    async def find(self, phone: str, out_id: str, days: Iterable[date]) -> Accepted | None:
        """The message of that id to that number if the gateway has it, looked for on these days (Asia/Shanghai)."""
        for day in days:
            for page in range(1, PAGES + 1):
                details = await self._details(phone, day, page)
                for detail in details:
                    if detail.get("OutId") == out_id:
                        return _accepted(detail)
                if len(details) < PAGE:
                    break
        return None

    async def _details(self, phone: str, day: date, page: int) -> list[dict[str, Any]]:
        answer = await self._call(
            "QuerySendDetails",
            PhoneNumber=phone,
            SendDate=day.strftime("%Y%m%d"),
            PageSize=str(PAGE),
            CurrentPage=str(page),
        )
        if answer.get("Code") != "OK":
            raise TryAgain(f"the gateway says {answer.get('Code')}")
        details: list[dict[str, Any]] = answer["SmsSendDetailDTOs"]["SmsSendDetailDTO"]
        return details

    async def _call(self, action: str, **parameters: str) -> dict[str, Any]:
        body = urlencode(parameters).encode()
        headers = signed_headers(
            self._key_id,
            self._secret,
            host=self._host,
            action=action,
            version=VERSION,
            body=body,
            nonce=uuid.uuid4().hex,
            at=clock.now(),
        )
        response = await request(self._client, f"sms {action}", "POST", str(self._url), headers, content=body)
        try:
            answer = response.json()
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise TryAgain(f"the gateway's answer of status {response.status_code} cannot be read")
        return answer


def _accepted(detail: Mapping[str, Any]) -> Accepted:
    match detail.get("SendStatus"):
        case 3:
            return Accepted("arrived")
        case 2:
            return Accepted("lost", reason=str(detail.get("ErrCode"))[:64])
        case _:
            return Accepted()
