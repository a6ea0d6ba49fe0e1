#!/bin/bash
# Makes .venv with exactly what requirements/dev.txt locks, by hash. Run by make, in the project's folder.
set -euo pipefail
venv=.venv/bin/python

usable() {
    "$1" -c 'import sys
from importlib.util import find_spec as has
sys.exit(sys.version_info < (3, 11) or not (has("venv") and (has("ensurepip") or has("pip"))))' 2>/dev/null
}

# A distribution builds its Python with profiles of its use; what version managers build mostly runs slower.
python=${PYTHON:-/usr/bin/python3}
[ -n "${PYTHON:-}" ] || usable "$python" || python=python3
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Xindun needs Python 3.11 or later; name one with PYTHON=/path/to/python3.11" >&2
    exit 1
fi
if [ ! -x "$venv" ]; then
    if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        "$python" -m venv .venv
    elif "$python" -m pip --version >/dev/null 2>&1; then
        "$python" -m venv --without-pip .venv
    else
        echo "Python lacks venv and pip. On Debian: apt install python3-venv" >&2
        exit 1
    fi
fi

pip=("$venv" -m pip)
"${pip[@]}" --version >/dev/null 2>&1 || pip=("$python" -m pip --python "$venv")
"${pip[@]}" install --quiet --disable-pip-version-check --require-hashes --requirement requirements/installer.txt
.venv/bin/uv pip sync --quiet --python "$venv" --require-hashes requirements/dev.txt requirements/installer.txt
