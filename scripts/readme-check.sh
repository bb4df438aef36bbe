#!/usr/bin/env bash
# Runs the commands of the README against the built program: scripts/readme-check.sh PROGRAM [DOCUMENT].
#
# Runs every ```console block that follows a line `<!-- checked -->`, in order, in one shell, in an empty folder where
# `docs` is that of this project. A line that starts with "$ " is a command; it must succeed, or end with the status of its
# comment "# exit N". A line after it is a line of its output, in which … stands for any text.
set -euo pipefail

TIMEOUT_S=300
if [ -z "${README_CHECK:-}" ] && command -v timeout >/dev/null; then
  README_CHECK=1 exec timeout "$TIMEOUT_S" bash "$0" "$@"
fi

root=$(cd "$(dirname "$0")/.." && pwd)
program=${1:?usage: scripts/readme-check.sh PROGRAM [DOCUMENT]}
document=$(realpath "${2:-$root/README.md}")

program=$(realpath "$program")
[ -x "$program" ] || { echo "readme-check: $program is not built: run make build" >&2; exit 1; }
folder=$(mktemp -d)
mkdir "$folder/bin" "$folder/here"
ln -s "$program" "$folder/bin/theriac"
ln -s "$root/docs" "$folder/here/docs"
log=$folder/log
trap 'rm -rf "$folder"' EXIT
export PATH=$folder/bin:$PATH
for variable in "${!THERIAC_@}"; do unset "$variable"; done

checked_lines() {
  awk '
    /^```console/ && armed { inside = 1; armed = 0; next }
    /^```/ { inside = 0; armed = 0; next }
    inside { print; next }
    /^<!-- checked -->$/ { armed = 1; next }
    NF { armed = 0 }
  ' "$document"
}

fail() {
  { echo "readme-check: $1"; echo "  command: $command"; sed 's/^/  | /' "$log"; } >&2
  exit 1
}

# Runs $command in this shell, so that cd and export last.
run_command() {
  local expected=0 status=0
  [[ $command =~ \#\ exit\ ([0-9]+)$ ]] && expected=${BASH_REMATCH[1]}
  eval "$command" >"$log" 2>&1 </dev/null || status=$?
  [ "$status" = "$expected" ] || fail "expected exit status $expected, found $status"
  commands=$((commands + 1))
}

# Whether the last output has the line $1, in which … stands for any text.
check_output() {
  local pattern line
  pattern=$(printf '%s' "$1" | sed 's/[][*?\\]/\\&/g; s/…/*/g')
  while IFS= read -r line || [ -n "$line" ]; do
    # shellcheck disable=SC2053
    [[ $line == $pattern ]] && return 0
  done <"$log"
  fail "expected the line \"$1\" in the output"
}

commands=0
command=
: >"$log"
cd "$folder/here"
while IFS= read -r line <&3; do
  case $line in
    '$ '*) command=${line#'$ '}; run_command ;;
    '') ;;
    *) check_output "$line" ;;
  esac
done 3< <(checked_lines)
[ "$commands" -gt 0 ] || { echo "readme-check: no checked command in $document" >&2; exit 1; }
echo "readme-check: $commands commands of $(basename "$document") do what it says"
