"""Every metric of the chassis, with what it means and what to do when it moves.

A figure of one service alone stands in that service, and carries its name: `xindun_<service>_…`. Each has a panel on the
dashboards (`deploy/observability/panels.py`), and what somebody must act upon an alert (`deploy/observability/rules.yaml`).
"""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

FACTS = Counter("xindun_facts_total", "Facts that the relay has brought to Kafka, by type of event.", ["type"])
OUTBOX_PENDING = Gauge(
    "xindun_outbox_pending", "Facts that wait for the relay. Growing: Kafka is away, or no relay runs."
)
OUTBOX_OLDEST = Gauge(
    "xindun_outbox_oldest_seconds",
    "How long the oldest fact has waited for the relay. Growing: as for those that wait.",
)
HANDLED = Counter("xindun_events_handled_total", "Events whose effect is stored.", ["group"])
REPEATED = Counter("xindun_events_repeated_total", "Events that had come before and changed nothing.", ["group"])
RETRIED = Counter(
    "xindun_events_retried_total", "Tries that met a passing fault. Growing: look at the database.", ["group"]
)
DEAD = Counter(
    "xindun_dead_letters_total", "Events put aside for good. Any: list them with `dead-letters list`.", ["group"]
)
LAG = Gauge(
    "xindun_consumer_lag",
    "Events between a group and the end of a topic, on this process's partitions. Growing: add a process.",
    ["group", "topic"],
)
STOPPED = Gauge(
    "xindun_consumer_stopped",
    "1 where a group stopped: too many dead letters in a row, or a record that cannot be read. Mend, restart.",
    ["group"],
)
LOOPS_ENDED = Gauge(
    "xindun_loops_ended", "1 where a background loop ended that never should: see the log, restart.", ["loop"]
)
STATEMENTS = Counter(
    "xindun_database_statements_total",
    "Commands sent to the database; `commitTransaction` counts transactions. Growing faster than the work: a query too many.",
    ["command"],
)
TIMERS_FIRED = Counter("xindun_timers_fired_total", "Deadlines and other timers whose effect is stored.", ["kind"])
WORK_FAILED = Counter("xindun_work_failed_total", "Tries of outside work that failed and come again.", ["kind"])
FIGURES_FAILED = Counter(
    "xindun_figures_failed_total",
    "Measurements for this page that failed or took too long: what they measure shows as it last was.",
    ["figure"],
)
KEY_SINCE = Gauge(
    "xindun_key_since_seconds",
    "Since when a ring's present key is in use, in Unix time, where the key file says so. Old: put in a new key.",
    ["ring"],
)
CERTIFICATE_EXPIRES = Gauge(
    "xindun_certificate_expires_seconds",
    "When the first of the certificates that Kafka's connection rests on expires, in Unix time. Near: have it renewed.",
    ["of"],
)
HTTP_SECONDS = Histogram(
    "xindun_http_seconds",
    "Time to answer a request, in seconds.",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
