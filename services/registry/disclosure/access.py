"""Who may ask for engagements."""

from __future__ import annotations

from typing import Annotated, Any

from shared.callers import Caller
from shared.web.scope import callers, reach

Reader = Annotated[Caller, callers("worker", "platform", "union", article=2, district="document")]


EngagementLister = Annotated[Caller, callers("platform", article=2, district="document")]


def engagements_seen_by(caller: Caller) -> dict[str, Any]:
    """The condition on engagements that a platform or an officer may see."""
    return reach(caller, platform="platform", district="district")
