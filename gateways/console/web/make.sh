#!/bin/sh
# Builds the pages into OUT (default build/web of this checkout), and does nothing when nothing changed. Called by CMake, by tests, by hand.
# Node: the system's where it is new enough, else the npm package `node`, pinned, fetched once into build/tools.
#   make.sh [OUT]
#   make.sh --check      builds, checks types, runs the tests; ends with `N passed, N failed, N skipped`
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

check=no
if [ "${1:-}" = --check ]; then check=yes; elif [ $# -gt 0 ]; then out=$1; fi

packages() {
  find_node
  PATH=$(dirname "$node"):$PATH
  export PATH
  cd "$here"
  cmp -s package-lock.json node_modules/.made-from 2>/dev/null && return
  npm ci --no-audit --no-fund --loglevel=error --fetch-retries=5 >&2
  cp package-lock.json node_modules/.made-from
}

mkdir -p "$root/build"
exec 9>"$root/build/.web-lock"
flock 9
sum=$(cd "$here" && find package-lock.json tsconfig.json vite.config.ts make.sh ./*.html src public -type f | LC_ALL=C sort | xargs sha256sum | sha256sum)
if [ "$(cat "$out/.made-from" 2>/dev/null)" != "$sum" ]; then
  packages
  WANGGE_WEB_OUT=$out node node_modules/vite/bin/vite.js build --logLevel warn >&2
  # Sent as they lie here: nothing is compressed while somebody waits.
  find "$out" -type f \( -name '*.js' -o -name '*.css' -o -name '*.html' -o -name '*.svg' -o -name '*.webmanifest' \) -exec gzip -9 -n -k -f {} +
  echo "$sum" >"$out/.made-from"
fi
[ $check = yes ] || exit 0

packages
failed=0
node node_modules/vue-tsc/bin/vue-tsc.js --noEmit || failed=1
report=$root/build/web-tests.json
node node_modules/vitest/vitest.mjs run --reporter=default --reporter=json --outputFile.json="$report" || true
node -e 'const r = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")); const types = Number(process.argv[2]);
  const failed = r.numFailedTests + types + (r.success || r.numFailedTests ? 0 : 1);
  console.log(`${r.numPassedTests + 1 - types} passed, ${failed} failed, ${r.numPendingTests} skipped`); process.exit(failed ? 1 : 0)' "$report" "$failed"
