"""`ETag` and `If-Match`: a change says which revision it was made from."""

from __future__ import annotations

import re
from typing import Annotated, Final

from fastapi import Depends, Header, Response

from shared.errors import ChangedMeanwhile, RevisionNeeded

_REVISION: Final = re.compile("[0-9]{1,18}")


def if_match(value: str | None) -> int:
    """The revision that a change was made from; 428 where the header is missing, 412 where it is none of ours."""
    if value is None:
        raise RevisionNeeded
    text = value.strip().removeprefix("W/").strip('"')
    if _REVISION.fullmatch(text) is None:
        raise ChangedMeanwhile
    return int(text)


async def _seen(
    value: Annotated[
        str | None,
        Header(alias="If-Match", description="needed: the `ETag` of the reading that the change rests on"),
    ] = None,
) -> int:
    return if_match(value)


RevisionSeen = Annotated[int, Depends(_seen)]


def set_etag(response: Response, revision: int) -> None:
    response.headers["ETag"] = f'"{revision}"'
