"""`ETag` and `If-Match`: a change says which revision it was made from."""

from __future__ import annotations

import re
from typing import Annotated, Final

from fastapi import Depends, Header, Response

from shared.web.problems import Problem

_REVISION: Final = re.compile("[0-9]{1,18}")


def if_match(
    value: Annotated[
        str | None,
        Header(alias="If-Match", description="needed: the `ETag` of the reading that the change rests on"),
    ] = None,
) -> int:
    """The revision that a change was made from; 428 where the header is missing, 412 where it is none of ours."""
    if value is None:
        raise Problem(428, "if-match-missing", "缺少 If-Match 请求头", "an If-Match header is needed")
    text = value.strip().removeprefix("W/").strip('"')
    if _REVISION.fullmatch(text) is None:
        raise Problem(412, "changed-meanwhile", "内容已被修改，请重新读取", "not the present revision")
    return int(text)


RevisionSeen = Annotated[int, Depends(if_match)]


def require_revision(seen: int, present: int) -> None:
    """Raise a 412 problem where the document has changed since the caller read it."""
    if seen != present:
        raise Problem(412, "changed-meanwhile", "内容已被修改，请重新读取", "not the present revision")


def set_etag(response: Response, revision: int) -> None:
    response.headers["ETag"] = f'"{revision}"'
