"""What a scheme gives whoever is injured under it, and until when it is to be applied for."""

from __future__ import annotations

from dataclasses import dataclass

from shared.contracts.insurance import Scheme
from shared.policy.parameters import Law, MissingParameter, Used

# who applies first and who after: parameter, and the unit that it is in
TERMS = {
    "work_injury": ("work_injury.employer_apply_days", "work_injury.self_apply_years"),
    "occupational_injury": ("oip.platform_apply_days", "oip.self_apply_days"),
}
PAYERS = {"work_injury": "work_injury.benefit_payers", "occupational_injury": "oip.benefit_payers"}

NOT_COVERED = (
    "职业伤害保障只覆盖出行、即时配送、同城货运（《新就业形态人员职业伤害保障办法（试行）》第二条），不含您的行业。"
)
BY_OUTLET = (
    "请所在快递网点或其所属企业为您参加工伤保险（德人社发〔2022〕95号第九条、人社厅发〔2021〕101号），费用由网点承担。"
)
ANYBODY = (
    "工作受企业管理、符合劳动关系情形的，可申请认定用工关系或投诉，由用人单位参加工伤保险（社会保险法第三十三条、第五十八条）。",
    "可以灵活就业人员身份参加基本养老保险和基本医疗保险（社会保险法第十条、第二十三条）。",
    "可要求平台购买人身意外险、雇主责任险等商业保险作补充（德人社发〔2022〕95号第九条）。",
)


def can_do(industry: str | None) -> tuple[str, ...]:
    """What somebody can do whose work no scheme takes in, by its trade."""
    return (BY_OUTLET, *ANYBODY) if industry == "courier" else ANYBODY


@dataclass(frozen=True, slots=True)
class Entitlement:
    """Kinds of benefit with who pays them, and the terms to apply: `unit_days` for the employer or platform, and for the
    worker or kin `own_days` or `own_years`. A term that nobody knows is None. `used` is what it rests on.
    """

    kinds: tuple[tuple[str, str, str], ...]
    unit_days: int | None
    own_days: int | None
    own_years: int | None
    used: tuple[Used, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """The laws and articles, each once."""
        return tuple(dict.fromkeys(used.source for used in self.used))


def entitlement(scheme: Scheme, law: Law) -> Entitlement:
    """What a scheme gives on the law's day."""
    payers, titles = law.table(PAYERS[scheme]), law.table("benefit.titles")
    first, own = TERMS[scheme]
    own_is_years = own.endswith("_years")
    return Entitlement(
        kinds=tuple((kind, titles.get(kind, kind), payer) for kind, payer in payers.items()),
        unit_days=_known(law, first),
        own_days=None if own_is_years else _known(law, own),
        own_years=_known(law, own) if own_is_years else None,
        used=law.used,
    )


def _known(law: Law, key: str) -> int | None:
    try:
        return law.number(key)
    except MissingParameter:
        return None
