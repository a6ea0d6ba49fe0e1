"""What HTTP shows of collective contracts."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, Field

from services.registry.collective_contracts.documents import END_REASON, OBJECTION, CollectiveContract, Objection
from services.registry.collective_contracts.rules import State
from services.registry.consultations.rules import Level
from shared.contracts.platform import Industry
from shared.policy.parameters import Used
from shared.storage.encryption import decrypt_field
from shared.storage.fields import Yuan

Minutes = Annotated[int | None, Field(ge=1, le=1440)]


class TermsView(BaseModel):
    """What is agreed from a day on; a null part is not agreed."""

    since: dt.date
    hourly_pay: Yuan | None = Field(description="Yuan for an hour of working time.")
    longest_continuous_minutes: int | None = Field(description="Of taking orders without a rest.")
    longest_daily_minutes: int | None = Field(description="Of taking orders on one day.")
    waiting_percent: Yuan | None = Field(description="Allowance for waiting, in percent of the time of orders.")


class ContractView(BaseModel):
    """A collective contract. It binds its platforms or, where none are named, the trade in the district."""

    contract_id: str
    number: str
    consultation_id: str
    level: Level
    workers_side: str
    platforms: list[str]
    industry: Industry | None = Field(description="Null: every trade.")
    district: str
    state: State
    signed_on: dt.date
    file_by: dt.date = Field(description="The last day to hand it in (集体合同规定 art. 42).")
    received_on: dt.date | None
    object_by: dt.date | None = Field(description="The last day on which the labour department may object.")
    filed_late: bool | None
    valid_from: dt.date
    valid_to: dt.date
    in_force_from: dt.date | None
    terms: list[TermsView] = Field(description="By the day from which they hold, the earliest first.")
    pending: TermsView | None = Field(description="An amendment under review.")
    pending_object_by: dt.date | None
    objections: list[Objection]
    end_reason: str | None
    to_check: str | None = Field(description="Why a person must look at the terms; null where nobody must.")
    rests_on: list[Used] = Field(description="The parameters used.")


def contract_view(kept: CollectiveContract) -> ContractView:
    filing, amendment = kept.filing, kept.amendment
    return ContractView(
        **kept.model_dump(include={*ContractView.model_fields} - {"objections", "end_reason"}),
        contract_id=kept.id,
        objections=[_opened(kept, one) for one in kept.objections],
        end_reason=kept.end_reason and decrypt_field(END_REASON, kept.id, kept.end_reason),
        received_on=filing and filing.received_on,
        object_by=filing and filing.object_by,
        filed_late=filing and filing.late,
        pending=amendment and TermsView(**amendment.terms.model_dump()),
        pending_object_by=amendment and amendment.filing.object_by,
        rests_on=kept.used,
    )


def _opened(kept: CollectiveContract, objection: Objection) -> Objection:
    return objection.model_copy(update={"reason": decrypt_field(OBJECTION, kept.id, objection.reason)})
