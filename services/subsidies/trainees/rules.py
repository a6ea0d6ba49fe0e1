"""When two names are one."""

from __future__ import annotations

import unicodedata


def plain(name: str) -> str:
    """A name as it is compared: without blanks, full-width letters as usual ones, one middle dot for all."""
    text = unicodedata.normalize("NFKC", name)
    return "".join("·" if sign in "•・‧." else sign for sign in text if not sign.isspace())
