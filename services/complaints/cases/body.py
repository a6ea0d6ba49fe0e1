"""Who calls the routes of cases, and what bodies of several of them say."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header
from pydantic import BaseModel, Field, StringConstraints

from shared.callers import Caller
from shared.web.etags import if_match
from shared.web.scope import ALL, callers

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
WorkerId = Annotated[str, Field(min_length=1, max_length=100)]

Reader = Annotated[Caller, callers("worker", "union", article=ALL, district="document")]
Handler = Annotated[Caller, callers(article=ALL, district="document")]
Reporting = Annotated[Caller, callers("worker", "union")]
Union = Annotated[Caller, callers("union")]


def _seen(value: Annotated[str | None, Header(alias="If-Match")] = None) -> int | None:
    return None if value is None else if_match(value)


Seen = Annotated[int | None, Depends(_seen)]


class Reason(BaseModel):
    """Why."""

    reason: Text
