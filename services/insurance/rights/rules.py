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
OPEN_TO = "oip.industries"
PAYERS = {"work_injury": "work_injury.benefit_payers", "occupational_injury": "oip.benefit_payers"}

TRADES = {
    "ride_hailing": "出行",
    "instant_delivery": "即时配送",
    "freight": "同城货运",
    "courier": "快递",
    "other": "其他平台工作",
}
"""What the trades are called."""
BY_OUTLET = (
    "请所在快递网点或其所属企业为您参加工伤保险（德人社发〔2022〕95号第九条、人社厅发〔2021〕101号），费用由网点承担。"
)
ANYBODY = (
    "工作受企业管理、符合劳动关系情形的，可申请认定用工关系或投诉，由用人单位参加工伤保险（社会保险法第三十三条、第五十八条）。",
    "可以灵活就业人员身份参加基本养老保险和基本医疗保险（社会保险法第十条、第二十三条）。",
    "可要求平台购买人身意外险、雇主责任险等商业保险作补充（德人社发〔2022〕95号第九条）。",
)


def why_not(industry: str | None, law: Law) -> str:
    """Why no scheme takes in somebody's work, by the trades that the occupational one is open to on the law's day."""
    try:
        taken_in = "、".join(TRADES.get(one, one) for one in law.texts(OPEN_TO))
    except MissingParameter:
        return "职业伤害保障当时尚未施行。"
    source = next(used.source for used in law.used if used.key == OPEN_TO)
    return f"职业伤害保障覆盖{taken_in}（{source}），不含您从事的{TRADES.get(industry or '', '行业')}。"


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


MATTERS = {
    "registration": ("个人社会保险登记、变更、注销", "social_insurance.handle_workdays"),
    "pension": ("基本养老待遇核定", "social_insurance.pension_workdays"),
    "medical": ("医疗费用手工结算", "social_insurance.medical_workdays"),
    "maternity": ("生育津贴", "social_insurance.maternity_workdays"),
    "unemployment": ("失业保险金申领", "social_insurance.unemployment_workdays"),
    "unemployment_training": ("失业人员职业培训补贴审核", "social_insurance.training_subsidy_workdays"),
    "work_injury": ("工伤医疗、康复费用手工结算", "social_insurance.injury_workdays"),
    "end_told": ("停止享受待遇情形的告知（本人或者亲属、用人单位）", "social_insurance.stop_notice_workdays"),
    "unit_registration": ("用人单位社会保险登记、变更、注销（由单位办理）", "social_insurance.unit_register_days"),
}
"""What is done at the desk, or must be told to it: its Chinese name, and the parameter that says how long that takes at most."""


def matters(law: Law) -> list[tuple[str, str, int | None, str]]:
    """Each matter with its name, how long it takes at most on the law's day, and in working or natural days; None: not known."""
    return [
        (code, title, _known(law, key), "workdays" if key.endswith("_workdays") else "days")
        for code, (title, key) in MATTERS.items()
    ]


def _known(law: Law, key: str) -> int | None:
    try:
        return law.number(key)
    except MissingParameter:
        return None
