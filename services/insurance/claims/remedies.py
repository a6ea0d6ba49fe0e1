"""What a person can do instead, where this insurance does not take up an accident: codes, with texts for the reader."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from shared.contracts.insurance import Scheme

Remedy = Literal[
    "work_injury",
    "commercial_policy",
    "civil_claim",
    "third_party",
    "medical_insurance",
    "complaint",
    "new_application",
    "competent_place",
]

TEXTS: dict[Remedy, tuple[str, str]] = {
    "work_injury": (
        "如与平台或合作企业存在劳动关系（包括事实劳动关系），可自事故发生之日起1年内申请工伤认定；对劳动关系有争议的，可先申请劳动仲裁确认",
        "If you stand in a labour relation with the platform or its partner firm, also one in fact, apply for the recognition "
        "of a work injury within a year of the accident; where the relation is disputed, have it confirmed by arbitration",
    ),
    "commercial_policy": (
        "可查询平台是否为您投保人身意外险、雇主责任险等商业保险，并向保险公司申请理赔",
        "Ask whether the platform has insured you commercially (personal accident, employer's liability), and claim from "
        "the insurer",
    ),
    "civil_claim": (
        "可与平台或合作企业协商、申请调解，或向人民法院提起民事诉讼请求赔偿",
        "Negotiate or mediate with the platform or its partner firm, or sue it for damages",
    ),
    "third_party": (
        "伤害由第三人造成的，可要求第三人及其保险公司（如交强险）赔偿",
        "Where someone else caused the injury, claim from them and from their insurer",
    ),
    "medical_insurance": (
        "医疗费用可按规定由基本医疗保险支付",
        "Basic medical insurance pays for treatment as far as its rules go",
    ),
    "complaint": (
        "认为平台未如实报送订单或未依法缴费的，可向人力资源社会保障部门投诉（12333）",
        "If the platform did not tell of your orders or did not pay, complain to the labour department (12333)",
    ),
    "new_application": (
        "补齐材料或有正当理由的，可说明情况后重新申请",
        "With the papers complete, or a good reason for being late, explain and apply again",
    ),
    "competent_place": (
        "请向接单地或用人单位参保地的社会保险行政部门申请",
        "Apply to the social-insurance authority of the place where the order was taken or the employer is insured",
    ),
}

ALWAYS: tuple[Remedy, ...] = ("commercial_policy", "civil_claim", "third_party", "medical_insurance")

BY_REASON: dict[str, tuple[Remedy, ...]] = {
    "not_covered": ("work_injury", *ALWAYS, "complaint"),
    "out_of_time": ("new_application", *ALWAYS),
    "papers_not_given": ("new_application",),
    "not_competent": ("competent_place",),
}
"""By the reason of a refusal."""


def remedies_after_refusal(reasons: Iterable[str]) -> list[Remedy]:
    """What can be done after a refusal for these reasons, each once."""
    return list(dict.fromkeys(way for reason in reasons for way in BY_REASON[reason]))


def remedies_after_denial(scheme: Scheme) -> list[Remedy]:
    """What can be done where an injury is not recognised, besides an appeal."""
    return list(ALWAYS) if scheme == "work_injury" else ["work_injury", *ALWAYS]
