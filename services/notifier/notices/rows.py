"""A row that says who hears what of an event, and what makes a row one that cannot work."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from string import Template
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from shared.contracts import catalogue
from shared.contracts.base import Fact

To = Literal[
    "worker",
    "kin",
    "platform",
    "platforms",
    "third_parties",
    "partner",
    "unit",
    "enterprise",
    "provider",
    "union",
    "unions",
    "filing_union",
    "department",
    "officer",
]
"""The worker that an event is about; each of the next of kin who act for them, or are paid in a dead one's place; an enterprise:
the platform, each of several, each third party of a dispute, a partner firm, the unit that insures, or the one that the event
is about; a body that trains or evaluates; a trade union, each of those within whose scope the matter lies, or the one that
filed it; the duty desk of a department; or one officer, by the subject of their token.
"""

Channel = Literal["sms", "push", "email"]

FIELD_OF: Mapping[To, str] = {
    "worker": "worker_id",
    "kin": "kin",
    "platform": "platform",
    "platforms": "platforms",
    "third_parties": "third_parties",
    "partner": "partner",
    "unit": "unit",
    "enterprise": "uscc",
    "union": "union_id",
    "unions": "unions",
    "filing_union": "filing_union",
    "provider": "provider",
    "department": "lead_department",
    "officer": "officer",
}
"""The field of an event that names the recipient."""

CHANNELS_OF: Mapping[To, frozenset[Channel]] = {
    to: frozenset({"push", "sms"}) if to == "worker" else frozenset({"sms", "email"}) for to in get_args(To)
}
"""By which channels such a recipient can be reached."""


TERMS: Mapping[str, str] = {
    "after_review_days": "admin_suit.after_review_days",
    "again_days": "work_injury.reappraisal_apply_days",
    "arbitration_years": "arbitration.limitation_years",
    "confirm_days": "mediation.confirm_days",
    "defence_copy_days": "arbitration.defence_copy_days",
    "defence_days": "arbitration.defence_days",
    "hotline": "notifications.hotline",
    "mediation_days": "mediation.max_days",
    "postpone_days": "arbitration.postpone_request_days",
    "review_days": "admin_review.apply_days",
    "suit_months": "admin_suit.apply_months",
}
"""Terms, and the number to call, that any text may have a place for, by the parameter that they come from on the day of the event."""


class Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a place of a text gets its value from, unless it is simply the event's field of that name.

    `of`: another field. `read_as`: a legal month, or an amount without its sign. `words`: what a code is called.
    """

    of: str | None = None
    read_as: Literal["month", "magnitude"] | None = msgspec.field(default=None, name="as")
    words: Mapping[str, str] = {}


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One message of one event to one recipient.

    `event`: the event's type without `cn.deyang.`. The row counts where each field of `when` has that value (or one of
    those values), and each number of `from_` and `below` is at least, or less than, what stands there. `version` grows with
    each change of the text. `legal`: the law demands the message. `urgent`: it goes at any hour. `department`: whose desk
    hears, where the event does not say; it hears too where an officer has no address of their own. `department_in`: the field
    that names it, or several, where it is not `lead_department`. `channels`: by which the message goes, in this order, where
    that is not the usual one. `several`: the text, with `${count}`, of several such messages that became one. `private`: that there
    is such a message is kept from everybody but its recipient, officers too.
    """

    event: str
    to: To
    when: Mapping[str, Any] = {}
    from_: Mapping[str, Decimal] = msgspec.field(default={}, name="from")
    below: Mapping[str, Decimal] = {}
    values: Mapping[str, Value] = {}
    version: int = 1
    legal: bool = False
    urgent: bool = False
    department: str | None = None
    channels: tuple[Channel, ...] = ()
    department_in: str | None = None
    several: str | None = None
    private: bool = False
    title: str
    text: str

    @property
    def fact(self) -> type[Fact]:
        return catalogue[f"cn.deyang.{self.event}"]


@cache
def places_of(text: str) -> frozenset[str]:
    """The names of the places `${name}` in a text."""
    return frozenset(Template(text).get_identifiers())


def faults_of(row: Row) -> list[str]:
    """Why a row cannot work: no such event, no such field, a value that is never there, a code without a word."""
    if f"cn.deyang.{row.event}" not in catalogue:
        return [f"there is no event {row.event}"]
    fields = get_type_hints(row.fact, include_extras=False)
    if len({*row.channels}) < len(row.channels) or not CHANNELS_OF[row.to].issuperset(row.channels):
        return [f"{row.to} cannot be reached by {', '.join(row.channels)}"]
    if row.several is not None and Template(row.several).get_identifiers() != ["count"]:
        return ["the text of several has no place but count"]
    faults = [f"{row.event} has no {name}" for name in _named(row) - fields.keys()]
    for name in row.when.keys() & fields.keys():
        allowed = _codes(fields[name])
        faults += [f"{name} is never {one}" for one in _several(row.when[name]) if allowed and one not in allowed]
    for place, value in row.values.items():
        if place not in places_of(row.text):
            faults.append(f"the text has no place {place}")
        if value.words and (missing := _codes(fields.get(value.of or place, str)) - value.words.keys() - {None}):
            faults.append(f"{place} has no word for {sorted(missing)}")
    return faults


def _named(row: Row) -> set[str]:
    """The fields that a row rests on."""
    desk = row.department_in or FIELD_OF["department"]
    asked = {desk if row.to == "department" else FIELD_OF[row.to], *([desk] if row.to == "officer" else [])}
    if row.department:
        asked.discard(desk)
    asked |= {*row.when, *row.from_, *row.below}
    for place in places_of(row.text) - TERMS.keys():
        value = row.values.get(place)
        if place == "worker_ref" and "worker_ref" not in row.fact.__struct_fields__:
            asked.add("engagement_id")
        else:
            asked.add(value.of if value and value.of else place)
    return asked


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _codes(hint: Any) -> set[Any]:
    """The values that a field can have, where they are few: codes, yes or no, and None; empty where there are more."""
    if hint is bool:
        return {True, False}
    if get_origin(hint) is Literal:
        return set(get_args(hint))
    if get_origin(hint) in (Union, UnionType):
        parts = [{None} if part is NoneType else _codes(part) for part in get_args(hint)]
        return set().union(*parts) if all(parts) else set()
    return set()
