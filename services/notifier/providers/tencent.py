"""Tencent Cloud: SMS 2021-01-11.

What became of a message is only told with its report, by PullSmsSendStatusByPhoneNumber: of one that is on its way, or never
was taken, it says nothing. So a message whose answer was lost is looked for until its report is overdue, and never given up
to another by itself. The report names our delivery (`SessionContext`) only where Tencent has switched that on for the account.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import httpx2

from services.notifier.gateways.connection import NotTaken, Unsure, request
from services.notifier.gateways.rules import Accepted, Refused, weightier
from services.notifier.providers.rules import APART, CannotSay, Name, Sent, Sms, tc3_headers
from services.notifier.settings import TencentSettings
from shared import clock
from shared.messaging.timers import TryAgain

SERVICE, VERSION = "sms", "2021-01-11"
PULLED = 100
REACHES_BACK = dt.timedelta(days=7)
"""How old a report may be that is still given out."""
OVERDUE = dt.timedelta(minutes=10)
"""After so long a report is not waited for any more."""
LONGEST = 128
"""Characters of a number of its own that are kept."""
LIMIT_SECONDS = 60.0

REFUSALS = frozenset(
    {
        "FailedOperation.ContainSensitiveWord",
        "FailedOperation.MissingSignature",
        "FailedOperation.PhoneNumberInBlacklist",
        "FailedOperation.PhoneNumberParseFail",
        "FailedOperation.SignatureIncorrectOrUnapproved",
        "FailedOperation.TemplateIdNotExist",
        "FailedOperation.TemplateIncorrectOrUnapproved",
        "FailedOperation.TemplateParamSetNotMatchApprovedTemplate",
        "FailedOperation.TemplateUnapprovedOrNotExist",
        "InvalidParameter.DirtyWordFound",
        "InvalidParameterValue.ContentLengthLimit",
        "InvalidParameterValue.IncorrectPhoneNumber",
        "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter",
        "InvalidParameterValue.TemplateParameterFormatError",
        "InvalidParameterValue.TemplateParameterLengthLimit",
    }
)
"""Codes that say that this message can never be sent. Any other comes from the account or the hour, and passes."""
LIMITS = "LimitExceeded.PhoneNumber"
"""How the codes begin that say that the number has had its messages of this half minute, hour or day."""
BROKEN = "InternalError"
"""How the codes begin of faults on the provider's own side, after which the message may be with it all the same."""


