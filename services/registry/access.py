"""What several rooms ask of a page, and of who sees an engagement."""

from __future__ import annotations

from typing import Annotated, Any

from shared.web.auth import Caller
from shared.web.paging import Paging
from shared.web.problems import Problem
from shared.web.scope import callers, reach

EngagementLister = Annotated[Caller, callers("platform", article=2, district="document")]


def engagements_seen_by(caller: Caller) -> dict[str, Any]:
    """The condition on engagements that a platform or an officer may see."""
    return reach(caller, platform="platform", district="district")


def after(asked: Paging) -> dict[str, Any]:
    """The condition on the ids of a page."""
    if asked.after is None:
        return {}
    if not isinstance(asked.after, str):
        raise Problem(400, "bad-cursor", "翻页参数无效", "the cursor is not one of ours")
    return {"_id": {"$gt": asked.after}}
