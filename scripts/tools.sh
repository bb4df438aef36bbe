#!/bin/sh
# Checks the tools that a build needs ("build"), checks need ("lint"), or tests need ("test").
# On Debian and Ubuntu, as root, installs what is missing; elsewhere says in one sentence what to install.
set -eu

cd "$(dirname "$0")/.."

fail() {
  echo "theriac: $*" >&2
  exit 1
}

# Whether version $1 is at least version $2.
at_least() {
  [ "$(printf '%s\n%s\n' "$1" "$2" | sort -t. -k1,1n -k2,2n -k3,3n | head -n 1)" = "$2" ]
}

# Installs Debian packages if that can be done without asking anybody.
apt_install() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  echo "theriac: installing $*" >&2
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

check_cargo() {
  needed=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
  command -v cargo >/dev/null ||
    fail "needs Rust $needed: install it as https://rustup.rs says, and open a new shell."
  found=$(cargo --version | sed 's/^cargo \([0-9.]*\).*/\1/')
  at_least "$found" "$needed" ||
    fail "needs Rust $needed or newer, found $found: run rustup update stable && rustup default stable."
}

# A program with a header of the C library compiles: the database, the hashes and TLS have parts in C and assembly.
c_compiles() {
  command -v cc >/dev/null && echo '#include <stdio.h>' | cc -x c -fsyntax-only - 2>/dev/null
}

check_compiler() {
  c_compiles || { apt_install gcc libc6-dev && c_compiles; } ||
    fail "needs a C compiler named cc (Debian: apt-get install gcc libc6-dev; macOS: xcode-select --install)."
  command -v perl >/dev/null || apt_install perl ||
    fail "needs perl, which writes the assembly of the hash function (Debian: apt-get install perl)."
}

check_components() {
  cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1 ||
    fail "needs rustfmt and clippy for its checks: run rustup component add rustfmt clippy."
}

node_is_new() {
  command -v node >/dev/null && command -v npm >/dev/null && at_least "$(node --version | tr -d v)" "$1"
}

# Node compiles the contracts again and compares; it is no part of the program.
check_node() {
  needed=$(sed -n 's/.*"node": ">=\(.*\)".*/\1/p' contracts/package.json)
  node_is_new "$needed" || { apt_install nodejs npm && node_is_new "$needed"; } ||
    fail "needs Node.js $needed or newer with npm for its tests only: install it as https://nodejs.org says."
}

case "${1:-}" in
  build) check_cargo && check_compiler ;;
  lint) check_cargo && check_compiler && check_components ;;
  test) check_cargo && check_compiler && check_node ;;
  *) echo "usage: scripts/tools.sh build|lint|test" >&2; exit 2 ;;
esac
