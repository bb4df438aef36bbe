#!/bin/sh
# Prints the path of one of the tools that the ledger is tested with, after installing them by npm if they are not there:
#
#   scripts/foundry.sh anvil|cast     a program of Foundry, for this platform
#   scripts/foundry.sh ethers         the folder whose node_modules holds ethers
#
# tools/package-lock.json pins versions and hashes (of Foundry for Linux on x86-64; elsewhere npm gets the same version of
# the platform's package). A folder of .cache/ named after the version and the lock's hash holds what is installed, whole or
# not at all, so that several tests may ask at once.
set -eu

cd "$(dirname "$0")/.."
root=$(pwd)

fail() {
  echo "theriac: $*" >&2
  exit 1
}

# The platform in the words of Foundry's packages.
platform() {
  case $(uname -s) in Darwin) system=darwin ;; *) system=linux ;; esac
  case $(uname -m) in arm64 | aarch64) echo "$system-arm64" ;; *) echo "$system-amd64" ;; esac
}

digest() {
  node -e 'const bytes = require("fs").readFileSync("tools/package-lock.json");
    process.stdout.write(require("crypto").createHash("sha256").update(bytes).digest("hex").slice(0, 12))'
}

command -v node >/dev/null && command -v npm >/dev/null ||
  fail "needs Node.js 20.19 or newer with npm (Debian: apt-get install nodejs npm)."
version=$(sed -n 's/.*"@foundry-rs\/anvil-linux-amd64": "\(.*\)".*/\1/p' tools/package.json)
platform=$(platform)
folder=$root/.cache/foundry-$version-$(digest)

install() {
  cp tools/package.json tools/package-lock.json "$1"
  cd "$1"
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
  [ -d "node_modules/@foundry-rs/anvil-$platform" ] ||
    npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel=error \
      "@foundry-rs/anvil-$platform@$version" "@foundry-rs/cast-$platform@$version" >&2
}

if [ ! -d "$folder" ]; then
  mkdir -p .cache
  new=$(mktemp -d "$root/.cache/foundry-new.XXXXXX")
  trap 'rm -rf "$new"' EXIT
  mkdir "$new/whole"
  (install "$new/whole") || fail "could not install the tools of tools/package.json by npm."
  # Whoever is first gives the folder its name; the others find it there.
  [ -d "$folder" ] || mv "$new/whole" "$folder" 2>/dev/null || [ -d "$folder" ] || fail "could not write $folder."
fi

case "${1:-}" in
  anvil | cast)
    program=$folder/node_modules/@foundry-rs/$1-$platform/bin/$1
    [ -x "$program" ] || chmod +x "$program" || fail "Foundry has no $1 for $platform."
    echo "$program"
    ;;
  ethers) echo "$folder" ;;
  *) echo "usage: scripts/foundry.sh anvil|cast|ethers" >&2; exit 2 ;;
esac
