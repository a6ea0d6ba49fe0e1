"""Made-up people and made-up platforms."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from deploy.local.sample.numbers import credit_code, mobile, resident_id

DISTRICTS = {
    "510603": ("旌阳区", ("天山南路", "文庙广场", "黄河西路", "泰山北路")),
    "510604": ("罗江区", ("景乐南路", "万安北路")),
    "510623": ("中江县", ("大北街", "伍城南路")),
    "510681": ("广汉市", ("湖南路", "中山大道", "房湖公园")),
    "510682": ("什邡市", ("亭江路", "雍城大道")),
    "510683": ("绵竹市", ("回澜大道", "苏绵大道")),
}

# First issued anywhere, also under codes that are no longer in use.
_BIRTHPLACES = ("510603", "510623", "510681", "510682", "510602", "510626", "512821", "510703", "511321", "620102")
_PERMITS = ("810000", "820000", "830000")
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜谢邹喻苏潘葛范彭鲁韦马苗方俞任袁柳"
_GIVEN = "安平川德春海洪佳建江静军凯兰磊丽林玲龙梅明娜宁鹏倩强蓉山书松涛婷伟文霞祥晓欣秀旭雪阳一勇宇玉云泽志忠子"


@dataclass(frozen=True, slots=True)
class Person:
    id_number: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform and how it writes: its own form of worker ids (`mark`) and its offset (`Z` or `+08:00`)."""

    uscc: str
    name: str
    industry: str
    delivery_class: str | None
    phone: str
    mark: str
    offset: str
    districts: tuple[str, ...]

    @property
    def source(self) -> str:
        return f"/platforms/{self.uscc}"


def platforms(rng: random.Random) -> tuple[Platform, Platform, Platform, Platform]:
    """A takeaway, a ride-hailing, a freight and a (small) courier platform."""
    everywhere = tuple(DISTRICTS)

    def one(name: str, industry: str, delivery_class: str | None, mark: str, offset: str) -> Platform:
        return Platform(
            credit_code(rng, rng.choice(everywhere)),
            name, industry, delivery_class, mobile(rng), mark, offset, everywhere,
        )  # fmt: skip

    return (
        one("岷骑外卖（示例）有限公司", "instant_delivery", "b", "R", "+08:00"),
        one("石亭江出行（示例）有限公司", "ride_hailing", None, "D", "Z"),
        one("绵远河货运（示例）有限公司", "freight", None, "F", "+08:00"),
        one("三星堆速递（示例）有限公司", "courier", None, "K", "Z"),
    )


def people(rng: random.Random, count: int) -> list[Person]:
    """Distinct people between 18 and 58, one in a hundred with a permit of Hong Kong, Macau or Taiwan."""
    found: dict[str, Person] = {}
    while len(found) < count:
        region = _PERMITS[len(found) // 100 % 3] if len(found) % 100 == 50 else rng.choice(_BIRTHPLACES)
        birth = date(1968, 3, 1) + timedelta(days=rng.randrange(40 * 365))
        number = resident_id(region, birth, rng.randrange(1, 1000))
        name = rng.choice(_SURNAMES) + "".join(rng.sample(_GIVEN, rng.choice((1, 2, 2))))
        found.setdefault(number, Person(number, name, mobile(rng)))
    return list(found.values())
