"""The written notice of a restriction to the enterprise (保障农民工工资支付条例 art. 48; 德人社发〔2022〕95 号 art. 11)."""

from __future__ import annotations

from services.registry.restrictions.rules import WORDS, State, Stop

ENDED: dict[State, str] = {
    "expired": "期限届满",
    "delisted": "移出失信名单",
    "withdrawn": "经人力资源社会保障部门决定解除",
}


def notice(name: str, uscc: str, stop: Stop, state: State) -> str:
    """What an enterprise is told of a restriction, in Chinese: why, what it stops, from when until when, and what it may do."""
    fields = "\n".join(f"{number}. {WORDS[field][0]}" for number, field in enumerate(stop.fields, 1))
    lines = [
        "信用限制告知书",
        f"{name}（统一社会信用代码：{uscc}）：",
        f"因你单位被列入失信联合惩戒名单，依照《保障农民工工资支付条例》第四十八条，自{stop.first}起至{stop.last}止，"
        "在下列方面依法依规予以限制：",
        fields,
    ]
    if "market_access" in stop.fields:
        lines.append("限制期间，不得新建立平台合作用工；已登记的合作用工不受影响。")
    if "government_funds" in stop.fields or "awards" in stop.fields:
        lines.append("限制期间提出的就业创业、培训等补贴申请和评优评先不予支持。")
    if state in ENDED:
        lines.append(f"上述限制已因{ENDED[state]}解除，最后一日为{stop.last}。")
    else:
        lines.append("已经改正、符合条件的，可以向作出列入决定的机关申请提前移出。")
    lines.append(
        "对列入决定不服的，可以依法申请行政复议或者提起行政诉讼；认为本告知有误的，可以向人力资源社会保障部门提出。"
    )
    return "\n\n".join(lines)
