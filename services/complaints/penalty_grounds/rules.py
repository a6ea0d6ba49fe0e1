"""For what the law gives a penalty, and of which kind and amount: 劳动保障监察条例, 劳动合同法, 就业促进法, 社会保险法,
工伤保险条例.

The labour department punishes employers: where work is not fully employment, 德人社发〔2022〕95 号 gives no penalty, and an officer
guides (约谈、指导) in its place. Whoever finds people work, or lends them out, against the law is punished whatever the footing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

from services.complaints.directives.rules import Violation
from shared.contracts.base import to_fen
from shared.contracts.platform import Relation
from shared.errors import RuleBroken
from shared.policy.parameters import Law

ZERO: Final = Decimal("0.00")

Ground = Literal[
    "overtime", "women_and_minors", "concealment", "obstruction", "not_put_right", "deposit", "dispatch",
    "registration", "contributions", "injury_insurance", "injury_fraud", "injury_obstruction", "agency",
    "agency_misconduct", "unlicensed_agency", "unlicensed_dispatch",
]  # fmt: skip
"""A rule by which an act is punished."""

Revocable = Literal["labour_dispatch", "human_resources"]
"""A licence that the labour department grants, and takes away: 劳务派遣经营许可证、人力资源服务（职业中介）许可证."""

Per = Literal["person", "multiple", "act", "gain"]
"""What a fine is reckoned by: each person harmed, a multiple of a sum, the act, or a multiple of the unlawful gains."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a ground rests on. `key`: the parameter of its range; `violations`: of which acts (None: any); `warns`: a warning is
    given, and a fine may be; `breach`: only once an order to put right was not met; `confiscates`: it names the confiscation of
    unlawful gains; `anyone`: whatever the footing of the work; `without_gain`: the range of the fine where nothing was gained;
    `needs_gain`: it gives a fine only where something was (有违法所得的); `revokes`: the licence that it takes away (吊销), with
    `revokes_grave` only in a grave matter (情节严重的), where nothing was gained instead of a fine. Of these texts none suspends
    one (暂扣) by itself: that takes the place of a taking away that is mitigated (行政处罚法 art. 9, 32). `persons`: the range of
    the fine on those who are responsible
    (直接负责的主管人员和其他直接责任人员); of the texts that the labour department punishes by 社会保险法 art. 84 alone has one."""

    article: str
    key: str
    per: Per
    violations: Collection[Violation] | None
    warns: bool = field(default=False, kw_only=True)
    breach: bool = field(default=False, kw_only=True)
    confiscates: bool = field(default=False, kw_only=True)
    anyone: bool = field(default=False, kw_only=True)
    without_gain: str | None = field(default=None, kw_only=True)
    needs_gain: bool = field(default=False, kw_only=True)
    revokes: Revocable | None = field(default=None, kw_only=True)
    revokes_grave: bool = field(default=False, kw_only=True)
    persons: str | None = field(default=None, kw_only=True)


GROUNDS: Final[Mapping[Ground, Basis]] = {
    "overtime": Basis(
        "《劳动保障监察条例》第二十五条",
        "inspection.overtime_fine_per_worker",
        "person",
        {"overtime", "rest"},
        warns=True,
    ),
    "women_and_minors": Basis(
        "《劳动保障监察条例》第二十三条",
        "penalty.women_and_minors_fine_per_worker",
        "person",
        {"overtime", "rest", "safety", "other"},
    ),
    "concealment": Basis(
        "《劳动保障监察条例》第二十七条第一款", "inspection.concealment_fine_multiple", "multiple", {"concealment"}
    ),
    "obstruction": Basis("《劳动保障监察条例》第三十条第一款", "inspection.obstruction_fine", "act", {"obstruction"}),
    "not_put_right": Basis(
        "《劳动保障监察条例》第三十条第一款第三项", "inspection.obstruction_fine", "act", None, breach=True
    ),
    "deposit": Basis("《劳动合同法》第八十四条第二款", "penalty.deposit_fine_per_worker", "person", {"unlawful_fee"}),
    "dispatch": Basis(
        "《劳动合同法》第九十二条第二款",
        "penalty.dispatch_fine_per_worker",
        "person",
        {"other"},
        breach=True,
        revokes="labour_dispatch",
    ),
    "registration": Basis(
        "《社会保险法》第八十四条",
        "social_insurance.unregistered_fine_multiple",
        "multiple",
        {"social_insurance"},
        breach=True,
        persons="social_insurance.unregistered_person_fine",
    ),
    "contributions": Basis(
        "《社会保险法》第八十六条",
        "social_insurance.late_fine_multiple",
        "multiple",
        {"social_insurance"},
        breach=True,
    ),
    "injury_insurance": Basis(
        "《工伤保险条例》第六十二条第一款",
        "work_injury.uninsured_fine_multiple",
        "multiple",
        {"social_insurance"},
        breach=True,
    ),
    "injury_fraud": Basis(
        "《工伤保险条例》第六十条", "work_injury.fraud_fine_multiple", "multiple", {"social_insurance", "other"}
    ),
    "injury_obstruction": Basis("《工伤保险条例》第六十三条", "work_injury.obstruction_fine", "act", {"obstruction"}),
    "agency": Basis(
        "《劳动保障监察条例》第二十八条第一款",
        "penalty.agency_fine",
        "act",
        {"unlawful_fee", "other"},
        confiscates=True,
        anyone=True,
        revokes="human_resources",
        revokes_grave=True,
    ),
    "agency_misconduct": Basis(
        "《就业促进法》第六十五条",
        "penalty.agency_misconduct_fine",
        "act",
        {"other"},
        confiscates=True,
        anyone=True,
        needs_gain=True,
        revokes="human_resources",
        revokes_grave=True,
    ),
    "unlicensed_agency": Basis(
        "《就业促进法》第六十四条",
        "penalty.unlicensed_agency_fine",
        "act",
        {"unlawful_fee", "other"},
        confiscates=True,
        anyone=True,
        needs_gain=True,
    ),
    "unlicensed_dispatch": Basis(
        "《劳动合同法》第九十二条第一款",
        "penalty.unlicensed_dispatch_fine_multiple",
        "gain",
        {"other"},
        confiscates=True,
        anyone=True,
        without_gain="penalty.unlicensed_dispatch_fine",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A ground, with how many persons were harmed, or the sum that the fine is a multiple of (yuan). `gained`: what the act
    brought in, where the fine rests on that."""

    ground: Ground
    persons: int | None = None
    sum: Decimal | None = None
    gained: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Allowed:
    """The least and the most of a fine by a ground, yuan."""

    ground: Ground
    least: Decimal
    most: Decimal

    @property
    def weight(self) -> tuple[Decimal, Decimal]:
        return self.most, self.least


