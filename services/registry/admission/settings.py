"""What the environment says about pushes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """`events_per_second` is the most that one platform may push through one process; with `signatures_required` a
    platform that has not enrolled a signing secret cannot push at all."""

    events_per_second: int
    signatures_required: bool


@cache
def settings() -> GatewaySettings:
    """`GATEWAY_EVENTS_PER_SECOND` (default 50,000) and `GATEWAY_SIGNATURES` (`optional`, the default, or `required`)."""
    signatures = os.environ.get("GATEWAY_SIGNATURES", "optional")
    if signatures not in ("optional", "required"):
        raise ValueError(f"GATEWAY_SIGNATURES is {signatures!r}: it can be optional or required")
    return GatewaySettings(int(os.environ.get("GATEWAY_EVENTS_PER_SECOND", "50000")), signatures == "required")
