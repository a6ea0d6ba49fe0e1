"""Putting enterprises on file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from services.registry.enterprises import rules
from services.registry.enterprises.documents import CONTACT_PHONE, DeclaredClass, Enterprise
from services.registry.sealing import unseal
from shared import clock
from shared.contracts.platform import Industry, ProfileDeclared
from shared.contracts.registry import EnterpriseKind, EnterpriseRegistered
from shared.storage.encryption import decrypt_field, encrypt_field, seal_for
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """An enterprise as an officer files it."""

    name: str
    kinds: Sequence[EnterpriseKind]
    industries: Sequence[Industry]
    contact_phone: str


async def declare(uscc: str, profile: ProfileDeclared, declared_at: dt.datetime, tx: Transaction) -> None:
    """Record an enterprise's word on who it is: the latest declaration holds, its class from its legal day on."""
    kept = await Enterprise.of(uscc, tx)
    before = None if kept is None else _facts(kept)
    phone = unseal(profile.contact_phone)
    kept = _declared(uscc, kept, profile.name, profile.industries, phone, declared_at)
    history = rules.declare(_history(kept), profile.delivery_class, declared_at)
    kept.classes = [DeclaredClass(**declared._asdict()) for declared in history]
    await _store(kept, before, tx)


async def file(uscc: str, filing: Filing, seen: int | None, tx: Transaction) -> Enterprise:
    """Put an enterprise on file, or what it is from now on; nothing is overwritten unseen."""
    kept = await Enterprise.of(uscc, tx)
    before = None if kept is None else _facts(kept)
    if kept is not None and seen is not None:
        require_revision(seen, kept.revision)
    kept = _declared(uscc, kept, filing.name, filing.industries, filing.contact_phone, clock.now())
    kept.filed_kinds = list(filing.kinds)
    await _store(kept, before, tx)
    return kept


def _declared(
    uscc: str, kept: Enterprise | None, name: str, industries: Sequence[Industry], phone: str, at: dt.datetime
) -> Enterprise:
    if kept is None:
        return Enterprise(
            id=uscc,
            name=name,
            industries=list(industries),
            contact_phone=encrypt_field(CONTACT_PHONE, uscc, phone),
            classes=[],
            declared_at=at,
        )
    if at >= kept.declared_at:
        kept.name, kept.industries, kept.declared_at = name, list(industries), at
        if phone != decrypt_field(CONTACT_PHONE, uscc, kept.contact_phone):
            kept.contact_phone = encrypt_field(CONTACT_PHONE, uscc, phone)
    return kept


async def _store(enterprise: Enterprise, before: tuple[object, ...] | None, tx: Transaction) -> None:
    await enterprise.put(tx)
    if _facts(enterprise) != before:
        tx.publish(_registered(enterprise))


def _history(enterprise: Enterprise) -> list[rules.Declared]:
    return [rules.Declared(kept.day, kept.delivery_class, kept.declared_at) for kept in enterprise.classes]


def _facts(enterprise: Enterprise) -> tuple[object, ...]:
    # the ciphertext stands for the phone: it is made anew only where the phone has changed
    return (
        enterprise.name,
        tuple(enterprise.industries),
        enterprise.contact_phone,
        rules.changes(_history(enterprise)),
        enterprise.kinds,
    )


def _registered(enterprise: Enterprise) -> EnterpriseRegistered:
    return EnterpriseRegistered(
        uscc=enterprise.id,
        name=enterprise.name,
        industries=tuple(enterprise.industries),
        delivery_classes=rules.changes(_history(enterprise)),
        for_notifier=seal_for(
            "notifier", {"phone": decrypt_field(CONTACT_PHONE, enterprise.id, enterprise.contact_phone)}
        ),
        kinds=enterprise.kinds,
    )
