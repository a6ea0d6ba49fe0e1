"""Who sees what: officers their district, platforms their own."""

from __future__ import annotations

from typing import Any

from shared.identity.regions import CITY
from shared.storage.client import Row
from shared.web.auth import Caller
from shared.web.paging import Paging
from shared.web.problems import Problem, forbidden


def engagements_seen_by(caller: Caller) -> Row:
    """The condition on engagements that a caller may see; raises a 403 problem for anybody else."""
    if caller.role == "platform":
        return {"platform": caller.uscc}
    if caller.role != "officer" or caller.district is None:
        raise forbidden()
    return {} if caller.district == CITY else {"district": caller.district}


def after(asked: Paging) -> dict[str, Any]:
    """The condition on the ids of a page."""
    if asked.after is None:
        return {}
    if not isinstance(asked.after, str):
        raise Problem(400, "bad-cursor", "翻页参数无效", "the cursor is not one of ours")
    return {"_id": {"$gt": asked.after}}
