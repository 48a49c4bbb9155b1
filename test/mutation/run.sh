#!/usr/bin/env bash
# Breaks the code in these files and folders, one place at a time, and tells which breaks no test notices.
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ $# -eq 0 ]; then
  echo "Name files or folders of lib/: npm run mutation -- lib/judge/veto.ts lib/plan" >&2
  exit 2
fi

mutate=""
for target in "$@"; do
  if [ -d "$target" ]; then target="${target%/}/**/*.ts"
  elif [ ! -f "$target" ]; then echo "There is no $target." >&2; exit 2; fi
  mutate="$mutate,$target"
done

tool=test/mutation
if ! cmp -s "$tool/package-lock.json" "$tool/node_modules/installed.json"; then
  npm ci --prefix "$tool" --no-audit --no-fund
  cp "$tool/package-lock.json" "$tool/node_modules/installed.json"
fi
"$tool/node_modules/.bin/stryker" run "$tool/stryker.json" --mutate "${mutate#,}"
