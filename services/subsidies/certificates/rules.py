"""Certificates of our own, where the platform gives none."""

from __future__ import annotations

import datetime as dt
from typing import Final

NUMBER_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NUMBER_LETTERS: Final = 8


def readable_number(prefix: str, record_id: str, day: dt.date) -> str:
    """A number to be read out: the day and forty random bits of the record's id (a UUIDv7), so that no counter is shared."""
    bits = int(record_id.replace("-", ""), 16)
    letters = [NUMBER_ALPHABET[bits >> (5 * place) & 31] for place in range(NUMBER_LETTERS)]
    return f"{prefix}〔{day:%Y}〕{day:%m%d}-{''.join(letters)}"
