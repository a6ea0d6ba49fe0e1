"""Fields that the gateway seals for the registry itself."""

from __future__ import annotations

from shared.storage.encryption import open_sealed, seal_for


def sealed(value: str) -> str:
    """A value, sealed for the registry."""
    return seal_for("registry", {"v": value})


def unseal(token: str) -> str:
    """The value in a field that the gateway sealed."""
    value: str = open_sealed("registry", token)["v"]
    return value
