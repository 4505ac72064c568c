"""How long a build takes: of everything from nothing, and of one changed file of the core with its tests. On a copy of the
tree, without a compiler cache."""
import os
import shutil
import subprocess
import tempfile
import time

import machine
import town as towns
from figures import median, say

TOUCHED = "dispatcher/core/decide.cpp"
CORE_TESTS = "core_tests"
TIMES = 3


def copy_of_tree(into):
    listed = subprocess.run(["git", "-C", towns.ROOT, "ls-files", "-co", "--exclude-standard", "-z"], capture_output=True, check=False).stdout.decode()
    names = [n for n in listed.split("\0") if n]
    if not names:  # no git: everything but what a build made
        shutil.copytree(towns.ROOT, into, ignore=shutil.ignore_patterns("build", "var", ".git"), dirs_exist_ok=True)
    for name in names:
        if os.path.isfile(os.path.join(towns.ROOT, name)):
            os.makedirs(os.path.dirname(os.path.join(into, name)), exist_ok=True)
            shutil.copyfile(os.path.join(towns.ROOT, name), os.path.join(into, name))


def jobs():
    """As deploy/prepare.sh counts them."""
    return subprocess.run(["bash", "-c", "ROOT=. . deploy/prepare.sh; build_jobs"], cwd=towns.ROOT, capture_output=True, text=True, check=True).stdout.strip()


def timed(*words, cwd, must=True):
    """(seconds, ended well)."""
    start = time.monotonic()
    done = subprocess.run(words, cwd=cwd, env={**os.environ, "CCACHE_DISABLE": "1"}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if must and done.returncode != 0:
        raise SystemExit(f"{' '.join(words)} failed:\n{done.stdout[-3000:]}")
    return time.monotonic() - start, done.returncode == 0


def rows(figures, clean=True):
    tree = tempfile.mkdtemp(prefix="wangge-bench-tree-", dir=os.environ.get("TMPDIR") or "/var/tmp")
    try:
        copy_of_tree(tree)
        if clean:
            say("building everything without a compiler cache")
            watch = machine.Watch()
            took = timed("cmake", "-S", ".", "--preset", "release", cwd=tree)[0] + timed("cmake", "--build", "build", "-j", jobs(), cwd=tree)[0]
            figures.add("clean build of the program (release)", took / 60, "min", watch.others(), most=6)
        say("building the core's tests")
        timed("cmake", "-S", ".", "--preset", "dev", cwd=tree)
        build = ("cmake", "--build", "build/dev", "-j", jobs(), "--target", CORE_TESTS)
        timed(*build, cwd=tree)
        watch, each, well = machine.Watch(), [], True
        for turn in range(TIMES):
            with open(os.path.join(tree, TOUCHED), "a", encoding="utf-8") as f:
                f.write(f"// {turn}\n")
            built, _ = timed(*build, cwd=tree)
            took, passed = timed(f"build/dev/bin/{CORE_TESTS}", cwd=tree, must=False)
            each.append(built + took)
            well &= passed
        if not well:
            figures.note("some tests of the core failed; what they took is counted all the same")
        figures.add(f"{TOUCHED} changed, its tests built and run", median(each), "s", watch.others(), most=20)
    finally:
        shutil.rmtree(tree, ignore_errors=True)
