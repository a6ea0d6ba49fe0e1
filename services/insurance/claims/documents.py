"""Claims: accidents that were reported, and what became of them."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import BaseModel, Field
from pymongo import ASCENDING, DESCENDING, IndexModel

from services.insurance.claims.rules import Event, ExtensionState, State, required_papers
from services.insurance.letters.documents import Served
from shared.contracts.insurance import ClaimFields, ClaimStep, CoverCheck, Reporter, Scheme, Side
from shared.contracts.platform import Severity
from shared.policy.calendar import Pause
from shared.policy.parameters import Law, Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record
from shared.storage.taken import Taken

PLACE: Final = "claim.place"
DESCRIPTION: Final = "claim.description"
KIN: Final = "claim.kin"
LATE_REASON: Final = "claim.late_reason"
NOTE: Final = "claim.note"
DECISION: Final = "claim.decision"
EXTENSION: Final = "claim.extension"
"""The places that the parts of a claim are encrypted for, each with the claim's id."""


Nursing = Literal["full", "most", "partial"]
"""Dependence on others' care: complete, for the most part, in part (工伤保险条例 art. 22)."""


Role = Literal["worker", "platform", "officer", "union", "system"]


StepName = (
    Event
    | Literal["reported", "papers_given", "extended", "kept_apart", "appeal_filed", "appeal_ended", "deadline_missed"]
    | Literal[
        "not_compared", "served", "service_corrected", "extension_asked", "extension_granted", "extension_refused"
    ]
)
"""`not_compared`: it could not be told by itself whether other claims are about the same accident; an officer looks. `served`: a
letter was, on one party; `service_corrected`: that was recorded wrongly. `extension_...`: of the employer's term to apply."""


@dataclass(frozen=True, slots=True)
class Kin:
    """The next of kin who reports or applies: the relation to the worker, name and phone."""

    relation: str
    name: str
    phone: str


class Step(BaseModel):
    """One entry of a claim's history. `by` is the token's subject; `used` are the parameters that the step rested on;
    `note` is encrypted."""

    at: dt.datetime
    event: StepName
    state: State
    role: Role
    by: str
    note: Annotated[str | None, EncryptedAt(NOTE)] = None
    used: list[Used] = []


class Still(BaseModel):
    """Legal days on which the clock stands still, both included; `last` is None while it does."""

    first: dt.date
    last: dt.date | None = None

    @property
    def pause(self) -> Pause:
        return Pause(self.first, self.last)


class Clock(BaseModel):
    """The term of the step under way, without which no date can be moved: days or working days from `start`."""

    start: dt.date
    days: int | None = None
    workdays: int | None = None
    stills: list[Still] = []


class Application(BaseModel):
    """The request for benefits. `late_reason` is encrypted. `unit`: the credit code of the enterprise that made it, if one did."""

    applicant: Reporter
    unit: str | None = None
    applied_on: dt.date
    late: bool
    late_reason: Annotated[str | None, EncryptedAt(LATE_REASON)]


class Extension(BaseModel):
    """More time for the employer to apply, with leave (工伤保险条例 art. 17(1)). `unit`: the enterprise that asked, where it did so
    itself; `until`: its last day, where it was granted. `reason` and `ground` are encrypted."""

    state: ExtensionState
    asked_on: dt.date
    unit: str | None
    reason: Annotated[str, EncryptedAt(EXTENSION)]
    until: dt.date | None = None
    ground: Annotated[str | None, EncryptedAt(EXTENSION)] = None
    decided_by: str | None = None
    decided_on: dt.date | None = None


class Decision(BaseModel):
    """A refusal, or a decision whether the injury is recognised. `text` is encrypted; terms run from each of `served`."""

    number: str
    outcome: Literal["refused", "recognised", "not_recognised"]
    scheme: Scheme
    reasons: list[str]
    instead: list[str] = []
    text: Annotated[str, EncryptedAt(DECISION)]
    decided_on: dt.date
    by: str
    served: list[Served] = []
    used: list[Used]


class Assessment(BaseModel):
    """An assessment of the capacity for work (工伤保险条例 ch. 4). `grade` and `nursing` are null where there is none.

    `kind`: `first`; `again` by the province, which is final (art. 26); `review` after a year (art. 28). It follows
    the recognition with the number in `decision`: one that is annulled takes its assessments with it. The term to ask for
    another runs from each of `served`.
    """

    decision: str
    kind: Literal["first", "again", "review"]
    requested_on: dt.date
    requested_by: Role
    extended: bool = False
    concluded_on: dt.date | None = None
    grade: int | None = None
    nursing: Nursing | None = None
    experts: int | None = None
    served: list[Served] = []


class Appeal(BaseModel):
    """A review (行政复议) or suit of one party against the last decision. `outcome` is null while it is under way, `not_decided` of a
    review that was not decided in its term and that the party left for the court; `served`: when the decision of a review was."""

    decision: str
    way: Literal["review", "court"]
    role: Role
    party: Side | None = None
    filed_on: dt.date
    late: bool
    outcome: Literal["upheld", "revoked", "withdrawn", "not_decided"] | None = None
    ended_on: dt.date | None = None
    served: list[Served] = []

    @property
    def side(self) -> Side:
        """Whose it is; older ones say no more than the role."""
        return self.party or ("platform" if self.role == "platform" else "worker")


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
    outlet_units: list[str] = []  # noqa: RUF012 - pydantic copies it
    scheme_set: bool = False
    former_workers: list[str] = []  # noqa: RUF012 - pydantic copies it
    other_platforms: list[str] = []  # noqa: RUF012 - pydantic copies it

    photos: int = 0
    papers: list[str] = []  # noqa: RUF012 - pydantic copies it
    asked_papers: list[str] = []  # noqa: RUF012 - pydantic copies it
    kinds: list[str] = []  # noqa: RUF012 - pydantic copies it
    application: Application | None = None
    first_applied: dt.date | None = None
    extension: Extension | None = None
    decisions: list[Decision] = []  # noqa: RUF012 - pydantic copies it
    assessments: list[Assessment] = []  # noqa: RUF012 - pydantic copies it
    appeals: list[Appeal] = []  # noqa: RUF012 - pydantic copies it
    due: dict[ClaimStep, dt.date] = {}  # noqa: RUF012 - pydantic copies it
    clock: Clock | None = None
    twins: list[str] = []  # noqa: RUF012 - pydantic copies it
    apart: list[str] = []  # noqa: RUF012 - pydantic copies it
    merged: list[str] = []  # noqa: RUF012 - pydantic copies it
    merged_into: str | None = None
    history: list[Step] = []  # noqa: RUF012 - pydantic copies it

    class Settings:
        name = "claims"
        indexes = [  # noqa: RUF012 - Beanie reads it so
            IndexModel([("platform", ASCENDING), ("worker_ref", ASCENDING)]),
            IndexModel([("outlet_units", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("worker_id", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("district", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("platform", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("partner", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("reporter", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", DESCENDING)]),
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
