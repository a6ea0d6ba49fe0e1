"""Every encrypted value is taken out of a document, wherever in it it lies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import pytest
from pydantic import BaseModel

from shared.storage import keys
from shared.storage.blanking import GONE, blank
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field


class Inner(BaseModel):
    said: Annotated[str | None, EncryptedAt("test.said")] = None


class Outer(BaseModel):
    """A document without a database."""

    id: str
    must: Annotated[str, EncryptedAt("test.must")]
    may: Annotated[str | None, EncryptedAt("test.may")] = None
    inner: Inner | None = None
    many: list[Inner] = []
    figure: int = 7


@pytest.fixture(autouse=True)
def ring() -> Iterator[None]:
    keys.use({"storage": keys.KeyRing("k1", {"k1": bytes(32)})})
    yield
    keys.use({})


def test_texts_go_and_figures_stay() -> None:
    kept = Outer(
        id="r-1",
        must=encrypt_field("test.must", "r-1", "欧阳"),
        may=encrypt_field("test.may", "r-1", "欧阳"),
        inner=Inner(said=encrypt_field("test.said", "r-1", "欧阳")),
        many=[Inner(), Inner(said=encrypt_field("test.said", "r-1", "欧阳"))],
    )
    blank(kept)  # type: ignore[arg-type]
    assert decrypt_field("test.must", "r-1", kept.must) == GONE
    assert (kept.may, kept.inner, kept.many, kept.figure) == (None, Inner(), [Inner(), Inner()], 7)
