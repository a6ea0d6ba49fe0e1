"""Whom a fact is about, what of it is kept, and who may see which parts.

Who sees which sections (德人社发〔2022〕95 号 art. 11; 劳动保障监察条例 art. 9 keeps whoever complains secret):

| reader | sees |
|---|---|
| the worker | everything of their own |
| a platform | of itself and of those who work through it: what `PLATFORM_SECTIONS` names; never a case, a lead or a union matter |
| an officer of the labour department | everything of their district |
| an officer of another department | the sections of the articles in which the policy names that department |
| a union | the sections of the articles in which it names the unions: of enterprises of its scope, of members what they share |

A case is seen by the departments that it was routed to, and in an enterprise's dossier by no union; one of a sensitive category by no
officer: who is of its circle reads it where it is kept. That a private message was sent is for its recipient. What is only intended
(a penalty, a listing) is for the department that intends it, the labour department and the enterprise.

What is said of an enterprise without a district is the city's, but for its public credit record, penalties and what other
departments say of it. Whom the facts in an
enterprise's dossier are about is told to the enterprise itself and to the labour department alone.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from shared.contracts.base import Fact
from shared.contracts.platform import platform_of

# fmt: off
PLATFORM_SECTIONS = frozenset({
    "footing", "papers", "partners", "pay", "safety", "enrolment", "premiums", "claims", "advances", "policies",
    "bargaining", "enterprise", "credit", "penalties", "records", "messages", "disputes",
})
# fmt: on
LABOUR_DEPARTMENT, UNIONS = "hrss", "union"

PERSONAL = frozenset({"id_number", "name", "phone", "contact_phone", "place", "description", "filing_union"})
"""Fields of events that a dossier does not keep, among them who reported an enterprise for a union; sealed ones neither."""

PERSONS = frozenset({"worker_id", "merged_worker_id", "worker_ref", "recipient", "membership_id", "engagement_id"})
"""Fields that say, or lead to, whom a fact is about."""

OFFICERS = frozenset({"officer"})
"""Fields that name an officer by the subject of their token."""

CASES, MESSAGES = "cases", "messages"
CREDIT = "credit"
"""The section that makes an enterprise's public record."""

PUBLISHED, TAKEN_BACK = "cn.deyang.complaints.penalty.published.v1", "cn.deyang.complaints.penalty.withdrawn.v1"
"""A penalty in public (行政处罚法 art. 48), and no more so."""


_COMPLAINTS = "cn.deyang.complaints."
UNDECIDED = frozenset(
    f"{_COMPLAINTS}{one}.v1"
    for one in (
        "credit.notified",
        "inspection.drawn",
        "inspection.found",
        "inspection.proposed",
        "penalty.answered",
        "penalty.hearing_called_off",
        "penalty.hearing_set",
        "penalty.notified",
        "preservation.made",
    )
)
"""What is intended of an enterprise, or done before it is decided: nobody's but theirs who have a part in it."""

PRIVATE_BEFORE = ("reporter_told_", "legal_aid_")
"""How the templates begin of messages that are private, and were told of by a version that did not say so."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads what. `closed`: the sensitive categories, of which an officer reads no case here. `districts`: those of an officer or
    a union that does not reach the whole city, null for anybody else. `of_enterprise`: it is an enterprise's dossier, and not a
    worker's. `shared`: the sections that a worker shares with a union, null for anybody else.
    """

    role: Literal["worker", "platform", "officer", "union"]
    platform: str | None = None
    department: str | None = None
    districts: frozenset[str] | None = None
    of_enterprise: bool = False
    shared: Collection[str] | None = None
    closed: Collection[str] = ()

    @property
    def knows_persons(self) -> bool:
        """Whether the reader is told whom a fact in an enterprise's dossier is about."""
        return not self.of_enterprise or self.role == "platform" or self.department == LABOUR_DEPARTMENT


def worker_subject(worker_id: str) -> str:
    return f"worker:{worker_id}"


def worker_of(subject: str) -> str | None:
    """The person whom a subject is; None where it is an account or an enterprise."""
    kind, _, worker_id = subject.partition(":")
    return worker_id if kind == "worker" else None


def account_subject(platform: str, worker_ref: str) -> str:
    """A platform's worker, for facts that do not say who that is."""
    return f"account:{platform}|{worker_ref}"


def enterprise_subject(uscc: str) -> str:
    return f"enterprise:{uscc}"


def credit_subject(uscc: str) -> str:
    """An enterprise's public record, kept apart, so that it is read without going through everything else."""
    return f"credit:{uscc}"


