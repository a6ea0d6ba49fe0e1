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
