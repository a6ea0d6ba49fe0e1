"""What watches the system: Prometheus' rules and runbook, and Grafana's dashboards, written from the one list of figures."""