def subjects_of(fact: Fact, source: str, section: str) -> list[str]:
    """Whom a fact is about, by the ids that it names."""
    found: list[str] = []
    worker_id, worker_ref = getattr(fact, "worker_id", None), getattr(fact, "worker_ref", None)
    platform = getattr(fact, "platform", None)
    if source.startswith("/platforms/"):
        platform = platform_of(source)
    if worker_id:
        found.append(worker_subject(worker_id))
    elif worker_ref and platform:
        found.append(account_subject(platform, worker_ref))
    if merged := getattr(fact, "merged_worker_id", None):
        found.append(worker_subject(merged))
    if recipient := getattr(fact, "recipient", None):
        found.append(enterprise_subject(recipient) if len(recipient) == USCC_LENGTH else worker_subject(recipient))
    named = [platform, *(getattr(fact, name, None) for name in ("uscc", "partner", "partner_uscc", "payer", "unit"))]
    named += getattr(fact, "platforms", ())
    enterprises = sorted({uscc for uscc in named if uscc and len(uscc) == USCC_LENGTH})
    found += [enterprise_subject(uscc) for uscc in enterprises]
    if section == CREDIT:
        found += [credit_subject(uscc) for uscc in enterprises]
    return found


USCC_LENGTH = 18


def kept_fields(fact: Fact) -> dict[str, Any]:
    """A fact as a dossier keeps it: nothing sealed, nothing personal."""
    fields: dict[str, Any] = msgspec.to_builtins(fact)
    return {name: value for name, value in fields.items() if name not in PERSONAL and not name.startswith("for_")}


def public_facts(facts: Iterable[dict[str, Any]], of_credit: Container[str]) -> list[dict[str, Any]]:
    """What anybody may know, out of the facts of an enterprise's public record, the latest first (each with `type` and `data`).

    A penalty that is no longer published is not among them (行政处罚法 art. 48), nor what stands in another section today:
    `of_credit` are the types of the public one.
    """
    found: list[dict[str, Any]] = []
    taken_back: set[str] = set()
    for fact in facts:
        if fact["type"] == TAKEN_BACK:
            taken_back.add(fact["data"]["penalty_id"])
        elif fact["type"] in of_credit and not (fact["type"] == PUBLISHED and fact["data"]["penalty_id"] in taken_back):
            found.append(fact)
    return found


def position(at: datetime, source: str, event_id: str) -> str:
    """Where a fact stands in a timeline: positions sort by time, and no two facts have the same."""
    utc = at.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03}Z|{source}|{event_id}"


def sections_seen(reader: Reader, articles: Mapping[str, str], duty: Mapping[str, Collection[str]]) -> set[str]:
    """The sections that a reader may see. `articles`: each section's article; `duty`: each article's departments."""
    if reader.role == "platform":
        return set(PLATFORM_SECTIONS)
    department = UNIONS if reader.role == "union" else reader.department
    if reader.role == "worker" or department == LABOUR_DEPARTMENT:
        return set(articles)
    named = {section for section, article in articles.items() if department in duty.get(article, ())}
    return named if reader.shared is None else named.intersection(reader.shared)


def may_see(
    reader: Reader, sections: Collection[str], section: str, data: Mapping[str, Any], source: str, kind: str = ""
) -> bool:
    """Whether a reader may see one fact; `kind` is the event's type."""
    if section not in sections or (kind in UNDECIDED and not _has_part(reader, data)):
        return False
    if section == MESSAGES and reader.role != "worker" and _private(data):
        return False
    if not _in_district(reader, section, data.get("district")):
        return False
    if section == CASES and not _sees_case(reader, data):
        return False
    if reader.role == "platform":
        named: Iterable[Any] = (
            platform_of(source),
            data.get("recipient"),
            *(data.get(name) for name in ("platform", "uscc", "partner", "partner_uscc", "payer", "unit")),
            *data.get("platforms", ()),
        )
        return reader.platform in named
    return True


def shown(reader: Reader, data: Mapping[str, Any]) -> dict[str, Any]:
    """What a reader sees of a fact's fields: which officer has a matter in hand is for officers."""
    hidden = (frozenset() if reader.knows_persons else PERSONS) | (
        frozenset() if reader.role == "officer" else OFFICERS
    )
    return {name: value for name, value in data.items() if name not in hidden}


def _in_district(reader: Reader, section: str, district: str | None) -> bool:
    if reader.districts is None:
        return True
    if district is None:
        return not reader.of_enterprise or section in (CREDIT, "penalties", "records")
    return district in reader.districts


def _has_part(reader: Reader, data: Mapping[str, Any]) -> bool:
    if reader.role == "officer":
        return reader.department in (LABOUR_DEPARTMENT, data.get("lead_department"))
    return reader.role != "union"


def _private(data: Mapping[str, Any]) -> bool:
    return bool(data.get("private")) or str(data.get("template")).startswith(PRIVATE_BEFORE)


def _sees_case(reader: Reader, data: Mapping[str, Any]) -> bool:
    if reader.role == "union":
        return not reader.of_enterprise
    if reader.role == "officer" and data.get("category") in reader.closed:
        return False
    other = reader.role == "officer" and reader.department != LABOUR_DEPARTMENT
    return not other or reader.department in data.get("departments", ())
