#!/bin/sh
# Checks that every relative link of the documents, and every path of this project that they name in `code`, exists.
set -eu

cd "$(dirname "$0")/.."

# Prints "line kind target" for each link and each path outside of code blocks.
# shellcheck disable=SC2016
targets='
  /^ *```/ { fenced = !fenced; next }
  fenced { next }
  {
    rest = $0
    while (match(rest, /\]\([^)]*\)/)) {
      print NR, "link", substr(rest, RSTART + 2, RLENGTH - 3)
      rest = substr(rest, RSTART + RLENGTH)
    }
    rest = $0
    while (match(rest, /`[^`]*`/)) {
      code = substr(rest, RSTART + 1, RLENGTH - 2)
      if (code ~ /^(crates|contracts|scripts|docs|engine|tools|vectors|\.ci)\/[A-Za-z0-9_.\/-]*$/) print NR, "path", code
      rest = substr(rest, RSTART + RLENGTH)
    }
  }
'

# Prints a sentence if the target $4 of kind $3, in line $2 of document $1, is not there.
check() {
  case $4 in http://* | https://* | mailto:* | '#'*) return 0 ;; esac
  path=${4%%#*}
  [ "$3" = path ] && [ -e "$path" ] && return 0
  [ "$3" = link ] && [ -e "$(dirname "$1")/$path" ] && return 0
  echo "$1:$2: expected a file of this project, found $4"
}

documents=$(git ls-files --cached --others --exclude-standard '*.md' | sort -u)
broken=$(
  for document in $documents; do
    [ -f "$document" ] || continue
    awk "$targets" "$document" | while read -r line kind target; do
      check "$document" "$line" "$kind" "$target"
    done
  done
)
if [ -n "$broken" ]; then
  echo "$broken" >&2
  exit 1
fi
echo "links: every relative link and path of $(echo "$documents" | wc -l) documents exists"
