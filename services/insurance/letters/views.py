"""Services of letters as callers see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pydantic import BaseModel

from services.insurance.letters.documents import EVIDENCE, Served
from shared.contracts.insurance import ServiceWay, Side
from shared.identity.masking import mask_text
from shared.policy.parameters import Used
from shared.storage.encryption import decrypt_field


class ServedView(BaseModel):
    """A letter served on a party: how, on which day, and from which its terms run (`served_on`), with their last days. Callers see
    what was served on them, officers all; `evidence` is shown to officers of the labour department, `used` are the parameters.
    `corrected_at`: when it was found to have been recorded wrongly, since when nothing runs from it; `corrected_for`: why, for
    officers of the labour department."""

    party: Side
    way: ServiceWay
    on: dt.date
    served_on: dt.date
    review_by: dt.date | None
    court_by: dt.date | None
    again_by: dt.date | None
    evidence: str | None
    used: list[Used]
    corrected_at: dt.datetime | None
    corrected_for: str | None


def served_views(served: Sequence[Served], claim_id: str, own: Side | None, *, proven: bool) -> list[ServedView]:
    """The services on one side, or on all where it is None. `proven`: with what proves them."""
    return [
        ServedView(
            **one.model_dump(include=set(ServedView.model_fields) - {"evidence", "corrected_at", "corrected_for"}),
            evidence=_open(one.evidence, claim_id) if proven else None,
            corrected_at=one.corrected.at if one.corrected else None,
            corrected_for=_open(one.corrected.reason, claim_id) if proven and one.corrected else None,
        )
        for one in served
        if own in (None, one.party)
    ]


def _open(text: str, claim_id: str) -> str:
    return mask_text(decrypt_field(EVIDENCE, claim_id, text))
