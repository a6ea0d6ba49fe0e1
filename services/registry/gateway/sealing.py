"""Personal fields of a pushed event, sealed for the one service that needs them, so that no disk and no topic ever has
them in clear; and when each key was last used to seal what travels."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

import msgspec

from services.registry.gateway.documents import Batch
from services.registry.gateway.events import PlainEnding, PlainEngagement, PlainIncident, PlainProfile
from services.registry.gateway.records import unpack_records
from shared import clock
from shared.contracts.base import Fact
from shared.contracts.platform import EngagementEnded, EngagementStarted, IncidentReported, ProfileDeclared
from shared.service import SealingKey
from shared.storage.client import collection_of, storage
from shared.storage.encryption import open_sealed, seal_for

TOKEN: Final = re.compile(rb'"(\w+)":"([^".]{1,64})\.[A-Za-z0-9+/=]{40,}"')
"""A sealed field in JSON: its name and the key's id."""

Kept = tuple[dt.datetime, Sequence[bytes]]
"""When something was kept, and its events as JSON. The newest comes first."""

IN_PUSHES: Final = ("for-registry", "for-insurance")
"""The rings that the gateway seals with; the registry's own facts are sealed with all but its own."""


def seal(data: Any) -> Fact:
    """The fact as it is published."""
    if isinstance(data, PlainEngagement):
        fields = msgspec.structs.asdict(data)
        personal = {name: _sealed(fields[name]) for name in ("id_number", "name", "phone")}
        return EngagementStarted(**{**fields, **personal})
    if isinstance(data, PlainProfile):
        fields = msgspec.structs.asdict(data)
        return ProfileDeclared(**{**fields, "contact_phone": _sealed(data.contact_phone)})
    if isinstance(data, PlainEnding):
        fields = {**msgspec.structs.asdict(data), "reason": ""}
        return EngagementEnded(**fields, for_registry=_sealed(data.reason))
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


async def last_sealed(wanted: set[SealingKey]) -> dict[SealingKey, dt.datetime]:
    """Of these keys, those that something kept was sealed with, and when the last of it was."""
    told = await _newest(_facts(), {key for key in wanted if key[0] != "for-registry"})
    pushed = await _newest(_pushes(), {key for key in wanted if key[0] in IN_PUSHES})
    return {key: max(at for at in (told.get(key), pushed.get(key)) if at) for key in told.keys() | pushed.keys()}


async def _newest(kept: AsyncIterator[Kept], wanted: set[SealingKey]) -> dict[SealingKey, dt.datetime]:
    found: dict[SealingKey, dt.datetime] = {}
    if wanted:
        async for at, texts in kept:
            used = {_key(match) for text in texts for match in TOKEN.finditer(text)}
            found |= dict.fromkeys((used & wanted) - found.keys(), at)
            if wanted <= found.keys():
                break
    return found


def _key(match: re.Match[bytes]) -> SealingKey:
    name, key_id = match[1].decode(), match[2].decode()
    return (f"for-{name.removeprefix('for_')}" if name.startswith("for_") else "for-registry"), key_id


async def _facts() -> AsyncIterator[Kept]:
    rows = storage().collection("outbox").find({}, {"data": 1, "published_at": 1}).sort("_id", -1)
    async for row in rows:
        yield row.get("published_at") or clock.now(), [bytes(row["data"])]


async def _pushes() -> AsyncIterator[Kept]:
    rows = collection_of(Batch).find({}, {"records": 1, "created_at": 1}).sort("_id", -1).batch_size(1)
    async for row in rows:
        yield row["created_at"], [record[4] for record in unpack_records(row["records"])]
