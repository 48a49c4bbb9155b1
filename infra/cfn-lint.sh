#!/usr/bin/env bash
# Checks the template in dist/template/ with cfn-lint.
set -euo pipefail
cd "$(dirname "$0")/.."
infra/python-environment.sh cfn-lint infra/cfn-lint.requirements.txt

template=dist/template/elb-only.template.json
if [ ! -f "$template" ]; then
  echo "There is no $template. Run: npm run template" >&2
  exit 1
fi
# In every partition: what is allowed differs from region to region.
.venv/cfn-lint/bin/cfn-lint --regions us-east-1 eu-west-1 cn-north-1 us-gov-west-1 --template "$template"
echo "cfn-lint $(.venv/cfn-lint/bin/cfn-lint --version | cut -d' ' -f2): nothing to say about $template"
