"""The demo's closing table, for an officer: every figure beside what the input demands."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from deploy.local.calculation import UNDEMANDED, Difference

ROWS = [
    ("平台推送事件", "events pushed", "pushed.events"),
    ("　其中受理", "accepted", "pushed.accepted"),
    ("　其中退回", "rejected", "pushed.rejected"),
    ("登记劳动者", "workers registered", "registry.workers"),
    ("登记平台企业", "enterprises registered", "registry.enterprises"),
    ("用工关系：在岗", "engagements active", "registry.engagements.active"),
    ("用工关系：未培训停岗", "engagements blocked", "registry.engagements.blocked"),
    ("用工关系：已终止", "engagements ended", "registry.engagements.ended"),
    ("参保在册", "insured", "insurance.enrolled"),
    ("归集订单", "orders", "insurance.orders"),
    ("职业伤害保障费（元）", "premium (CNY)", "insurance.premium"),
    ("伤害报案", "injury claims", "insurance.claims"),
    ("投诉举报", "complaint cases", "complaints.cases"),
    ("　其中办结", "closed", "complaints.closed"),
    ("违法线索", "leads", "complaints.leads"),
    ("　低于最低工资", "pay below the minimum", "complaints.leads_by_kind.pay_below_minimum"),
    ("　未按时支付", "paid late", "complaints.leads_by_kind.pay_late"),
    ("　未足额支付", "paid short", "complaints.leads_by_kind.pay_short"),
    ("　结算周期过长", "settled too seldom", "complaints.leads_by_kind.pay_period_too_long"),
    ("　非全日制结算过长", "part-time pay settled too seldom", "complaints.leads_by_kind.part_time_period_too_long"),
    ("　违法扣款", "unlawful deductions", "complaints.leads_by_kind.deduction_unlawful"),
    ("　扣除赔偿过多", "too large deductions", "complaints.leads_by_kind.deduction_too_large"),
    ("　连续工作超限", "work without rest", "complaints.leads_by_kind.rest_exceeded"),
    ("　连续驾驶未休息", "driving without break", "complaints.leads_by_kind.driving_without_break"),
    ("　日工作时间超限", "too long days", "complaints.leads_by_kind.daily_hours_exceeded"),
    ("　加班超限", "overtime", "complaints.leads_by_kind.overtime_exceeded"),
    ("　未保证每周休息", "weeks without rest", "complaints.leads_by_kind.weekly_rest_missing"),
    ("　非全日制工时超限", "too long part-time work", "complaints.leads_by_kind.part_time_exceeded"),
    ("　未培训接单", "work while blocked", "complaints.leads_by_kind.work_while_blocked"),
    ("补贴申请", "subsidy applications", "subsidies.applications"),
    ("　其中公示中", "on public notice", "subsidies.on_notice"),
    ("　其中不予批准", "refused", "subsidies.refused"),
    ("消息：已发送", "messages sent", "notifier.sent"),
    ("消息：已送达", "messages delivered", "notifier.delivered"),
    ("消息：失败", "messages failed", "notifier.failed"),
    ("　其中应用推送", "through the app", "channels.push"),
    ("　其中短信", "by SMS", "channels.sms"),
    ("　　经阿里云", "through Alibaba Cloud", "providers.aliyun"),
    ("　　经腾讯云", "through Tencent Cloud", "providers.tencent"),
    ("事件推送：伤害报案", "webhooks: claims", "webhooks.claims"),
    ("事件推送：账单", "webhooks: bills", "webhooks.bills"),
    ("事件推送：验签失败", "webhooks not verified", "webhooks.unverified"),
    ("责令改正：已改正", "orders met", "orders.met"),
    ("责令改正：逾期未改", "orders overdue", "orders.overdue"),
    ("　由此发出的消息", "messages of orders and the listing", "orders.messages"),
    ("双随机抽查：名单单位", "enterprises in the draw", "draw.enterprises"),
    ("　未公布结果", "drawn, result not public", "draw.unpublished"),
    ("　未告知企业", "messages missing", "draw.untold"),
    ("　重新抽签不符", "drawn again and not the same", "draw.not_the_same"),
    ("困难帮扶：已支付", "help in hardship paid", "money.paid"),
    ("　银行已付金额（元）", "paid by the bank (CNY)", "money.amount"),
    ("　预算已支出（元）", "spent of the budget (CNY)", "money.spent"),
    ("培训补贴：不予批准", "a training subsidy refused", "money.refused"),
    ("　由此发出的消息", "messages of both", "money.messages"),
    ("就业困难人员认定", "recognised as hard to employ", "kinds.recognised"),
    ("培训补贴：公示期满已支付", "training subsidies paid after notice", "kinds.training_paid"),
    ("　就业补助资金支出（元）", "spent of the employment fund (CNY)", "kinds.training_spent"),
    ("技能提升补贴：已支付", "skill subsidies paid after notice", "kinds.skill_paid"),
    ("　失业保险基金支出（元）", "spent of unemployment insurance (CNY)", "kinds.skill_spent"),
    ("　由此发出的消息", "messages of every kind", "kinds.messages"),
    ("群发：应达人数", "broadcast: people", "broadcast.people"),
    ("群发：已发送", "broadcast: messages", "broadcast.given"),
    ("群发：已送达", "broadcast: delivered", "broadcast.delivered"),
    ("无法处理的事件", "dead letters", "dead_letters"),
]


def show(
    console: Console,
    expected: Mapping[str, Any],
    report: Mapping[str, Any],
    differences: Sequence[Difference],
    names: Mapping[str, str],
    peak: int | None,
) -> None:
    """Print the figures, the bills, and every difference; `peak` is memory in bytes, where it is known."""
    figures = _table("德阳市新就业形态劳动者权益保障 · Labour rights of gig workers", "事项", "item")
    for zh, en, path in ROWS:
        demanded, found = _at(expected, path), _at(report, path)
        if demanded is None and found is None:
            continue
        if path.startswith(UNDEMANDED):
            figures.add_row(zh, en, "-", _shown(found), "")
        else:
            figures.add_row(zh, en, _shown(demanded), _shown(found), _verdict(demanded == found))
    console.print(figures)
    console.print(_bills(expected, report, names))
    for line in _public(report.get("published")):
        console.print(line, highlight=False)
    shown = {path for _, _, path in ROWS}
    for difference in differences:
        if difference.path in shown or difference.path.startswith("insurance.bills"):
            continue
        console.print(f"✗ {difference.path}: 应为 {difference.expected}，实为 {difference.found}", style="red")
    verdict = "全部相符 · every figure is what the input demands" if not differences else "不符 · differences found"
    memory = (
        "" if peak is None else f"，内存峰值 {peak / 1_000_000:.0f} MB（各进程常驻内存之和 · sum of resident memory）"
    )
    console.print(f"{verdict}；用时 {report['seconds']} 秒{memory}", style="bold red" if differences else "bold green")
    console.print(words(report["engines"]), highlight=False)


def _public(published: Mapping[str, Any] | None) -> Iterator[str]:
    """What everybody reads of the listing and of the draw, and how to draw again."""
    if published is None:
        return
    for one in published["listings"]:
        yield f"失信名单公示 · listed: {one['name']} {one['enterprise']}，{one['listed_on']} 至 {one['until']}：{one['facts']}"
    draw = published["draw"]
    if draw is None:
        return
    drawn = "、".join(one["enterprise"] for one in draw["result"] or ())
    yield f"双随机抽签 · drawn: {drawn}；摇号 public draw {draw['beacon']}，密钥 secret {draw['secret']}"
    yield "  重抽 draw again: .venv/bin/python -m services.complaints draw --verify draw.json (beside report.json)"


def words(engines: Mapping[str, str]) -> str:
    """Which database and broker ran, in one line."""
    return "；".join(
        f"{name} {engines[key]}" for key, name in (("database", "数据库 database"), ("broker", "消息 broker"))
    )


def _bills(expected: Mapping[str, Any], report: Mapping[str, Any], names: Mapping[str, str]) -> Table:
    table = _table("职业伤害保障费月度账单 · Monthly premium bills", "平台", "platform")
    demanded, found = _by_bill(expected), _by_bill(report)
    for platform, month in sorted(demanded | found):
        one, other = demanded.get((platform, month), "-"), found.get((platform, month), "-")
        table.add_row(names.get(platform, ""), f"{platform} {month}", one, other, _verdict(one == other))
    return table


def _by_bill(report: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    bills: Iterator[Mapping[str, Any]] = iter(report["insurance"]["bills"])
    return {(bill["platform"], bill["month"]): f"{bill['orders']} 单 {bill['premium']} 元" for bill in bills}


def _table(title: str, zh: str, en: str) -> Table:
    table = Table(zh, en, "应为 expected", "实为 found", "", title=title)
    for column in (2, 3):
        table.columns[column].justify = "right"
    return table


def _at(report: Mapping[str, Any], path: str) -> Any:
    """A figure; None where the report has none."""
    value: Any = report
    for name in path.split("."):
        value = value.get(name) if value else None
    return value


def _shown(figure: object) -> str:
    return "-" if figure is None else str(figure)


def _verdict(same: bool) -> str:
    return "[green]✓[/]" if same else "[red]✗[/]"
