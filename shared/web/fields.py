"""Field types that the bodies and parameters of several services have in common."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

from shared.errors import RuleBroken
from shared.identity import emails, phones, regions, uscc

Month = Annotated[
    str, Field(pattern=r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$", description="YYYY-MM, Asia/Shanghai, from 1900 to 2099")
]
"""A legal month."""

Instant = Annotated[
    AwareDatetime,
    Field(ge=dt.datetime(1900, 1, 1, tzinfo=dt.UTC), lt=dt.datetime(2100, 1, 1, tzinfo=dt.UTC)),
]
"""A point in time (RFC 3339 with offset) that has a legal day on both sides."""

Uscc = Annotated[str, AfterValidator(uscc.parse), Field(description="unified social credit code (GB 32100)")]


def _district(code: str) -> str:
    if not regions.is_district(code):
        raise ValueError("not a district of Deyang")
    return code


def _district_or_city(code: str) -> str:
    return code if code == regions.CITY else _district(code)


District = Annotated[str, AfterValidator(_district), Field(description="GB/T 2260 code of a district of Deyang")]
DistrictOrCity = Annotated[
    str,
    AfterValidator(_district_or_city),
    Field(description="GB/T 2260 code of a district of Deyang; 510600: the whole city"),
]


def mobile(phone: str) -> str:
    """A phone as it is kept; raises RuleBroken for what is none."""
    try:
        return phones.parse(phone)
    except phones.InvalidPhone:
        raise RuleBroken("not-a-phone", "手机号码有误", "not a mobile number of mainland China") from None


def email_address(text: str) -> str:
    """An e-mail address as it is kept; raises RuleBroken for what is none."""
    if not emails.is_email(text.strip()):
        raise RuleBroken("not-an-email", "电子邮箱地址有误", "not an e-mail address")
    return text.strip()
