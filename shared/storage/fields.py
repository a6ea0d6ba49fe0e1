"""Field types of stored documents and of HTTP bodies."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from bson import Decimal128
from pydantic import BeforeValidator, Field, PlainSerializer


def _decimal(value: Any) -> Any:
    if isinstance(value, Decimal128):
        return value.to_decimal()
    if isinstance(value, float):
        raise ValueError("money is a decimal string, not a floating-point number")
    return value


Yuan = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    Field(max_digits=18, decimal_places=2),
    PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str, when_used="json"),
]
"""An amount in yuan to the fen: Decimal in code, Decimal128 in the database, a decimal string in JSON."""
