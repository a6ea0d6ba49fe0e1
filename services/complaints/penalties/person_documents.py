"""The person on whom a penalty is, where it is on none but a person, as it is stored within it."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import BaseModel

from shared.storage.encryption import EncryptedAt, decrypt_field

PERSON: Final = "penalty.person"

Responsibility = Literal["in_charge", "direct"]
"""直接负责的主管人员、其他直接责任人员。"""


class Responsible(BaseModel):
    """Who is responsible for what an enterprise did, as what, and in which post. `key` finds the same person again."""

    responsibility: Responsibility
    name: Annotated[str, EncryptedAt(PERSON)]
    id_number: Annotated[str, EncryptedAt(PERSON)]
    position: Annotated[str, EncryptedAt(PERSON)]
    key: str


def clear_person(penalty_id: str, text: str) -> str:
    return decrypt_field(PERSON, penalty_id, text)
