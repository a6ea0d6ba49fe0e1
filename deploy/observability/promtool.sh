#!/bin/sh
# Tests the alerts, and checks Prometheus' configuration and what the dashboards ask, with Prometheus' own promtool. CI installs
# it, from Debian's package `prometheus`, where it is missing.
set -eu
cd "$(dirname "$0")"

if ! command -v promtool >/dev/null; then
    if [ "${CI:-}" != true ]; then
        echo "promtool is missing: it is in Debian's package prometheus (apt-get install --no-install-recommends prometheus)" >&2
        exit 1
    fi
    [ "$(id -u)" = 0 ] && as_root="" || as_root="sudo"
    $as_root apt-get update -qq
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends prometheus >/dev/null
fi

queries=$(mktemp)
trap 'rm -f "$queries"' EXIT
(cd ../.. && "${PYTHON:-.venv/bin/python}" -m deploy.observability.queries) >"$queries"

promtool check config --syntax-only prometheus.yaml
promtool check rules rules.yaml "$queries"
promtool test rules rules_test.yaml
