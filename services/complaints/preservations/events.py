"""What complaints publishes of evidence that is kept: never what it arose from, nor what is on the list."""

from __future__ import annotations

from typing import Literal, TypedDict

from services.complaints.preservations.documents import Preservation
from services.complaints.preservations.rules import Outcome
from shared.contracts.complaints import PreservationEnded, PreservationMade


class _Fields(TypedDict):
    preservation_id: str
    number: str
    uscc: str
    lead_department: str
    district: str


def made(preservation: Preservation) -> PreservationMade:
    assert preservation.decide_by is not None
    return PreservationMade(**_fields(preservation), decide_by=preservation.decide_by)


def ended(preservation: Preservation, outcome: Outcome | Literal["lapsed"]) -> PreservationEnded:
    return PreservationEnded(**_fields(preservation), outcome=outcome)


def _fields(preservation: Preservation) -> _Fields:
    return {
        "preservation_id": preservation.id,
        "number": preservation.number,
        "uscc": preservation.enterprise,
        "lead_department": preservation.department,
        "district": preservation.district,
    }
