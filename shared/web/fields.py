"""Field types that the bodies and parameters of several services have in common."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import AwareDatetime, Field

MonthText = Annotated[
    str, Field(pattern=r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$", description="YYYY-MM, Asia/Shanghai, from 1900 to 2099")
]
"""A legal month."""

Instant = Annotated[
    AwareDatetime,
    Field(ge=dt.datetime(1900, 1, 1, tzinfo=dt.UTC), lt=dt.datetime(2100, 1, 1, tzinfo=dt.UTC)),
]
"""A point in time (RFC 3339 with offset) that has a legal day on both sides."""
