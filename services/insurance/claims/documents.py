"""Claims: accidents that were reported, and what became of them."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import BaseModel, Field
from pymongo import ASCENDING, IndexModel

from services.insurance.claims.rules import State, required_papers
from services.insurance.claims.step_documents import (
    Appeal,
    Application,
    Assessment,
    Clock,
    Decision,
    Extension,
    Nursing,
    Step,
)
from shared.contracts.insurance import ClaimFields, ClaimStep, CoverCheck, Reporter, Scheme, Side
from shared.contracts.platform import Severity
from shared.policy.parameters import Law
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record
from shared.storage.taken import Taken

PLACE: Final = "claim.place"
DESCRIPTION: Final = "claim.description"
KIN: Final = "claim.kin"
"""The places that the parts of a claim are encrypted for, each with the claim's id; those of its steps are beside them."""


@dataclass(frozen=True, slots=True)
class Kin:
    """The next of kin who reports or applies: the relation to the worker, name and phone."""

    relation: str
    name: str
    phone: str


class OutletUnit(BaseModel):
    """The courier outlet through which the worker is insured against work injuries, and its insurer, who stands as the employer
    (人社厅发〔2021〕101 号): credit codes."""

    uscc: str
    insurer: str


class Claim(Record):
    """One reported accident. `reported_at` is when it reached us; `number` is what people are told.

    Encrypted: `place`, `description`, `kin` (JSON: relation, name, phone of the next of kin who reported it or applied).
    `kin_told`: the notifier was told where they are reached.
    `platform_apply_by` and `self_apply_by` are the last days to apply for benefits: for the platform or employer, and for
    the worker, next of kin or union. `due` holds the day of each step under way. `partner` is the credit code of the
    engagement's partner firm. `scheme` stands still from the acceptance on, while `cover` goes on telling what is known.
    `outlet`: where the worker is insured through one; `outlet_units`: the credit codes that see the claim for it.
    `scheme_set`: an officer found which insurance covers the accident, so that no fact changes it by itself.
    `former_workers`: ids whose record became `worker_id`'s, by which an engagement may name the worker for a while yet.
    `first_applied`: when anybody first applied and did not take it back.
    `other_platforms`: under whose orders the worker was at that moment too. `twins`: claims that seem to be about the
    same accident; `apart`: those of which an officer found that they are not; `merged`: those that were merged into it.
    """

    number: str
    platform: str
    incident_id: str
    worker_ref: str
    worker_id: str | None
    order_id: str | None
    occurred_at: dt.datetime
    reported_at: dt.datetime
    reported_by: Reporter = "platform"
    reporter: str = ""
    kin: Annotated[str | None, EncryptedAt(KIN)] = None
    kin_told: bool = False
    district: str
    severity: Severity
    place: Annotated[str, EncryptedAt(PLACE)]
    description: Annotated[str, EncryptedAt(DESCRIPTION)]
    cover: CoverCheck
    scheme: Scheme = "occupational_injury"
    platform_apply_by: dt.date | None
    self_apply_by: dt.date | None

    state: State = "reported"
    recognised: bool | None = None
    grade: int | None = Field(default=None, ge=1, le=10)
    nursing: Nursing | None = None
    fatal: bool = False
    partner: str | None = None
    outlet: OutletUnit | None = None
    outlet_units: list[str] = []
    scheme_set: bool = False
    former_workers: list[str] = []
    other_platforms: list[str] = []

    photos: int = 0
    papers: list[str] = []
    asked_papers: list[str] = []
    kinds: list[str] = []
    application: Application | None = None
    first_applied: dt.date | None = None
    extension: Extension | None = None
    decisions: list[Decision] = []
    assessments: list[Assessment] = []
    appeals: list[Appeal] = []
    due: dict[ClaimStep, dt.date] = {}
    clock: Clock | None = None
    twins: list[str] = []
    apart: list[str] = []
    merged: list[str] = []
    merged_into: str | None = None
    history: list[Step] = []

    class Settings:
        name = "claims"
        indexes = [
            IndexModel([("platform", ASCENDING), ("worker_ref", ASCENDING)]),
            IndexModel([("outlet_units", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("worker_id", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("platform", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("partner", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("reporter", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
        ]

    def required_papers(self, law: Law) -> list[str]:
        """Every paper that the application needs; empty while there is none."""
        if self.application is None:
            return []
        applicant, late = self.application.applicant, self.application.late
        return required_papers(self.scheme, law, fatal=self.fatal, kinds=self.kinds, applicant=applicant, late=late)

    def missing_papers(self, law: Law) -> list[str]:
        """The papers that are still to be handed in."""
        wanted = dict.fromkeys([*self.required_papers(law), *self.asked_papers])
        return [paper for paper in wanted if paper not in self.papers]

    def facts(self) -> ClaimFields:
        """What every event of a claim on its way says of it."""
        return {
            "claim_id": self.id,
            "number": self.number,
            "platform": self.platform,
            "worker_ref": self.worker_ref,
            "worker_id": self.worker_id,
            "kin": self.kin_ids,
            "to_kin": self.fatal,
            "filing_union": self.filing_union,
            "unit": self.unit,
            "partner": self.other_enterprise,
        }

    def insured_through(self, outlet: OutletUnit | None) -> None:
        """Take over through which outlet the worker is insured, None where through none."""
        self.outlet = outlet
        self.outlet_units = sorted({outlet.uscc, outlet.insurer}) if outlet else []

    @property
    def unit(self) -> str | None:
        """Who stands as the employer for a courier outlet; None where the worker is insured through none."""
        return self.outlet.insurer if self.outlet else None

    @property
    def other_enterprise(self) -> str | None:
        """Who stands beside the platform as a party: the partner firm or dispatch agency, or the insurer of the courier outlet."""
        if self.outlet is None:
            return self.partner
        return None if self.outlet.insurer == self.platform else self.outlet.insurer

    @property
    def payers(self) -> tuple[str, str | None]:
        """The platform, and the partner firm if any, that answer for what the fund does not pay.

        Where the worker is insured through an outlet its insurer stands as the employer; the platform answers behind it
        (德人社发〔2022〕95号 art. 3), unless it is the insurer itself or the person works for the outlet alone.
        """
        if self.outlet is None:
            return self.platform, self.partner
        if self.platform in self.outlet_units:
            return self.outlet.insurer, None
        return self.platform, self.outlet.insurer

    @property
    def assessed_again(self) -> bool:
        """Whether the province's assessment stands, which replaces the first (art. 26)."""
        return bool(self.assessments) and self.assessments[-1].kind == "again"

    def graded_since(self, day: dt.date | None) -> dt.date | None:
        """When, from a day on, a disability grade was first found by the recognition that stands."""
        standing = self.decisions[-1].number if self.decisions else None
        days = [one.concluded_on for one in self.assessments if one.grade is not None and one.decision == standing]
        return min((found for found in days if found is not None and (day is None or found >= day)), default=None)

    @property
    def parties(self) -> tuple[Side, ...]:
        """Whom the law has the claim's letters served on, each for itself (工伤保险条例 art. 20)."""
        other = self.other_enterprise
        return ("worker", "platform") if other in (None, self.platform) else ("worker", "platform", "partner")

    @property
    def filing_union(self) -> str | None:
        """The subject of whoever reported it for a union, in its own name or for next of kin."""
        return self.reporter if self.history and self.history[0].role == "union" else None

    @property
    def kin_ids(self) -> tuple[str, ...]:
        """By which ids the notifier knows the next of kin who act for the worker."""
        return (self.id,) if self.kin_told else ()

    def act_by(self, kin: Kin) -> None:
        """Keep who acts for the worker, in place of whoever did before."""
        said = {"relation": kin.relation, "name": kin.name, "phone": kin.phone}
        self.kin = encrypt_field(KIN, self.id, json.dumps(said, ensure_ascii=False))

    @property
    def clear_kin(self) -> Kin | None:
        return Kin(**json.loads(decrypt_field(KIN, self.id, self.kin))) if self.kin else None


class Incident(Taken):
    """An incident that a platform reported (`<credit code>|<the platform's own id>`), and the claim that it opened."""

    class Settings:
        name = "incidents"
