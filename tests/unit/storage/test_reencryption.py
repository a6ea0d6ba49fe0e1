"""Which fields hold encrypted values, as their types say."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated

import pytest
from beanie import Document
from pydantic import BaseModel

from shared.storage.audit import AuditEntry
from shared.storage.encryption import EncryptedAt, HashedFrom
from shared.storage.reencryption import EncryptedField, HashedField, encrypted_fields, hashed_fields

SERVICES = Path(__file__).parents[3] / "services"
ONLY_READ = {"application.bank_account"}
"""What earlier versions stored, and is copied once."""
CALLS = ("encrypt_field", "encrypt_bytes", "encrypted", "encrypted_in_case", "store_pieces")


class Phone(BaseModel):
    number: Annotated[str, EncryptedAt("person.phone")]


class Person(BaseModel):
    found_by: Annotated[str, HashedFrom("name")]
    name: Annotated[str | None, EncryptedAt("person.name")] = None
    phones: list[Phone] = []
    first: Phone | None = None
    plain: str


class Wrong(BaseModel):
    phones: dict[str, Phone]


def test_encrypted_fields_are_found_in_lists_and_models_within() -> None:
    name = EncryptedField(("name",), "person.name")
    assert encrypted_fields(Person) == [
        name,
        EncryptedField(("phones", "number"), "person.phone"),
        EncryptedField(("first", "number"), "person.phone"),
    ]
    assert hashed_fields(Person) == [HashedField(("found_by",), name)]


def test_an_encrypted_value_in_a_mapping_is_refused() -> None:
    """Since it could not be found there when keys change."""
    with pytest.raises(TypeError):
        encrypted_fields(Wrong)


def documents_of(service: str) -> Sequence[type[Document]]:
    found: Sequence[type[Document]] = import_module(f"services.{service}.app").service.documents
    return found


def _places_encrypted_for(service: str) -> Iterator[str]:
    """The places that a service's code encrypts for, and that of the audit log; each is named by a constant."""
    audit = [Path(inspect.getfile(AuditEntry))] if AuditEntry in documents_of(service) else []
    for file in [*(SERVICES / service).rglob("*.py"), *audit]:
        name = ".".join(file.relative_to(SERVICES.parent).with_suffix("").parts)
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in CALLS:
                assert isinstance(call.args[0], ast.Name), f"{name}: name the place by a constant"
                if call.args[0].id == "place":  # handed on by a helper, whose callers name it
                    continue
                yield getattr(import_module(name), call.args[0].id)


@pytest.mark.parametrize("service", ["registry", "insurance", "complaints", "subsidies", "notifier"])
def test_every_place_of_encryption_is_a_stored_documents_field(service: str) -> None:
    """The place is declared by the field."""
    declared = {field.place for document in documents_of(service) for field in encrypted_fields(document)}
    used = set(_places_encrypted_for(service))
    assert used
    assert used == declared - ONLY_READ
