#!/usr/bin/env python3
"""Reads the tree and says, one sentence a fault, where a room reaches where it may not. See README.md."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
CODE = (".cpp", ".hpp")

# Room (the longest prefix wins): what of ours it may include, besides itself. DESIGN's table, as built.
MAY_INCLUDE = {
    "dispatcher/core/": [],
    "dispatcher/engine/": ["dispatcher/core/", "proto/", "storage/"],
    "proto/": [],
    "storage/": ["dispatcher/core/"],
    "gateways/http/": ["dispatcher/core/types.hpp"],
    "gateways/spool/": ["dispatcher/core/types.hpp"],
    "gateways/link/": ["dispatcher/core/", "proto/", "gateways/http/http.hpp", "gateways/http/", "gateways/spool/"],
    "gateways/media/": ["dispatcher/core/types.hpp"],
    "gateways/patrol/": ["dispatcher/core/types.hpp", "dispatcher/core/coordinates.hpp", "gateways/"],
    "gateways/sessions/": ["dispatcher/core/types.hpp", "gateways/", "storage/"],
    "gateways/squad/": ["dispatcher/core/", "gateways/", "storage/"],
    "gateways/console/": ["dispatcher/core/", "gateways/", "storage/"],
    "gateways/": ["dispatcher/core/", "gateways/", "storage/"],
    "deploy/": [""],
    "tests/": [""],
}
# The core's pure rules are std only: these headers carry clocks, chance, threads, files or words to a screen.
NOT_IN_CORE = {"iostream", "fstream", "filesystem", "thread", "mutex", "atomic", "condition_variable", "future", "random", "ctime"}
CLOCK_OR_CHANCE = re.compile(r"\b(system_clock|steady_clock|high_resolution_clock)\b|::now\(\)|\btime\(nullptr\)|\b(rand|srand|getenv|random_device|mt19937|fopen|printf|puts)\b")
# A library and the only rooms that may include it.
ONLY_IN = {
    r"zmq\.hp?p?$|zmq\.h$": ["proto/bus/"],
    r"pqxx/|libpq-fe\.h$|postgresql/libpq-fe\.h$": ["storage/", "tests/support/", "tests/store/", "tests/bench/"],
    r"sqlite3\.h$": ["gateways/spool/", "deploy/backup_files.cpp", "tests/spool/", "tests/deploy/"],
    r"boost/(asio|beast)": ["gateways/http/", "tests/http/", "tests/bench/"],
    r"\.pb\.h$": ["proto/", "dispatcher/engine/", "gateways/link/", "tests/"],
    r"xlsxwriter\.h$": ["storage/"],
    r"^curl/|^cjose/": ["gateways/sessions/"],
    r"^zip\.h$|pugixml": ["storage/publish/"],
}
SQL = re.compile(r'"\s*(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+(TABLE|EXTENSION|INDEX)|ALTER\s+TABLE|TRUNCATE\s)', re.IGNORECASE)
# SQL text in code is right only where the database is not the city's own: the spool's SQLite, and tests that look from outside.
SQL_ROOMS = ("gateways/spool/", "tests/")
TEXT = (".cpp", ".hpp", ".py", ".sh", ".md", ".txt", ".sql", ".cmake", ".proto", ".toml", ".ts", ".js", ".html", ".css", ".json", ".service", "")
LEFTOVER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
# Paths of one machine; the pattern is split so that this file does not find itself.
MACHINE = re.compile(r"(?<![\w.])/(?:wo" + r"rk|home/\w+|Users/\w+|root)/")
NO_CARD = ("build", "var", ".git", "node_modules")


def tracked(root):
    try:
        out = subprocess.run(["git", "-C", root, "ls-files", "-co", "--exclude-standard", "-z"], capture_output=True, check=True).stdout.decode()
        names = [n for n in out.split("\0") if n and os.path.isfile(os.path.join(root, n))]
        if names:
            return sorted(set(names))
    except (OSError, subprocess.CalledProcessError):
        pass
    found = []
    for folder, inner, files in os.walk(root):
        inner[:] = [d for d in inner if d not in NO_CARD]
        found += [os.path.relpath(os.path.join(folder, f), root) for f in files]
    return sorted(found)


def read(root, name):
    with open(os.path.join(root, name), encoding="utf-8", errors="replace") as f:
        return f.read()


def room_of(name):
    return max((r for r in MAY_INCLUDE if name.startswith(r)), key=len, default=None)


def without_comments(text):
    return re.sub(r"/\*.*?\*/", "", re.sub(r"//[^\n]*", "", text), flags=re.S)


def check_includes(name, text):
    room = room_of(name)
    for quoted, angled in re.findall(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', text, re.M):
        header = quoted or angled
        for pattern, rooms in ONLY_IN.items():
            if re.search(pattern, header) and not name.startswith(tuple(rooms)):
                yield f"{name} includes <{header}>; only {', '.join(rooms)} may."
        if room is None:
            continue
        ours = header.split("/")[0] in ("dispatcher", "proto", "gateways", "storage", "deploy", "tests") and header.endswith(".hpp")
        if room == "dispatcher/core/":
            if header in NOT_IN_CORE or (angled and ("/" in header or header.endswith(".h"))):
                yield f"{name} includes <{header}>; the core touches nothing. See ARCHITECTURE.md."
        if ours and not header.startswith(room) and not any(header.startswith(p) for p in MAY_INCLUDE[room]):
            yield f"{name} includes \"{header}\"; {room.rstrip('/')} may not reach there. See ARCHITECTURE.md."


def check_core(name, text):
    for found in CLOCK_OR_CHANCE.finditer(without_comments(text)):
        yield f"{name} uses {found.group(0)}; time and chance are arguments of the core."


def check_sql(name, text):
    if name.endswith(CODE) and not name.startswith(SQL_ROOMS):
        for found in SQL.finditer(without_comments(text)):
            yield f"{name} holds SQL ({found.group(1)[:30]}…); a statement is a file of its own under storage/queries."


def check_text(name, text):
    if name.startswith("tests/tidy/"):
        return
    for number, line in enumerate(text.split("\n"), 1):
        if LEFTOVER.search(line):
            yield f"{name}:{number} has a {LEFTOVER.search(line).group(0)}; finish it or write an issue."
        if MACHINE.search(line):
            yield f"{name}:{number} names a path of one machine ({MACHINE.search(line).group(0)})."


def check_cards(names):
    folders = set()
    for name in names:
        parts = name.split("/")[:-1]
        # Inside a folder of data (corpora, embedded files, maps) the card of the folder above speaks.
        for depth in range(1, len(parts) + 1):
            folders.add("/".join(parts[:depth]))
    have = {os.path.dirname(n) for n in names if os.path.basename(n) == "README.md"}
    for folder in sorted(folders):
        holds_code = any(os.path.dirname(n) == folder and n.endswith(CODE + (".py", ".proto", ".ts")) for n in names)
        if holds_code and folder not in have:
            yield f"{folder} has no README.md; every room has a card of a few lines."


def check_queries(root, names):
    code = "\n".join(read(root, n) for n in names if n.endswith(CODE) and n.startswith(("storage/", "tests/store/")))
    for name in names:
        found = re.fullmatch(r"storage/queries/(\w+)/(\w+)\.sql", name)
        if not found:
            if name.endswith(".sql") and not name.startswith(("storage/migrations/", "tests/")):
                yield f"{name} is SQL outside storage/queries and storage/migrations."
            continue
        text = read(root, name)
        if found.group(1) != "parts" and not re.search(rf"\b{found.group(1)}_{found.group(2)}\b", code):
            yield f"{name} is used by nobody."
        if found.group(1) == "parts" and not any(f"{found.group(2)}" in read(root, n) for n in names if n.startswith("storage/") and n != name):
            yield f"{name} is used by nobody."
        if not text.lstrip().startswith("--"):
            yield f"{name} does not begin with a comment of its purpose."


def check_migrations(root, names):
    plan = "storage/migrations/sqitch.plan"
    if plan not in names:
        return
    planned = re.findall(r"^([a-z_0-9]+) ", read(root, plan), re.M)
    for change in planned:
        for kind in ("deploy", "revert", "verify"):
            if f"storage/migrations/{kind}/{change}.sql" not in names:
                yield f"storage/migrations/{kind}/{change}.sql is missing; every change has deploy, revert and verify."


def check_regressions(root, names):
    """Every test that tests/README.md names stands in its file."""
    page = "tests/README.md"
    if page not in names:
        return
    for test, file in re.findall(r"\| `([\w.]+)` \| `([^`]+)` \|$", read(root, page), re.M):
        suite, _, name = test.rpartition(".")
        wanted = rf"TEST(_F|_P)?\({suite}, {name}\)" if suite else rf"def {name}\("
        if file not in names or not re.search(wanted, read(root, file)):
            yield f"{page} names the test {test}, which {file} does not hold."


def faults(root):
    names = tracked(root)
    for name in names:
        if not name.endswith(TEXT) or os.path.getsize(os.path.join(root, name)) > 2_000_000 or "/data/" in name or "/corpus/" in name:
            continue
        text = read(root, name)
        if name.endswith(CODE):
            yield from check_includes(name, text)
            if name.startswith("dispatcher/core/"):
                yield from check_core(name, text)
            if name.endswith(".hpp") and "#pragma once" not in text:
                yield f"{name} has no #pragma once."
        yield from check_sql(name, text)
        yield from check_text(name, text)
    yield from check_cards(names)
    yield from check_queries(root, names)
    yield from check_migrations(root, names)
    yield from check_regressions(root, names)


# ---- one fault of each kind, planted into a copy

PLANTED = [
    ("dispatcher/core/planted.cpp", "#include <zmq.hpp>\n", "only proto/bus/ may"),
    ("dispatcher/core/planted.cpp", "#include <fstream>\n", "the core touches nothing"),
    ("dispatcher/core/planted.cpp", "auto t = std::chrono::system_clock::now();\n", "time and chance"),
    ("dispatcher/core/planted.cpp", '#include "storage/store.hpp"\n', "may not reach there"),
    ("gateways/patrol/planted.cpp", '#include "storage/read_model.hpp"\n', "may not reach there"),
    ("gateways/console/planted.cpp", "#include <pqxx/pqxx>\n", "only storage/"),
    ("gateways/console/planted.cpp", 'auto q = "SELECT 1 FROM cases";\n', "holds SQL"),
    ("storage/queries/cases/planted_nowhere.sql", "-- nobody calls this\nSELECT 1\n", "used by nobody"),
    ("deploy/planted.sql", "SELECT 1\n", "is SQL outside"),
    ("deploy/planted.cpp", "// TO" + "DO later\n", "finish it"),
    ("deploy/planted.cpp", 'auto p = "/ho' + 'me/somebody/x";\n', "path of one machine"),
    ("gateways/planted/door.cpp", "int x;\n", "has no README.md"),
    ("gateways/patrol/planted.hpp", "int x;\n", "no #pragma once"),
    ("tests/README.md", "| a | b | `Peers.Nowhere` | `tests/core/rules_test.cpp` |\n", "does not hold"),  # the last: it takes the page away
]


def self_test():
    hidden = []
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, "tree")
        for name in tracked(ROOT):
            if name.endswith(TEXT) and os.path.getsize(os.path.join(ROOT, name)) < 2_000_000:
                os.makedirs(os.path.dirname(os.path.join(copy, name)), exist_ok=True)
                shutil.copyfile(os.path.join(ROOT, name), os.path.join(copy, name))
        for name, text, expected in PLANTED:
            path = os.path.join(copy, name)
            made = not os.path.isdir(os.path.dirname(path))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
            if not any(name.split("/planted")[0] in fault and expected in fault for fault in faults(copy)):
                hidden.append(f"a planted fault was not found: {name}: {text.strip()}")
            os.remove(path)
            if made:
                os.rmdir(os.path.dirname(path))
    return hidden


def main():
    found = self_test() if "--self-test" in sys.argv else list(faults(ROOT))
    for fault in found:
        print(fault)
    print(f"{len(found)} faults" if found else "tidy")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
