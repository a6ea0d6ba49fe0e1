"""Every metric of the chassis, with what it means and what to do when it moves."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

PUBLISHED = Counter("xindun_outbox_published_total", "Facts that the relay has brought to Kafka.")
OUTBOX_PENDING = Gauge(
    "xindun_outbox_pending", "Facts that wait for the relay. Growing: Kafka is away, or no relay runs."
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
    "xindun_consumer_lag", "Events between a group and the end of its topics. Growing: add a process.", ["group"]
)
STOPPED = Gauge(
    "xindun_consumer_stopped",
    "1 where a group stopped: too many dead letters in a row, or a record that cannot be read. Mend, restart.",
    ["group"],
)
STATEMENTS = Counter(
    "xindun_database_statements_total",
    "Commands sent to the database; `commitTransaction` counts transactions. Growing faster than the work: a query too many.",
    ["command"],
)
TIMERS_FIRED = Counter("xindun_timers_fired_total", "Deadlines and other timers whose effect is stored.", ["kind"])
WORK_FAILED = Counter("xindun_work_failed_total", "Tries of outside work that failed and come again.", ["kind"])
HTTP_SECONDS = Histogram(
    "xindun_http_seconds",
    "Time to answer a request, in seconds.",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
