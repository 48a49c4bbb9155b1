#!/usr/bin/env bash
# Checks the template in dist/template/ with cfn-lint, which is put into a virtual environment of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

python="${PYTHON:-python3}"
if ! "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  echo "cfn-lint needs Python 3.11 or later with its venv module; \"$python\" is not there or not such a one. Install it (Debian: apt-get install python3-venv), or name another: PYTHON=/path/to/python3" >&2
  exit 1
fi

environment=.venv/cfn-lint
if ! cmp -s infra/cfn-lint.requirements.txt "$environment/installed.txt"; then
  "$python" -m venv --clear "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check --no-deps -r infra/cfn-lint.requirements.txt
  cp infra/cfn-lint.requirements.txt "$environment/installed.txt"
fi

template=dist/template/elb-only.template.json
if [ ! -f "$template" ]; then
  echo "There is no $template. Run: npm run template" >&2
  exit 1
fi
# In every partition: what is allowed differs from region to region.
"$environment/bin/cfn-lint" --regions us-east-1 eu-west-1 cn-north-1 us-gov-west-1 --template "$template"
echo "cfn-lint $("$environment/bin/cfn-lint" --version | cut -d' ' -f2): nothing to say about $template"
