"""Personal fields of a pushed event, sealed for the one service that needs them, so that no disk and no topic ever has
them in clear."""

from __future__ import annotations

from typing import Any

import msgspec

from services.registry.gateway.event_rules import (
    PlainDeclaration,
    PlainEnding,
    PlainEngagement,
    PlainIncident,
    PlainProfile,
)
from services.registry.sealing import sealed
from shared.contracts.base import Fact
from shared.contracts.platform import (
    EmployeeDeclared,
    EngagementEnded,
    EngagementStarted,
    IncidentReported,
    ProfileDeclared,
)
from shared.storage.encryption import seal_for


def seal(data: Any) -> Fact:
    """The fact as it is published."""
    if isinstance(data, PlainEngagement):
        fields = msgspec.structs.asdict(data)
        personal = {name: sealed(fields[name]) for name in ("id_number", "name", "phone")}
        return EngagementStarted(**{**fields, **personal})
    if isinstance(data, PlainProfile):
        fields = msgspec.structs.asdict(data)
        return ProfileDeclared(**{**fields, "contact_phone": sealed(data.contact_phone)})
    if isinstance(data, PlainEnding):
        fields = {**msgspec.structs.asdict(data), "reason": ""}
        return EngagementEnded(**fields, for_registry=sealed(data.reason))
    if isinstance(data, PlainIncident):
        for_insurance = seal_for("insurance", {"place": data.place, "description": data.description})
        fields = {**msgspec.structs.asdict(data), "place": "", "description": ""}
        return IncidentReported(**fields, for_insurance=for_insurance)
    if isinstance(data, PlainDeclaration):
        person = seal_for("insurance", {"id_number": data.id_number, "name": data.name})
        return EmployeeDeclared(worker_ref=data.worker_ref, started_on=data.started_on, for_insurance=person)
    fact: Fact = data
    return fact
