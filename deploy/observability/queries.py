"""What the dashboards ask, as a file of rules that `promtool check rules` can read: `python -m deploy.observability.queries`."""

from __future__ import annotations

import sys

import yaml

from deploy.observability.dashboards import dashboards, queries
from deploy.observability.panels import INTERVAL


def as_rules() -> str:
    """Each question once, as a rule that records its answer; Grafana puts an interval where its variable stands."""
    asked = sorted({query.replace(INTERVAL, "5m") for one in dashboards().values() for query in queries(one)})
    rules = [{"record": f"panel:{number}", "expr": query} for number, query in enumerate(asked)]
    return yaml.safe_dump({"groups": [{"name": "dashboards", "rules": rules}]}, width=1000)


if __name__ == "__main__":
    sys.stdout.write(as_rules())
