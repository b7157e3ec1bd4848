#!/usr/bin/env bash
# Makes the development environment: a virtual environment with everything that requirements-dev.txt locks.
set -euo pipefail
venv=$1

python=""
for candidate in python3.13 python3.12 python3.11 python3 python; do
    found=$("$candidate" -c 'import sys; print(sys.executable if (3, 11) <= sys.version_info < (3, 14) else "")' 2>/dev/null || true)
    if [ -n "$found" ]; then python=$found; break; fi
done
if [ -z "$python" ]; then
    echo "casework needs Python 3.11, 3.12 or 3.13 (3.13 is what the functions run on), and found none on the PATH." >&2
    exit 2
fi

echo "Setting up $venv with $("$python" --version) – once, about a minute, 600 MB."
rm -rf "$venv"
"$python" -m venv "$venv" || { echo "This Python cannot make virtual environments; on Debian install python3-venv." >&2; exit 2; }
# The lock is complete, so nothing needs resolving (which older versions of pip get wrong with hashes and extras).
# One dot for each package that is fetched: a newcomer should see that something happens.
"$venv/bin/python" -m pip install --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt 2>"$venv/setup.log" \
    | awk '/^Collecting/ { printf "."; fflush() } END { print " installed" }' \
    || { tail -n 20 "$venv/setup.log" >&2; echo "The packages could not be installed; the lines above say why." >&2; exit 1; }
touch "$venv/.ready"
