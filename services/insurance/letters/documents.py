"""Services of letters, as they are stored with the decision, assessment or appeal that they belong to."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pydantic import BaseModel

from shared.contracts.insurance import ServiceWay, Side
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt

EVIDENCE: Final = "claim.service_evidence"
"""The place that what proves a service is encrypted for, with the claim's id."""


class Corrected(BaseModel):
    """That a service was wrongly recorded: why (encrypted), by whom and when. It stays on file, and nothing runs from it."""

    reason: Annotated[str, EncryptedAt(EVIDENCE)]
    by: str
    at: dt.datetime


class Served(BaseModel):
    """A letter served on one party (送达). `on`: the day on which it was received, left or, as an announcement, published;
    `served_on`: the day from which the party's terms run; `evidence`: what proves it (encrypted).
    """

    party: Side
    way: ServiceWay
    on: dt.date
    served_on: dt.date
    review_by: dt.date | None
    court_by: dt.date | None
    again_by: dt.date | None
    evidence: Annotated[str, EncryptedAt(EVIDENCE)]
    by: str
    at: dt.datetime
    used: list[Used]
    corrected: Corrected | None = None
