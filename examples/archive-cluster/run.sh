#!/usr/bin/env bash
# Starts a Redis that keeps nothing, on a free port of this host, runs the example with the given options, and stops it.
set -euo pipefail
cd "$(dirname "$0")"

if ! command -v redis-server > /dev/null; then
  echo 'redis-server is missing: apt-get install redis-server' >&2
  exit 1
fi
archive="" previous="" headers=100000
for option in "$@"; do
  case $previous in
    --archive) archive=$option ;;
    --headers) headers=$option ;;
  esac
  previous=$option
done
make=(--make --headers "$headers")
if [ -n "$archive" ]; then make+=(--archive "$archive"); fi
(cd ../archive-cores && npm run --silent build && node build/archive-cores/main.js "${make[@]}")
npm run --silent build

port=$(node -e "const s = net.createServer().listen(0, '127.0.0.1', () => { console.log(s.address().port); s.close(); })")
folder=$(mktemp -d)
redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no --dir "$folder" > "$folder/log" &
redis=$!
trap 'kill "$redis" 2> /dev/null; wait "$redis" || true; rm -r "$folder"' EXIT
for _ in $(seq 50); do
  if redis-cli -p "$port" ping > /dev/null 2>&1; then break; fi
  sleep 0.1
done
node build/archive-cluster/main.js --redis "127.0.0.1:$port" "$@"
