"""Personal fields of a pushed event, sealed for the one service that needs them, so that no disk and no topic ever has
them in clear."""

from __future__ import annotations

from typing import Any

import msgspec

from services.registry.gateway.events import PlainEngagement, PlainIncident, PlainProfile
from shared.contracts.base import Fact
from shared.contracts.platform import EngagementStarted, IncidentReported, ProfileDeclared
from shared.storage.encryption import open_sealed, seal_for


def seal(data: Any) -> Fact:
    """The fact as it is published."""
    if isinstance(data, PlainEngagement):
        fields = msgspec.structs.asdict(data)
        personal = {name: _sealed(fields[name]) for name in ("id_number", "name", "phone")}
        return EngagementStarted(**{**fields, **personal})
    if isinstance(data, PlainProfile):
        fields = msgspec.structs.asdict(data)
        return ProfileDeclared(**{**fields, "contact_phone": _sealed(data.contact_phone)})
    if isinstance(data, PlainIncident):
        sealed = seal_for("insurance", {"place": data.place, "description": data.description})
        fields = {**msgspec.structs.asdict(data), "place": "", "description": ""}
        return IncidentReported(**fields, for_insurance=sealed)
    fact: Fact = data
    return fact


def _sealed(value: str) -> str:
    return seal_for("registry", {"v": value})


def unseal(token: str) -> str:
    """The value in a field that the gateway sealed."""
    value: str = open_sealed("registry", token)["v"]
    return value
