"""What HTTP shows of bodies that train or evaluate."""

from __future__ import annotations

import datetime as dt
from typing import Self

from pydantic import BaseModel, Field

from services.subsidies.providers.documents import NOTE, Occupation, Provider
from services.subsidies.providers.rules import KINDS, Move, State
from shared.contracts.subsidies import ProviderKind
from shared.identity.masking import mask_phone
from shared.policy.parameters import Used
from shared.storage.encryption import decrypt_field


class ProviderView(BaseModel):
    """A body on file, as everybody sees it. `kind_name` is its kind in Chinese."""

    filing_id: str
    uscc: str
    kind: ProviderKind
    kind_name: str
    name: str
    district: str
    address: str
    occupations: list[Occupation]
    state: State
    valid_from: dt.date | None
    valid_to: dt.date | None = Field(description="the last legal day of the filing")

    @classmethod
    def of(cls, provider: Provider) -> Self:
        return cls.model_validate(fields_of(provider, set(ProviderView.model_fields)))


class StepView(BaseModel):
    """Something that was done to a filing, and why."""

    at: dt.datetime
    move: Move
    reason: str | None


class FilingView(ProviderView):
    """The same with what the body itself and its officers see. `used` are the parameters that the check rests on."""

    department: str = Field(description="whose officers check it")
    phone: str
    steps: list[StepView]
    used: list[Used]

    @classmethod
    def of(cls, provider: Provider) -> Self:
        return cls.model_validate(
            fields_of(provider, set(FilingView.model_fields))
            | {
                "phone": mask_phone(provider.clear_phone),
                "steps": [
                    StepView(
                        at=step.at,
                        move=step.move,
                        reason=None if step.note is None else decrypt_field(NOTE, provider.id, step.note),
                    )
                    for step in provider.steps
                ],
            }
        )


def fields_of(provider: Provider, shown: set[str]) -> dict[str, object]:
    kept = shown - {"phone", "steps"}
    stored: dict[str, object] = provider.model_dump(include=kept)
    return stored | {"filing_id": provider.id, "kind_name": KINDS[provider.kind]}
