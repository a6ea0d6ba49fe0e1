"""Putting enterprises on file."""

from __future__ import annotations

import datetime as dt

from services.registry.enterprises import rules
from services.registry.enterprises.documents import CONTACT_PHONE, DeclaredClass, Enterprise
from services.registry.gateway.sealing import unseal
from shared.contracts.platform import ProfileDeclared
from shared.contracts.registry import EnterpriseRegistered
from shared.storage.encryption import decrypt_field, encrypt_field, seal_for
from shared.storage.transaction import Transaction


async def declare(uscc: str, profile: ProfileDeclared, declared_at: dt.datetime, tx: Transaction) -> None:
    """Take an enterprise's word on who it is: the latest declaration holds, its class from its legal day on."""
    phone = unseal(profile.contact_phone)
    kept = await Enterprise.of(uscc, tx)
    before = None if kept is None else _facts(kept)
    if kept is None:
        kept = Enterprise(
            id=uscc,
            name=profile.name,
            industries=list(profile.industries),
            contact_phone=encrypt_field(CONTACT_PHONE, phone),
            classes=[],
            declared_at=declared_at,
        )
    elif declared_at >= kept.declared_at:
        kept.name, kept.industries, kept.declared_at = profile.name, list(profile.industries), declared_at
        if phone != decrypt_field(CONTACT_PHONE, kept.contact_phone):
            kept.contact_phone = encrypt_field(CONTACT_PHONE, phone)
    history = rules.declare(_history(kept), profile.delivery_class, declared_at)
    kept.classes = [DeclaredClass(**declared._asdict()) for declared in history]
    await kept.put(tx)
    if _facts(kept) != before:
        tx.tell(_told(kept))


def _history(enterprise: Enterprise) -> list[rules.Declared]:
    return [rules.Declared(kept.day, kept.delivery_class, kept.declared_at) for kept in enterprise.classes]


def _facts(enterprise: Enterprise) -> tuple[object, ...]:
    # the ciphertext stands for the phone: it is made anew only where the phone has changed
    return (
        enterprise.name,
        tuple(enterprise.industries),
        enterprise.contact_phone,
        rules.changes(_history(enterprise)),
    )


def _told(enterprise: Enterprise) -> EnterpriseRegistered:
    return EnterpriseRegistered(
        uscc=enterprise.id,
        name=enterprise.name,
        industries=tuple(enterprise.industries),
        delivery_classes=rules.changes(_history(enterprise)),
        for_notifier=seal_for("notifier", {"phone": decrypt_field(CONTACT_PHONE, enterprise.contact_phone)}),
    )
