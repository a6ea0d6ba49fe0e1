"""What is stored of the platforms' signing secrets."""

from __future__ import annotations

from typing import Annotated, Final

from shared.storage.encryption import EncryptedAt
from shared.storage.records import Record

SIGNING: Final = "signing_secret.secret"
"""The place that a signing secret is encrypted for."""


class SigningSecret(Record):
    """The secret that a platform signs its pushes with, encrypted. The id is the platform's credit code."""

    secret: Annotated[str, EncryptedAt(SIGNING)]

    class Settings:
        name = "signing_secrets"
