#!/usr/bin/env bash
# Puts moto, as pinned in requirements.txt, into a virtual environment of its own, unless it is there already.
set -euo pipefail
cd "$(dirname "$0")/../.."

python="${PYTHON:-python3}"
if ! "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  echo "moto needs Python 3.11 or later with its venv module; looked for \"$python\" on the PATH, which is not there or not such a one. Install it (Debian: apt-get install python3-venv), or name another: PYTHON=/path/to/python3 npm run test:moto" >&2
  exit 1
fi

environment=.venv/moto
if ! cmp -s test/moto/requirements.txt "$environment/installed.txt"; then
  "$python" -m venv --clear "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check --no-deps -r test/moto/requirements.txt
  cp test/moto/requirements.txt "$environment/installed.txt"
fi