class Tencent:
    """The service, called with an account. `places`: the names of each template's places, in the order of its text."""

    name: Final[Name] = "tencent"

    def __init__(
        self,
        client: httpx2.AsyncClient,
        account: TencentSettings,
        signature: str,
        places: Mapping[str, Sequence[str]],
    ) -> None:
        self._client, self._account, self._signature, self._places = client, account, signature, places
        self._host = httpx2.URL(account.url).netloc.decode()
        self.templates: Collection[str] | None = (
            account.templates.keys()
        )  # not a broadcast's: that is filed with the other alone

    async def send(self, sms: Sms) -> Accepted | Refused:
        answer = await self._call(
            "SendSms",
            {
                "PhoneNumberSet": [_abroad(sms.phone)],
                "SmsSdkAppId": self._account.app_id,
                "SignName": self._signature,
                "TemplateId": str(self._account.templates[sms.template]),
                "TemplateParamSet": [sms.params.get(place, "") for place in self._places.get(sms.template, ())],
                "SessionContext": sms.delivery_id,
            },
        )
        try:
            status = answer["SendStatusSet"][0]
        except (KeyError, IndexError, TypeError):
            status = answer.get("Error")
        if not isinstance(status, dict):
            raise Unsure("the provider's answer says nothing of the message")
        code = str(status.get("Code"))
        if code == "Ok":
            return Accepted(gateway_id=_number(status))
        if code in REFUSALS:
            return Refused(code)
        if code.startswith(LIMITS):
            raise TryAgain(f"the provider says {code}", LIMIT_SECONDS)
        raise (Unsure if code.startswith(BROKEN) or code == "None" else NotTaken)(f"the provider says {code}")

    async def find(self, sms: Sms) -> Accepted | None:
        """Look through the reports on what went to the number since it was first asked."""
        now, found = clock.now(), None
        for report in await self._reports(sms.phone, sms.asked_at, now):
            if report.get("SessionContext") == sms.delivery_id:
                found = weightier(found, _accepted(report))
        if found is not None:
            return found
        if now - sms.asked_at > OVERDUE:
            raise CannotSay("the provider has no report on the message")
        raise Unsure("the provider has no report on the message yet", answered=True)

    async def find_lost(self, sms: Sms, until: dt.datetime) -> Accepted | None:
        """Look through the reports on what went to the number by then, once they all are there. One that does not name our message may
        be the one."""
        now = clock.now()
        if now < until + OVERDUE:
            raise Unsure("a report may still come", (until + OVERDUE - now).total_seconds(), answered=True)
        if now - sms.asked_at > REACHES_BACK:
            raise CannotSay("the provider does not tell of so long ago")
        reports, found = await self._reports(sms.phone, sms.asked_at, until), None
        for report in reports:
            if report.get("SessionContext") == sms.delivery_id:
                found = weightier(found, _accepted(report))
        if found is None and (len(reports) >= PULLED or not all(report.get("SessionContext") for report in reports)):
            raise CannotSay("the provider does not say which messages went to the number")
        return found

    async def ask(self, phone: str, sent: Sequence[Sent]) -> Mapping[str, Accepted]:
        """Look through the reports on what went to the number since the first of these, at most 100, for 7 days. They are known by
        Tencent's number of them; by our id, where that is named, only if we have no such number: one of another number is of another
        time that the same message was given."""
        ours = {one.number: one.delivery_id for one in sent if one.number}
        ids = {one.delivery_id for one in sent if not one.number}
        told: dict[str, Accepted] = {}
        for report in await self._reports(phone, min(one.offered_at for one in sent), clock.now()):
            of, named = ours.get(str(report.get("SerialNo"))), str(report.get("SessionContext"))
            if of is not None or named in ids:
                told[of or named] = weightier(told.get(of or named), _accepted(report))
        return told

    async def _reports(self, phone: str, since: dt.datetime, until: dt.datetime) -> Sequence[Mapping[str, Any]]:
        answer = await self._call(
            "PullSmsSendStatusByPhoneNumber",
            {
                "BeginTime": int(max(since - APART, clock.now() - REACHES_BACK).timestamp()),
                "EndTime": int(until.timestamp()),
                "Offset": 0,
                "Limit": PULLED,
                "PhoneNumber": _abroad(phone),
                "SmsSdkAppId": self._account.app_id,
            },
        )
        if "Error" in answer:
            error = answer["Error"]
            raise Unsure(f"the provider says {error.get('Code') if isinstance(error, dict) else 'an error'}")
        reports = answer.get("PullSmsSendStatusSet") or []
        if not isinstance(reports, list) or not all(isinstance(one, dict) for one in reports):
            raise Unsure("the provider's answer shows no reports")
        return reports

    async def _call(self, action: str, parameters: Mapping[str, object]) -> dict[str, Any]:
        body = json.dumps(parameters, ensure_ascii=False).encode()
        headers = tc3_headers(
            self._account.secret_id,
            self._account.secret_key,
            service=SERVICE,
            host=self._host,
            action=action,
            version=VERSION,
            region=self._account.region,
            body=body,
            at=clock.now(),
        )
        response = await request(self._client, f"sms {action}", "POST", self._account.url, headers, content=body)
        try:
            answer = response.json()["Response"]
        except (ValueError, KeyError, TypeError):
            answer = None
        if not isinstance(answer, dict):
            raise Unsure(f"the provider's answer of status {response.status_code} cannot be read")
        return answer


def _accepted(report: Mapping[str, Any]) -> Accepted:
    match report.get("ReportStatus"):
        case "SUCCESS":
            return Accepted("arrived", _number(report))
        case "FAIL":
            return Accepted("lost", _number(report), str(report.get("Description"))[:64])
        case _:
            return Accepted("under_way", _number(report))


def _number(said: Mapping[str, Any]) -> str | None:
    """Tencent's own number of a message, as far as it is kept."""
    return str(said.get("SerialNo") or "")[:LONGEST] or None


def _abroad(phone: str) -> str:
    """A number as E.164 writes it."""
    return f"+86{phone}"
