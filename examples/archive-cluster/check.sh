#!/usr/bin/env bash
# Runs both examples from a fresh install, after `npm ci && npm run build` of the project: `./check.sh [headers]`, 100,000 by default.
set -euo pipefail
cd "$(dirname "$0")"
headers=${1:-100000}

cd ../archive-cores
npm ci && npm start -- --headers "$headers" --kill
# Bad headers, a few at a time and one after the other: a small archive has every place for them.
npm start -- --headers 5000 --range 250 --rounds 1 --damage

cd ../archive-cluster
npm ci && ./run.sh --headers "$headers" --rounds 1 --kill
