#!/bin/bash
# Lints the Compose files (dclint), and reads them as docker compose does (its own library, by the program in check/), once
# as a city runs them and once as the demo does. The secrets must have been made. Needs no Docker.
set -euo pipefail
cd "$(dirname "$0")/../.."
tools=var/compose-check

for need in go node npm; do
    command -v "$need" >/dev/null || {
        echo "make compose-check needs $need: Go 1.24 or later, and Node 20 or later with npm" >&2
        exit 1
    }
done
mkdir -p "$tools"
cp deploy/compose/check/package.json deploy/compose/check/package-lock.json "$tools"
npm ci --prefix "$tools" --silent --no-audit --no-fund
(cd deploy/compose/check && go build -buildvcs=false -o "../../../$tools/check" .)

files=(deploy/compose.yaml deploy/compose/demo.yaml)
"$tools/node_modules/.bin/dclint" --config deploy/compose/check/dclint.yaml --max-warnings 0 "${files[@]}" deploy/compose/parts.yaml
"$tools/check" deploy/compose/city.env deploy/compose.yaml
"$tools/check" deploy/compose/demo.env "${files[@]}"
