"""What subsidies publishes of bodies that train or evaluate."""

from __future__ import annotations

import datetime as dt
from typing import Literal, TypedDict

from services.subsidies.providers.documents import Provider
from shared.contracts.subsidies import (
    ProviderChecked,
    ProviderEnded,
    ProviderExpiring,
    ProviderKind,
    ProviderResumed,
    ProviderSubmitted,
    ProviderSuspended,
)
from shared.storage.encryption import seal_for


class _Fields(TypedDict):
    """The fields of every event on a filing."""

    filing_id: str
    provider: str
    kind: ProviderKind
    name: str
    district: str
    lead_department: str


def submitted(provider: Provider) -> ProviderSubmitted:
    return ProviderSubmitted(
        **_fields(provider), for_notifier_provider=seal_for("notifier-provider", {"phone": provider.clear_phone})
    )


def checked(provider: Provider, *, accepted: bool) -> ProviderChecked:
    days = (provider.valid_from, provider.valid_to) if accepted else (None, None)
    return ProviderChecked(**_fields(provider), accepted=accepted, valid_from=days[0], valid_to=days[1])


def expiring(provider: Provider, last: dt.date) -> ProviderExpiring:
    return ProviderExpiring(**_fields(provider), valid_to=last)


def suspended(provider: Provider) -> ProviderSuspended:
    return ProviderSuspended(**_fields(provider))


def resumed(provider: Provider) -> ProviderResumed:
    return ProviderResumed(**_fields(provider))


def ended(provider: Provider, ending: Literal["expired", "removed", "withdrawn"]) -> ProviderEnded:
    return ProviderEnded(**_fields(provider), ending=ending)


def _fields(provider: Provider) -> _Fields:
    return {
        "filing_id": provider.id,
        "provider": provider.uscc,
        "kind": provider.kind,
        "name": provider.name,
        "district": provider.district,
        "lead_department": provider.department,
    }
