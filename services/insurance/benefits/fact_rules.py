"""What the sum of a benefit rests on, and what it comes to: values alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from services.insurance.entitlements.rules import Death
from shared.contracts.insurance import Scheme

Nursing = Literal["full", "most", "partial"]
Leaving = Literal["own_request", "expired"]
"""How a labour relation ends: at the worker's own request, or with the contract's term."""
PREFIX: Mapping[Scheme, str] = {"work_injury": "work_injury", "occupational_injury": "oip"}


@dataclass(frozen=True, slots=True)
class Invoice:
    """A medical bill; `excluded` is what the catalogues of treatment, drugs and hospital service leave out. `institution`, `number`
    and `issued_on` name it; `another`: why a person holds it to be another bill than one that looks the same."""

    amount: Decimal
    excluded: Decimal = Decimal(0)
    institution: str | None = None
    number: str | None = None
    issued_on: dt.date | None = None
    another: str | None = None


@dataclass(frozen=True, slots=True)
class Dependant:
    """A relative without capacity for work whom the dead worker supported. `lone`: a lone old person or an orphan."""

    relation: Literal["spouse", "other"]
    lone: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What a sum rests on besides the law.

    `own_wage`: average monthly contribution wage of the twelve months before the injury, `from_records` where it was taken from
    what was paid in; `pay`: the wage that goes on while work is suspended; both yuan a month. `days`: in hospital, or of treatment
    elsewhere. `third_party_paid`: what whoever caused the injury has paid of the bills. `confirmed`: a device was confirmed by the
    committee, treatment elsewhere by the agency. `no_lump`: the case of recognition gives no lump sum (art. 15, 2). `death`: which
    of the law's it is; None: the recognised accident's own. `allowance` and `pension`: a month's, on retirement. `advanced`: of the
    death grant, paid before.
    """

    scheme: Scheme
    grade: int | None = None
    nursing: Nursing | None = None
    fatal: bool = False
    own_wage: Decimal | None = None
    pay: Decimal | None = None
    invoices: Sequence[Invoice] = ()
    dependants: Sequence[Dependant] = ()
    from_records: bool = False
    days: int | None = None
    third_party_paid: Decimal = Decimal(0)
    confirmed: bool = False
    leaving: Leaving | None = None
    no_fitting_work: bool = False
    no_lump: bool = False
    death: Death | None = None
    missing: bool = False
    hardship: bool = False
    advanced: Decimal = Decimal(0)
    allowance: Decimal | None = None
    pension: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Calculated:
    """A sum, or None with the `missing` parameter's key where it is open, and `entry` of its table. `share`: before it is raised to
    the minimum wage."""

    amount: Decimal | None
    missing: str | None = None
    share: Decimal | None = None
    entry: str | None = None


def kept_facts(basis: Mapping[str, Any], scheme: Scheme, *, fatal: bool) -> Facts:
    """What a stored sum was calculated from."""
    return Facts(
        scheme=scheme,
        grade=basis.get("grade"),
        nursing=basis.get("nursing"),
        fatal=fatal,
        own_wage=_amount(basis.get("own_wage")),
        from_records=basis.get("own_wage_from") is not None,
        pay=_amount(basis.get("pay")),
        invoices=[Invoice(Decimal(one["amount"]), Decimal(one["excluded"])) for one in basis.get("invoices", ())],
        dependants=[Dependant(one["relation"], one["lone"]) for one in basis.get("dependants", ())],
        days=basis.get("days"),
        third_party_paid=_amount(basis.get("third_party_paid")) or Decimal(0),
        leaving=basis.get("leaving"),
        death=basis.get("death"),
        advanced=_amount(basis.get("advanced")) or Decimal(0),
        pension=_amount(basis.get("pension")),
    )


def granted_facts(basis: Mapping[str, Any], scheme: Scheme) -> Facts:
    """The same of a benefit that was granted: its conditions were met, whatever has become of them since."""
    facts = kept_facts(basis, scheme, fatal=True)
    return replace(facts, confirmed=True, no_fitting_work=True, missing=True, hardship=True)


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
