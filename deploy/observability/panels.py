"""Which panel shows which figure: rows of panels, for the chassis of every service and for what one service shows besides.

A new figure gets its panel here; `make dashboards` writes the dashboards anew. What a panel asks follows from its figure's
kind: how fast a counter grows, the highest gauge of all processes, and how long most of what a histogram counts took.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from deploy.observability.figures import Figure

INTERVAL = "$__rate_interval"
QUANTILES = (0.5, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class Panel:
    """One figure, shown by some of its labels.

    `over` brings the processes of a service together: what they share is the highest, what each has a part of the sum.
    `instant`: the figure is an instant, shown as the time since it, or until it. `counted`: of a histogram, how many.
    """

    title: str
    figure: str
    by: tuple[str, ...] = ()
    unit: str = "short"
    over: Literal["max", "min", "sum"] = "max"
    instant: Literal["since", "until"] | None = None
    counted: bool = False

    def queries(self, figure: Figure, service: str | None) -> list[tuple[str, str]]:
        """What it asks of one service, or of all: each question with what its lines are called."""
        # all services beside each other would be too many lines, were each divided by every label
        by = self.by if service is not None or figure.service is not None else ("service",)
        of = f'{{service="{service}"}}' if service is not None else ""
        named = " ".join(f"{{{{{label}}}}}" for label in by)
        if figure.kind == "histogram" and not self.counted:
            buckets = f"sum by ({', '.join((*by, 'le'))}) (rate({figure.name}_bucket{of}[{INTERVAL}]))"
            return [(f"histogram_quantile({part}, {buckets})", f"{part:.0%} {named}".strip()) for part in QUANTILES]
        if figure.kind != "gauge":
            name = f"{figure.name}_count" if self.counted else figure.name
            return [(f"sum{_by(by)} (rate({name}{of}[{INTERVAL}]))", named or self.title)]
        value = f"{self.over}{_by(by)} ({figure.name}{of})"
        if self.instant == "since":
            value = f"time() - {value}"
        elif self.instant == "until":
            value = f"{value} - time()"
        return [(value, named or self.title)]


def _by(labels: tuple[str, ...]) -> str:
    return f" by ({', '.join(labels)})" if labels else ""


Rows = dict[str, list[Panel]]

CHASSIS: Rows = {
    "Events": [
        Panel("Events behind", "xindun_consumer_lag", ("group", "topic"), over="sum"),
        Panel("Groups that stopped", "xindun_consumer_stopped", ("group",)),
        Panel("Events put aside, a second", "xindun_dead_letters_total", ("group",), "ops"),
        Panel("Events handled, a second", "xindun_events_handled_total", ("group",), "ops"),
        Panel("Events that came again, a second", "xindun_events_repeated_total", ("group",), "ops"),
        Panel("Tries that met a passing fault, a second", "xindun_events_retried_total", ("group",), "ops"),
    ],
    "Facts": [
        Panel("Age of the oldest fact that waits", "xindun_outbox_oldest_seconds", unit="s"),
        Panel("Facts that wait", "xindun_outbox_pending"),
        Panel("Facts published, a second", "xindun_facts_total", ("type",), "ops"),
    ],
    "HTTP": [
        Panel("Time to answer", "xindun_http_seconds", unit="s"),
        Panel("Answers by status, a second", "xindun_http_seconds", ("status",), "ops", counted=True),
        Panel("Answers by route, a second", "xindun_http_seconds", ("method", "route"), "ops", counted=True),
    ],
    "Timers and outside work": [
        Panel("Timers, a second", "xindun_timers_fired_total", ("kind",), "ops"),
        Panel("Outside work that failed and comes again, a second", "xindun_work_failed_total", ("kind",), "ops"),
        Panel("Loops that ended", "xindun_loops_ended", ("loop",)),
    ],
    "Database, keys and certificates": [
        Panel("Statements, a second", "xindun_database_statements_total", ("command",), "ops"),
        Panel("Age of the present key", "xindun_key_since_seconds", ("ring",), "s", "min", instant="since"),
        Panel(
            "Time until a certificate expires",
            "xindun_certificate_expires_seconds",
            ("of",),
            "s",
            "min",
            instant="until",
        ),
        Panel("Measurements that failed, a second", "xindun_figures_failed_total", ("figure",), "ops"),
    ],
}

OWN: dict[str, Rows] = {
    "insurance": {
        "The province": [
            Panel("Line to the province rests", "xindun_insurance_province_circuit_open"),
            Panel("Line to the tax office rests", "xindun_insurance_tax_circuit_open"),
            Panel("Differences that wait for an officer", "xindun_insurance_differences_open"),
            Panel("Time since the last comparison", "xindun_insurance_reconciled_seconds", unit="s", instant="since"),
        ],
    },
    "notifier": {
        "Messages": [
            Panel("Time from event to hand-over", "xindun_notifier_hand_over_seconds", ("channel", "provider"), "s"),
            Panel(
                "Messages handed over, a second",
                "xindun_notifier_hand_over_seconds",
                ("channel", "outcome"),
                "ops",
                counted=True,
            ),
            Panel("E-mails held up by login or certificate, a second", "xindun_notifier_mail_faults_total", ("fault",), "ops"),
            Panel("Messages that wait for over a minute", "xindun_notifier_hand_over_late"),
            Panel("Messages asked about, without a receipt", "xindun_notifier_receipts_late"),
            Panel(
                "Messages of which nobody knows, a second",
                "xindun_notifier_receipts_given_up_total",
                ("channel", "provider"),
                "ops",
            ),
            Panel("Of a hundred SMS, by provider", "xindun_notifier_sms_share", ("provider",)),
            Panel("Providers that do not answer", "xindun_notifier_sms_circuit_open", ("provider",)),
        ],
    },
}  # fmt: skip
