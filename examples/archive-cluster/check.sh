#!/usr/bin/env bash
# Runs both examples from a fresh install, after `npm ci && npm run build` of the project: `./check.sh [headers]`, 5,000 by default.
set -euo pipefail
cd "$(dirname "$0")"
headers=${1:-5000}
options=(--headers "$headers" --kill)
damage=()
if [ "$headers" -lt 50000 ]; then
  options+=(--range 250 --rounds 1)
  damage=(--damage)
fi

(cd ../archive-cores && npm ci && npm start -- "${options[@]}" "${damage[@]}")
npm ci && ./run.sh "${options[@]}"
