"""Whether a bill for treatment was claimed before. Pure.

What the institution has numbered is known by institution and number, whoever claims it, by whatever claim and scheme. What was
claimed without a number is only known by its sum, among what the same person was granted.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from services.insurance.benefits.fact_rules import Invoice

Why = Literal["bill-claimed", "bill-number-claimed", "bill-alike"]
"""It was claimed; one of its number was, of another day or sum; one like it was, and one of the two has no number."""

OF_TREATMENT = frozenset({"medical", "rehabilitation", "assistive_device"})
"""Kinds whose bills are told apart by their sums where they have no number; tickets of one fare are many."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What of a bill is like one that is asked for, and stands in its way; `beyond` with a person's reason it does not."""

    why: Why
    earlier: Invoice

    @property
    def beyond(self) -> bool:
        return self.why != "bill-claimed"


def key_of(bill: Invoice) -> str | None:
    """What a bill is known by; None where it has no number. The same however it is typed: in full width, with blanks or dashes."""
    if bill.institution is None or bill.number is None:
        return None
    return hashlib.sha256(f"{_plain(bill.institution)}|{_plain(bill.number)}".encode()).hexdigest()[:32]


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(one for one in folded if one.isalnum())


def seen(bill: Invoice, earlier: Iterable[Invoice]) -> Seen | None:
    """The first of these that a bill may be, what is the same for certain before what is only like it; None where it is none."""
    found: Seen | None = None
    for one in earlier:
        why = _same(bill, one)
        if why == "bill-claimed":
            return Seen(why, one)
        if why is not None and found is None:
            found = Seen(why, one)
    return found


def _same(bill: Invoice, other: Invoice) -> Why | None:
    key, others = key_of(bill), key_of(other)
    if key is not None and others is not None:
        if key != others:
            return None
        same = (bill.amount, bill.issued_on) == (other.amount, other.issued_on)
        return "bill-claimed" if same else "bill-number-claimed"
    return "bill-alike" if bill.amount == other.amount else None


def within(bills: Sequence[Invoice], kind: str) -> Seen | None:
    """The first bill that stands twice in one grant."""
    for place, bill in enumerate(bills):
        found = seen(bill, (one for one in bills[:place] if compared(kind, bill, one)))
        if found is not None and not (found.beyond and bill.another):
            return found
    return None


def compared(kind: str, bill: Invoice, other: Invoice) -> bool:
    """Whether two bills are held against each other: by their numbers always, by their sums where they are of treatment."""
    return kind in OF_TREATMENT or (key_of(bill) is not None and key_of(other) is not None)
