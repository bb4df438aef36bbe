#!/bin/sh
# Compiles the contracts and writes the shared vectors, or with --check compares both with what is committed.
# Installs the compiler by npm only when the lock file changed since the last time.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root/contracts"

installed=node_modules/.theriac-lock
if ! cmp -s package-lock.json "$installed"; then
  npm ci --no-audit --no-fund
  cp package-lock.json "$installed"
fi

case "${1:-}" in
  "") node compile.mjs && node ../vectors/generate.mjs ;;
  --check) node compile.mjs --check && node ../vectors/generate.mjs --check ;;
  *) echo "usage: scripts/contracts.sh [--check]" >&2; exit 2 ;;
esac
