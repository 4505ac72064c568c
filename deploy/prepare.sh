# Shared by deploy/quickstart and tests/run: packages, and how many compilers fit into the memory. Sourced, not run.
# shellcheck shell=bash

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
die() { printf 'quickstart: %s\n' "$*" >&2; exit 3; }

# packages_of run|test: the first part of deploy/packages.txt, or all of it.
packages_of() {
  awk -v want="$1" '/^# to test/ {if (want == "run") exit} !/^#/ && NF {print $1}' "$ROOT/deploy/packages.txt"
}

# Installs what is missing; touches no network when nothing is.
install_packages() {
  local missing=() package sudo=()
  for package in $(packages_of "$1"); do
    # Node builds the pages; one that is there already will do, whoever brought it (gateways/console/web/make.sh takes a newer one if needed).
    case $package in nodejs) command -v node >/dev/null && continue ;; npm) command -v npm >/dev/null && continue ;; esac
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  command -v apt-get >/dev/null || die "this needs Debian 12; install the packages of deploy/packages.txt by hand and run it again"
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "packages are missing (${missing[*]}) and there is no sudo: install them as root and run it again"
    sudo=(sudo)
  fi
  say "installing ${#missing[@]} Debian packages"
  # Debian's package would start a cluster of its own on port 5432; ours is private to the data folder.
  if [ "$(dpkg-query -W -f '${db:Status-Status}' postgresql-common 2>/dev/null)" != installed ] &&
     [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    "${sudo[@]}" mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' | "${sudo[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
  fi
  local log
  log=$(mktemp)
  local apt=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold)
  if ! { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "${missing[@]}"; } </dev/null >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    die "apt-get could not install ${missing[*]}; see above, mend it and run it again"
  fi
  rm -f "$log"
}

# One compiler needs up to 1.5 GB; a build that swaps is slower than one that waits.
build_jobs() {
  local kib cores jobs
  kib=$(awk '/MemAvailable/ {print $2}' /proc/meminfo)
  cores=$(nproc)
  jobs=$((kib / 1500000))
  [ "$jobs" -lt 1 ] && jobs=1
  [ "$jobs" -gt "$cores" ] && jobs=$cores
  echo "$jobs"
}

# build PRESET [TARGET…]: configures once and builds; words only when it fails.
build() {
  local preset=$1 log="$ROOT/build/log-$1.txt" dir="$ROOT/build"
  shift
  [ "$preset" = release ] || dir="$ROOT/build/$preset"
  mkdir -p "$ROOT/build"
  if ! { [ -f "$dir/build.ninja" ] || cmake -S "$ROOT" --preset "$preset"; } >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    die "cmake could not configure; the whole of its words: $log"
  fi
  if ! cmake --build "$dir" --parallel "$(build_jobs)" ${1:+--target "$@"} >>"$log" 2>&1; then
    grep -E -A 12 'error|FAILED' "$log" | tail -n 60 >&2
    die "the build failed; the whole of its words: $log"
  fi
}
