#!/usr/bin/env bash
# Puts a Python tool into a virtual environment of its own, .venv/TOOL, as pinned in a requirements file, unless it is there already.
set -euo pipefail
tool="$1" requirements="$2"

python="${PYTHON:-python3}"
if ! "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  echo "$tool needs Python 3.11 or later with its venv module; looked for \"$python\" on the PATH, which is not there or not such a one. Install it (Debian: apt-get install python3-venv), or name another: PYTHON=/path/to/python3" >&2
  exit 1
fi

environment=".venv/$tool"
if ! cmp -s "$requirements" "$environment/installed.txt"; then
  "$python" -m venv --clear "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$requirements"
  cp "$requirements" "$environment/installed.txt"
fi
