"""No free text lies or travels in clear: whoever writes one may name a person in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from shared.contracts import Fact, catalogue
from shared.storage.audit import AuditEntry
from shared.storage.encryption import EncryptedAt
from tests.lists import assert_only, listed
from tests.unit.project.code import LISTS, SERVICES, service

KINDS = (
    "answer|closed_for|comment|demand|description|detail|grounds?|message|notes?|reasons?|refusal|remarks?|revocation"
    "|statement|summary|texts?|words"
)
NAMED_LIKE_A_TEXT = re.compile(rf"place|(\w+_)?({KINDS})")


def _is_text(annotation: Any) -> bool:
    if get_origin(annotation) in (dict, Literal):
        return False
    return annotation is str or any(_is_text(part) for part in get_args(annotation))


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


def in_clear(model: type[BaseModel], above: str) -> Iterator[str]:
    """The fields of a document, and of the models within it, that are named like a text and not encrypted."""
    for name, field in model.model_fields.items():
        encrypted = any(isinstance(mark, EncryptedAt) for mark in field.metadata)
        if NAMED_LIKE_A_TEXT.fullmatch(name) and _is_text(field.annotation) and not encrypted:
            yield f"{above}.{name}"
        for inner in _models_in(field.annotation):
            yield from in_clear(inner, f"{above}.{name}")


def travelling(fact: type[Fact]) -> Iterator[str]:
    """The fields of an event that are named like a text."""
    for name, annotation in get_type_hints(fact).items():
        if NAMED_LIKE_A_TEXT.fullmatch(name) and _is_text(annotation):
            yield f"{fact.TYPE.removeprefix('cn.deyang.')} {name}"


def test_what_people_write_is_kept_encrypted_and_never_travels() -> None:
    documents: set[type[BaseModel]] = {AuditEntry}
    documents.update(document for name in SERVICES for document in service(name).documents)
    found = {field for document in documents for field in in_clear(document, document.__name__)}
    found |= {field for fact in catalogue.values() for field in travelling(fact)}
    assert_only(found, listed(LISTS / "texts_in_clear.yaml"), "texts in clear")


class Remark(BaseModel):
    text: str
    late_reason: list[str] | None = None
    kind: Literal["reason"] = "reason"


class Noted(BaseModel):
    reason: Literal["one", "other"]
    remarks: list[Remark]


def test_a_text_in_a_list_is_found_and_a_fixed_choice_is_none() -> None:
    assert list(in_clear(Noted, "Noted")) == ["Noted.remarks.text", "Noted.remarks.late_reason"]
