"""Alibaba Cloud: Dysmsapi 2017-05-25. Parameters go as a form, so that no phone number stands in an address."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

import httpx2

from services.notifier.gateways.connection import NotTaken, Unsure, request
from services.notifier.gateways.rules import Accepted, Refused, weightier
from services.notifier.providers.rules import APART, CannotSay, Name, Sent, Sms, acs3_headers, days_between
from shared import clock
from shared.messaging.timers import TryAgain

VERSION = "2017-05-25"
PAGE = 50
PAGES = 4
"""Pages of messages to one number on one day that are looked through."""
REACHES_BACK = timedelta(days=30)
"""How old messages may be that it still tells of."""
LONGEST = 128
"""Characters of a number of its own that are kept."""
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
BROKEN = "isp."
"""How the codes begin of faults on the provider's own side, after which the message may be with it all the same."""


class Aliyun:
    """The service at `url` (its root), called with an access key."""

    name: Final[Name] = "aliyun"
    templates: Final = None  # by its code, whichever that is: a broadcast's too

    def __init__(self, client: httpx2.AsyncClient, url: str, key_id: str, secret: str, signature: str) -> None:
        self._client, self._url = client, httpx2.URL(url).join("/")
        self._key_id, self._secret, self._signature = key_id, secret, signature
        self._host = self._url.netloc.decode()

    async def send(self, sms: Sms) -> Accepted | Refused:
        answer = await self._call(
            "SendSms",
            PhoneNumbers=sms.phone,
            SignName=self._signature,
            TemplateCode=sms.template,
            TemplateParam=json.dumps(dict(sms.params), ensure_ascii=False),
            OutId=sms.delivery_id,
        )
        code = str(answer.get("Code"))
        if code == "OK":
            return Accepted(gateway_id=str(answer.get("BizId") or "")[:LONGEST] or None)
        if code in REFUSALS:
            return Refused(code)
        if code in LIMITS:
            raise TryAgain(f"the provider says {code}", LIMIT_SECONDS)
        raise (Unsure if code.startswith(BROKEN) else NotTaken)(f"the provider says {code}")

    async def find(self, sms: Sms) -> Accepted | None:
        """Look through what went to the number on the days since it was first asked (Asia/Shanghai)."""
        for day in days_between(sms.asked_at, clock.now()):
            for page in range(1, PAGES + 1):
                details = await self._details(sms.phone, day, page)
                if found := _said_of({sms.delivery_id}, details):
                    return found[sms.delivery_id]
                if len(details) < PAGE:
                    break
            else:
                raise CannotSay("more messages went to the number than are looked through")
        return None

    async def find_lost(self, sms: Sms, until: datetime) -> Accepted | None:
        return await self.find(sms)

    async def ask(self, phone: str, sent: Sequence[Sent]) -> Mapping[str, Accepted]:
        """Look through what went to the number on the days on which these did: a page shows up to 50 of them."""
        told: dict[str, Accepted] = {}
        ours, now = {one.delivery_id for one in sent}, clock.now()
        days = {
            day
            for one in sent
            for day in days_between(max(one.offered_at - APART, now - REACHES_BACK), min(one.sent_at + APART, now))
        }
        for day in sorted(days):
            for page in range(1, PAGES + 1):
                details = await self._details(phone, day, page)
                for id_, said in _said_of(ours, details).items():
                    told[id_] = weightier(told.get(id_), said)
                if len(details) < PAGE or told.keys() == ours:
                    break
        return told

    async def _details(self, phone: str, day: date, page: int) -> list[dict[str, Any]]:
        answer = await self._call(
            "QuerySendDetails",
            PhoneNumber=phone,
            SendDate=day.strftime("%Y%m%d"),
            PageSize=str(PAGE),
            CurrentPage=str(page),
        )
        if answer.get("Code") != "OK":
            raise Unsure(f"the provider says {answer.get('Code')}")
        shown = answer.get("SmsSendDetailDTOs")
        details = shown.get("SmsSendDetailDTO") if isinstance(shown, dict) else None
        if not isinstance(details, list) or not all(isinstance(one, dict) for one in details):
            raise Unsure("the provider's answer shows no messages")
        return details

    async def _call(self, action: str, **parameters: str) -> dict[str, Any]:
        body = urlencode(parameters).encode()
        headers = acs3_headers(
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
            raise Unsure(f"the provider's answer of status {response.status_code} cannot be read")
        return answer


def _said_of(ids: Collection[str], details: Sequence[Mapping[str, Any]]) -> dict[str, Accepted]:
    """What messages say of those of these ids, each of which may be several."""
    told: dict[str, Accepted] = {}
    for one in details:
        if (id_ := str(one.get("OutId"))) in ids:
            told[id_] = weightier(told.get(id_), _accepted(one))
    return told


def _accepted(detail: Mapping[str, Any]) -> Accepted:
    match detail.get("SendStatus"):
        case 3:
            return Accepted("arrived")
        case 2:
            return Accepted("lost", reason=str(detail.get("ErrCode"))[:64])
        case _:
            return Accepted()