def check_grounds(grounds: Collection[Ground], violation: Violation, relation: Relation, *, breached: bool) -> None:
    """Raise RuleBroken unless the law gives a penalty for what was done, on each ground (行政处罚法 art. 4, 16, 38)."""
    if relation != "employment" and not all(GROUNDS[ground].anyone for ground in grounds):
        raise RuleBroken(
            "no-penalty-for-footing",
            "该用工不属于劳动关系，法律法规未规定行政处罚，可依法约谈、指导或者转入其他渠道处理",
            "the law gives no penalty where work is not employment: administrative guidance takes its place",
        )
    for ground in grounds:
        basis = GROUNDS[ground]
        if basis.violations is not None and violation not in basis.violations:
            raise RuleBroken(
                "no-penalty-for-act",
                "法律法规未就该行为规定此项行政处罚，可责令改正或者依法约谈、指导",
                "the law gives no such penalty for this: an order to put right or guidance takes its place",
                ground=ground,
            )
        if basis.breach and not breached:
            raise RuleBroken(
                "not-breached",
                "该处罚以责令改正后逾期未改正为前提",
                "this penalty follows an order to put right that was not met",
                ground=ground,
            )


def allowed(charge: Charge, law: Law) -> Allowed:
    """The range of the fine for one ground; raises RuleBroken where what it is reckoned by is missing, or is there in vain, or where
    it fines none who gained nothing."""
    basis = GROUNDS[charge.ground]
    if basis.needs_gain and not charge.gained and basis.revokes:
        return Allowed(charge.ground, ZERO, ZERO)
    if basis.needs_gain and not charge.gained:
        raise RuleBroken(
            "nothing-gained",
            "该条规定的罚款以有违法所得为前提，没有违法所得的由主管部门依法予以关闭",
            "this ground fines only who gained something: the business is closed",
            ground=charge.ground,
        )
    given = {"person": charge.persons is not None, "multiple": charge.sum is not None}
    if {per for per, there in given.items() if there} != {basis.per} - {"act", "gain"}:
        raise RuleBroken(
            "charge",
            "请按处罚依据填写受侵害人数或者计罚金额",
            "the ground is reckoned by persons, by a sum, or neither",
        )
    key, times = basis.key, Decimal(charge.persons or 1) * (Decimal(1) if charge.sum is None else charge.sum)
    if basis.per == "gain":
        key, times = (basis.key, charge.gained) if charge.gained else (basis.without_gain or basis.key, Decimal(1))
    least, most = (to_fen(law.amount(key, end) * times) for end in ("least", "most"))
    return Allowed(charge.ground, least, most)


def allowed_of_person(charge: Charge, law: Law) -> Allowed:
    """The range of the fine on a person who is responsible; raises RuleBroken where the ground has none."""
    basis = GROUNDS[charge.ground]
    if basis.persons is None or charge.persons is not None or charge.sum is not None:
        raise RuleBroken(
            "charge",
            "对责任人员的罚款按处罚依据规定的幅度确定，不填写人数和计罚金额",
            "the fine on a person is reckoned by neither persons nor a sum",
        )
    least, most = (to_fen(law.amount(basis.persons, end)) for end in ("least", "most"))
    return Allowed(charge.ground, least, most)


def of_persons(grounds: Collection[Ground]) -> list[Ground]:
    """The grounds by which those who are responsible are fined; raises RuleBroken where there is none."""
    found = [ground for ground in grounds if GROUNDS[ground].persons is not None]
    if not found:
        raise RuleBroken(
            "no-penalty-for-persons",
            "该处罚依据没有规定对直接负责的主管人员和其他直接责任人员的处罚",
            "the ground fines no responsible persons",
        )
    return found


def heaviest(charges: Sequence[Charge], then: Law, now: Law, *, person: bool = False) -> Allowed:
    """The range of the ground with the highest fine, by which an act is fined that breaks several rules (行政处罚法 art. 29);
    each by the law of the act, or by today's where that is milder (art. 37)."""
    calculate = allowed_of_person if person else allowed
    milder = (
        min((calculate(charge, law) for law in (then, now)), key=lambda found: found.weight) for charge in charges
    )
    return max(milder, key=lambda found: found.weight)


def confiscates(grounds: Collection[Ground]) -> bool:
    """Whether a ground names the confiscation of unlawful gains: what the act brought in is then looked into."""
    return any(GROUNDS[ground].confiscates for ground in grounds)


def warns(grounds: Collection[Ground]) -> bool:
    """Whether a ground asks for a warning, with a fine or without."""
    return any(GROUNDS[ground].warns for ground in grounds)
