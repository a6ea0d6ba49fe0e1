"""The data of a decision letter."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, Field

from services.insurance.claims import access
from services.insurance.claims.documents import Claim
from services.insurance.claims.step_documents import DECISION, Decision
from services.insurance.claims.views import Way, way_of
from services.insurance.decisions.commands import NOT_WITHIN, cases
from services.insurance.letters.rules import rights, service_on
from shared.callers import Caller
from shared.contracts.insurance import Scheme
from shared.identity.masking import mask_text
from shared.policy import calendar
from shared.policy.parameters import Used, parameters
from shared.storage.encryption import decrypt_field

TITLES: dict[tuple[Scheme, str], str] = {
    ("work_injury", "refused"): "工伤认定申请不予受理决定书",
    ("work_injury", "recognised"): "认定工伤决定书",
    ("work_injury", "not_recognised"): "不予认定工伤决定书",
    ("occupational_injury", "refused"): "职业伤害保障待遇申请不予受理通知书",
    ("occupational_injury", "recognised"): "职业伤害确认结论书",
    ("occupational_injury", "not_recognised"): "职业伤害不予确认结论书",
}

REASONS = {
    NOT_WITHIN: "不属于法定的应当认定（确认）或者视同情形",
    "not_covered": "事故发生时没有正在执行的平台订单，亦无劳动关系",
    "out_of_time": "申请超过规定期限且无正当理由",
    "papers_not_given": "逾期未补正材料",
    "not_competent": "不属于本机关管辖",
}


class Reason(BaseModel):
    """A reason: its code, and how the letter puts it."""

    code: str
    zh: str


class DecisionLetter(BaseModel):
    """What a decision letter says. `rights`: how it is contested, from its receipt on. `review_by`, `court_by`: the reader's own last
    days for it; null until it was served on them (`served_on`)."""

    number: str
    title: str = Field(description="the letter's name")
    claim_number: str
    scheme: Scheme
    worker_id: str | None
    platform: str
    occurred_at: dt.datetime
    applied_on: dt.date | None
    decided_on: dt.date
    reasons: list[Reason]
    text: str | None
    rights: str | None
    served_on: dt.date | None
    review_by: dt.date | None
    court_by: dt.date | None
    remedies: list[Way]
    instead: list[Way] = Field(deprecated=True, description="the same as `remedies`")
    used: list[Used]


def of(claim: Claim, decision: Decision, caller: Caller) -> DecisionLetter:
    """The letter of a decision of this claim as the caller reads it, numbers of persons masked.

    The text goes to an employer, on whom the law has it served (工伤保险条例 art. 20), not to a platform that is none.
    """
    shows_text = caller.role != "platform" or decision.scheme == "work_injury"
    law = parameters.on(calendar.shanghai_date(claim.occurred_at), place=claim.district)
    within, excluded = cases(decision.scheme, law) if decision.outcome != "refused" else ({}, {})
    names = {**REASONS, **within, **excluded}
    remedies = [way_of(code) for code in decision.instead]
    served = service_on(access.side_of(caller, claim), decision.served)
    return DecisionLetter(
        number=decision.number,
        title=TITLES[decision.scheme, decision.outcome],
        claim_number=claim.number,
        scheme=decision.scheme,
        worker_id=claim.worker_id,
        platform=claim.platform,
        occurred_at=claim.occurred_at,
        applied_on=claim.application.applied_on if claim.application else None,
        decided_on=decision.decided_on,
        reasons=[Reason(code=code, zh=names[code]) for code in decision.reasons],
        text=mask_text(decrypt_field(DECISION, claim.id, decision.text)) if shows_text else None,
        rights=rights(parameters.on(decision.decided_on, place=claim.district)),
        served_on=served.served_on if served else None,
        review_by=served.review_by if served else None,
        court_by=served.court_by if served else None,
        remedies=remedies,
        instead=remedies,
        used=decision.used,
    )
