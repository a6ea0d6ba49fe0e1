"""From an event to its messages: to whom, with which template, and what stands in its places.

Parameters are dates, numbers of cases, amounts and a platform's own reference of its worker; never personal data.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal

from services.notifier.notices.rows import FIELD_OF, TERMS, Row, To, Value, places_of
from shared.contracts.base import Fact
from shared.contracts.complaints import LeadClosed, LeadRaised
from shared.contracts.insurance import EnrolmentEnded, EnrolmentExcluded, EnrolmentFact, EnrolmentOpened
from shared.contracts.registry import ConsultationOpened, EngagementActivated, EngagementBlocked, EngagementEnded
from shared.identity.regions import CITY
from shared.policy import wording
from shared.policy.calendar import SHANGHAI
from shared.policy.parameters import Law, parameters

RecipientKind = Literal["worker", "kin", "platform", "provider", "union", "department", "officer"]
"""A worker, one of their next of kin, an enterprise, a body that trains or evaluates, a trade union, the duty desk of a
department, or one officer."""

SIGNATURE = "德阳人社"
"""Who the messages come from, as it is filed with the SMS gateway."""
LONGEST_PARAMETER = 35
"""Characters that the gateway allows in one place of a template."""
ONE_PART, EACH_PART = 70, 67
"""Characters of an SMS that is charged as one, and of each part of a longer one, the signature counted."""


KIND_OF: Mapping[To, RecipientKind] = {
    "worker": "worker",
    "kin": "kin",
    "platform": "platform",
    "platforms": "platform",
    "third_parties": "platform",
    "partner": "platform",
    "unit": "platform",
    "enterprise": "platform",
    "union": "union",
    "unions": "union",
    "filing_union": "union",
    "provider": "provider",
    "department": "department",
    "officer": "officer",
}


@dataclass(frozen=True, slots=True)
class Message:
    """A message that must go out.

    Exactly one of `recipient` (a worker's, kin's or union's id, a credit code, `<department>:<district>`, or an officer's subject)
    and `reference` (a platform and its worker's reference, or who acts for a union) is set. `platform` and `engagement` name what
    `${platform}` (its name) and `${worker_ref}` are filled from. `desk`: who hears in place of an officer who has no address.
    `district` is that of the case or the engagement, where the event has one.
    """

    template: str
    kind: RecipientKind
    recipient: str | None
    reference: str | None = None
    platform: str | None = None
    engagement: str | None = None
    desk: str | None = None
    district: str | None = None
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a fact stands after an event. A later event of the same `fact` may say otherwise and take the message back.

    `untold` is what holds as long as no message about it was sent.
    """

    fact: str
    says: str
    untold: str = ""


TAKES_BACK: frozenset[type[Fact]] = frozenset({EnrolmentEnded, EngagementEnded, LeadClosed})
"""The events that make no message, but may take one back that is held."""


def messages(code: str, row: Row, fact: Fact, on: date) -> list[Message]:
    """What a row makes of an event of a day: nothing where it does not count, or nobody knows to whom it would go."""
    if not _counts(row, fact):
        return []
    terms = {place: _term(TERMS[place], parameters.on(on)) for place in places_of(row.text) & TERMS.keys()}
    return [_message(code, row, fact, to, terms) for to in _recipients(row, fact)]


def not_before(now: datetime, quiet: Mapping[str, str]) -> datetime:
    """When a message may go out that is not urgent: now, or when the quiet hours are over.

    `quiet`: `begin` and `end` as times of day in Asia/Shanghai, HH:MM; the end may be on the next day.
    """
    local = now.astimezone(SHANGHAI)
    begin, end = time.fromisoformat(quiet["begin"]), time.fromisoformat(quiet["end"])
    over = datetime.combine(local.date(), end, SHANGHAI)
    if begin <= end:
        return over.astimezone(UTC) if begin <= local.time() < end else now
    if local.time() < end:
        return over.astimezone(UTC)
    return (over + timedelta(days=1)).astimezone(UTC) if local.time() >= begin else now


def standing_of(fact: Fact) -> Standing | None:
    """How the fact of an event stands, where its messages are held; None where they go out at once.

    Events that come in another order than they happened must neither alarm anybody for nothing nor say the same thing twice.
    """
    if isinstance(fact, EnrolmentOpened | EnrolmentEnded):
        return _segment(fact)
    if isinstance(fact, EnrolmentExcluded):
        says = "never" if fact.withdrawn else "excluded"
        return Standing(f"excluded|{fact.engagement_id}|{fact.worker_id}", says, untold="never")
    if isinstance(fact, EngagementBlocked | EngagementActivated | EngagementEnded):
        return _gate(fact)
    if isinstance(fact, LeadRaised | LeadClosed) and fact.kind == "work_while_blocked":
        return _untrained(fact)
    return None


def reference_of(platform: str, worker_ref: str) -> str:
    """A platform's worker as it is named before anyone knows who that is."""
    return f"{platform}|{worker_ref}"


def reference_to_union(subject: str) -> str:
    """A union as it is named by the subject of somebody who acts for it."""
    return f"union|{subject}"


def subject_of(reference: str) -> str:
    """Who acts for the union of such a reference."""
    return reference.partition("|")[2]


def day(when: date | datetime | None) -> str:
    """A legal day as citizens read it; of an instant, its day in Asia/Shanghai."""
    if when is None:
        return "法定期限"
    local = when.astimezone(SHANGHAI) if isinstance(when, datetime) else when
    return wording.day(local)


def short(text: str) -> str:
    """A parameter cut to what the gateway allows."""
    return text if len(text) <= LONGEST_PARAMETER else text[: LONGEST_PARAMETER - 1] + "…"


def parts(text: str) -> int:
    """How many SMS a text is charged as at home, by its UTF-16 units with the signature."""
    units = len(text.encode("utf-16-le")) // 2
    return 1 if units <= ONE_PART else math.ceil(units / EACH_PART)


def _counts(row: Row, fact: Fact) -> bool:
    def is_one_of(name: str, value: Any) -> bool:
        found = getattr(fact, name)
        return found in value if isinstance(value, list) else found == value

    def number(name: str) -> Decimal | None:
        found = getattr(fact, name)
        return None if found is None else Decimal(found)

    return (
        all(is_one_of(name, value) for name, value in row.when.items())
        and all((found := number(name)) is not None and found >= least for name, least in row.from_.items())
        and all((found := number(name)) is not None and found < most for name, most in row.below.items())
    )


Recipient = tuple[str | None, str | None]
"""A recipient, or a reference of one who is not known yet."""


def _recipients(row: Row, fact: Fact) -> list[Recipient]:
    """To whom a row's message goes: nobody where nobody knows, as with an anonymous report. Where no officer is named, the desk
    takes the place of one (`_message`)."""
    if row.to == "department":
        return [(desk, None) for desk in _desks(row, fact)]
    found = getattr(fact, FIELD_OF[row.to])
    if row.to == "unit" and found is None and isinstance(fact, EnrolmentFact):  # an event that is older than the field
        found = getattr(fact, FIELD_OF["platform"])
    if row.to == "officer":
        return [(found, None)]
    if row.to == "platforms" and isinstance(fact, ConsultationOpened):
        found = fact.platforms or fact.asked
    if row.to in ("kin", "platforms", "third_parties", "unions"):
        return [(one, None) for one in found]
    if found is not None and row.to == "filing_union":
        return [(None, reference_to_union(found))]
    if found is not None:
        return [(found, None)]
    worker_ref = getattr(fact, "worker_ref", None) if row.to == "worker" else None
    return [] if worker_ref is None else [(None, reference_of(getattr(fact, "platform", ""), worker_ref))]


def _desks(row: Row, fact: Fact) -> list[str]:
    """The desks of the row's or the event's departments, for the event's district or else for the city."""
    named = row.department or getattr(fact, row.department_in or FIELD_OF["department"])
    departments = named if isinstance(named, tuple) else (named,)
    return [f"{department}:{getattr(fact, 'district', CITY)}" for department in departments]


def _term(key: str, law: Law) -> str:
    """A number of days or months as it stands in a text."""
    return str(law.number(key))


def _message(code: str, row: Row, fact: Fact, to: Recipient, terms: Mapping[str, str]) -> Message:
    (recipient, reference), places = to, places_of(row.text)
    kind, desk = KIND_OF[row.to], _desks(row, fact)[0] if row.to == "officer" else None
    if desk is not None and recipient is None:
        kind, recipient, desk = "department", desk, None
    by_engagement = "worker_ref" in places and "worker_ref" not in fact.__struct_fields__
    return Message(
        template=code,
        kind=kind,
        recipient=recipient,
        reference=reference,
        platform=getattr(fact, "platform", None) if "platform" in places else None,
        engagement=getattr(fact, "engagement_id", None) if by_engagement else None,
        desk=desk,
        district=getattr(fact, "district", None),
        params={
            place: terms[place] if place in terms else _filled(row.values.get(place), place, fact)
            for place in places
            if place != "platform" and not (place == "worker_ref" and by_engagement)
        },
    )


def _filled(value: Value | None, place: str, fact: Fact) -> str:
    found = getattr(fact, (value and value.of) or place)
    if value is not None and value.words:
        return value.words[found]
    if value is not None and value.read_as == "month":
        year, month = found.split("-")
        return f"{year}年{int(month)}月"
    if value is not None and value.read_as == "magnitude":
        return f"{abs(Decimal(found)):.2f}"
    return day(found) if found is None or isinstance(found, date) else short(str(found))


def _segment(fact: EnrolmentOpened | EnrolmentEnded) -> Standing | None:
    """Whether a segment of cover is there: another account, a correction or an earlier start may replace it."""
    never = fact.ends_on is not None and fact.ends_on < fact.starts_on
    if isinstance(fact, EnrolmentEnded) and not never:
        return None
    named = (fact.enrolment_id, fact.scheme, fact.basis or "", fact.unit or "", fact.worker_id, f"{fact.starts_on}")
    return Standing(f"segment|{'|'.join(named)}", "never" if never else "opened")


def _gate(fact: EngagementBlocked | EngagementActivated | EngagementEnded) -> Standing | None:
    """How the safety gate of an engagement stands: a training may have been on its way when the engagement was blocked."""
    if isinstance(fact, EngagementActivated) and not fact.was_blocked:
        return None
    says = {EngagementBlocked: "blocked", EngagementActivated: "open", EngagementEnded: "ended"}[type(fact)]
    return Standing(f"gate|{fact.engagement_id}", says, untold="open")


def _untrained(fact: LeadRaised | LeadClosed) -> Standing | None:
    """Whether somebody worked without safety training: an earlier training may have been on its way."""
    if isinstance(fact, LeadClosed) and fact.outcome != "withdrawn":
        return None
    return Standing(
        f"lead|{fact.lead_id}", "raised" if isinstance(fact, LeadRaised) else "withdrawn", untold="withdrawn"
    )
