#!/bin/sh
# Builds the pages into OUT (default build/web of this checkout), and does nothing when nothing changed. Called by CMake, by tests, by hand.
# Node: the system's where it is new enough, else the npm package `node`, pinned, fetched once into build/tools.
#   make.sh [OUT]        make.sh --node: prints the node it would use
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
out=$root/build/web
tools=$root/build/tools
pinned=22.23.3

new_enough() { "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null; }
find_node() {
  for node in "${WANGGE_NODE:-}" "$tools/node_modules/node/bin/node" "$(command -v node || true)"; do
    if [ -n "$node" ] && new_enough "$node"; then return; fi
  done
  command -v npm >/dev/null || { echo "make.sh: needs Node 20.19 or newer, or npm to fetch it (Debian: apt-get install nodejs npm)" >&2; exit 3; }
  mkdir -p "$tools"
  npm install --prefix "$tools" --no-save --no-audit --no-fund --loglevel=error "node@$pinned" >&2
  node=$tools/node_modules/node/bin/node
}

if [ "${1:-}" = --node ]; then
  find_node
  echo "$node"
  exit 0
fi
[ $# -eq 0 ] || out=$1

mkdir -p "$root/build"
exec 9>"$root/build/.web-lock"
flock 9
sum=$(cd "$here" && find package-lock.json tsconfig.json vite.config.ts make.sh ./*.html src public -type f | LC_ALL=C sort | xargs sha256sum | sha256sum)
[ "$(cat "$out/.made-from" 2>/dev/null)" = "$sum" ] && exit 0

find_node
PATH=$(dirname "$node"):$PATH
export PATH
cd "$here"
if ! cmp -s package-lock.json node_modules/.made-from 2>/dev/null; then
  npm ci --no-audit --no-fund --loglevel=error --fetch-retries=5 >&2
  cp package-lock.json node_modules/.made-from
fi
WANGGE_WEB_OUT=$out node node_modules/vite/bin/vite.js build --logLevel warn >&2
# Sent as they lie here: nothing is compressed while somebody waits.
find "$out" -type f \( -name '*.js' -o -name '*.css' -o -name '*.html' -o -name '*.svg' -o -name '*.webmanifest' \) -exec gzip -9 -n -k -f {} +
echo "$sum" >"$out/.made-from"
