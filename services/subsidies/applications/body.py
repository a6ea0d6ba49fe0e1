"""What applicants and officers send."""

from __future__ import annotations

import datetime as dt
import json
from typing import Annotated, Any, Final

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, StringConstraints, ValidationError

from services.subsidies.applications.access import party_of
from services.subsidies.applications.commands import Filing
from services.subsidies.applications.documents import Agent
from services.subsidies.applications.kinds import Kind, kind_of
from services.subsidies.applications.rules import Finding
from services.subsidies.applications.rules import party_of as own_party
from services.subsidies.applications.serving_commands import Way
from services.subsidies.decisions.rules import ApplicantKind
from services.subsidies.payments.rules import Payee, check_payee
from shared.callers import Caller
from shared.errors import Forbidden, RuleBroken
from shared.policy.serving import ServiceWay
from shared.storage.fields import Yuan
from shared.web.fields import District

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
PartyId = Annotated[str, StringConstraints(pattern=r"^[\w:.-]{1,100}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]

OWN: Final[dict[str, ApplicantKind]] = {
    "worker": "person",
    "platform": "platform",
    "provider": "provider",
    "union": "union",
}
"""What kind of applicant a caller is by their own token."""


class Account(BaseModel):
    """Into which account it is paid. `bank`: its name; `bank_code`: its 12 digits in the payment system (联行号)."""

    holder: Name
    number: Annotated[str, StringConstraints(pattern=r"^[0-9]{8,30}$")]
    bank: Name | None = None
    bank_code: Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")] | None = None

    @property
    def payee(self) -> Payee:
        return Payee(name=self.holder, account=self.number, bank=self.bank, bank_code=self.bank_code)


class Mandate(BaseModel):
    """What an agent shows: the number of the written mandate (委托书), and its last day."""

    number: Name
    until: dt.date


class Principal(BaseModel):
    """In whose name it is filed: a worker's id, a credit code, or the subject of a union."""

    kind: ApplicantKind
    id: PartyId


class ContentBody(BaseModel):
    """What an application says. `stated`: what its kind asks, see `GET /v1/subsidy-kinds`."""

    stated: dict[str, Any] = Field(max_length=100)
    account: Account | None = None

    def checked(self, kind: Kind) -> tuple[str, str | None]:
        """What is stated and the account, as they are stored; raises a 422 problem where the kind asks otherwise, or no bank would
        take the account."""
        if self.account is None:
            return checked_statement(kind, self.stated), None
        check_payee(self.account.payee)
        return checked_statement(kind, self.stated), self.account.model_dump_json()


class ApplicationBody(ContentBody):
    """An application. `name`: the applicant's. An agent names `applicant` and `mandate`; an officer files for a community.

    `submit`: hand it in at once; otherwise it is kept as a draft.
    """

    kind: Code
    name: Name
    district: District
    applicant: Principal | None = None
    mandate: Mandate | None = None
    submit: bool = True

    def filing(self, caller: Caller) -> Filing:
        """Raises RuleBroken where an agent shows no mandate, Forbidden where an officer files for anybody but a community."""
        kind, party = kind_of(self.kind), party_of(caller)
        stated, account = self.checked(kind)
        applicant = self._applicant(caller)
        return Filing(
            kind=kind,
            applicant_kind=applicant.kind,
            applicant_id=applicant.id,
            party=party,
            agent=self._agent(caller, party),
            name=self.name,
            account=account,
            stated=stated,
            district=self.district,
        )

    def _applicant(self, caller: Caller) -> Principal:
        if self.applicant is not None:
            if caller.role == "officer" and self.applicant.kind != "community":
                raise Forbidden("经办人员只能代社区申报", "an officer files for communities alone")
            return self.applicant
        if caller.role not in OWN:
            raise RuleBroken("applicant-missing", "请填写申请人", "say in whose name it is filed")
        own = {"worker": caller.worker_id, "union": caller.subject}.get(caller.role, caller.uscc)
        return Principal(kind=OWN[caller.role], id=str(own))

    def _agent(self, caller: Caller, party: str) -> Agent | None:
        if (
            self.applicant is None
            or caller.role == "officer"
            or own_party(self.applicant.kind, self.applicant.id) == party
        ):
            return None
        if self.mandate is None:
            raise RuleBroken("mandate-missing", "代为申请应当提交委托书", "an agent shows a mandate")
        return Agent(party=party, mandate=self.mandate.number, until=self.mandate.until)


class WhyBody(BaseModel):
    """Why."""

    reason: Text


class ServiceBody(BaseModel):
    """How the decision was served on the applicant. `on`: the legal day of receipt; of an announcement (公告) that of its publication,
    which counts once its term is over. `agreed`: to electronic service."""

    way: ServiceWay
    on: dt.date
    evidence: Text = Field(description="number of the receipt or the post, where it was announced and why")
    agreed: bool = False

    @property
    def way_of(self) -> Way:
        return Way(self.way, self.on, self.evidence, self.agreed)


class CorrectionBody(BaseModel):
    """Why the service that counts was recorded wrongly; `anew`: how the decision was served, null where it was not."""

    reason: Text
    anew: ServiceBody | None


class SupplementBody(BaseModel):
    """What is missing. `until`: by when, where no parameter says it."""

    what: Text
    until: dt.date | None = None


class FindingBody(BaseModel):
    """What the first officer finds. `judged`: grounds left to a person that are met; `against`: grounds that are not;
    `amount`: yuan, where no parameter says it; `note`: why, which the applicant reads too where it is refused."""

    approve: bool
    judged: list[Code] = Field(default=[], max_length=40)
    against: list[Code] = Field(default=[], max_length=40)
    amount: Annotated[Yuan, Field(gt=0)] | None = None
    note: Text | None = None

    @property
    def finding(self) -> Finding:
        return Finding(approve=self.approve, judged=tuple(self.judged), against=tuple(self.against), amount=self.amount)


class PaymentBody(BaseModel):
    """The amount in yuan, where none was set."""

    amount: Annotated[Yuan, Field(gt=0)] | None = None


class ConfirmationBody(BaseModel):
    """`to_head`: whether the head signs too, where no limit is known."""

    to_head: bool | None = None


def checked_statement(kind: Kind, stated: dict[str, Any]) -> str:
    """What is stated as JSON, checked as its kind asks; raises a 422 problem that quotes nothing."""
    try:
        return kind.stated.model_validate_json(json.dumps(stated)).model_dump_json()
    except ValidationError as error:
        found = [
            {"loc": ("body", "stated", *one["loc"]), "msg": one["msg"]} for one in error.errors(include_input=False)
        ]
        raise RequestValidationError(found) from None
