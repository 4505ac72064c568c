#!/usr/bin/env python3
"""Runs one test program, or one file of Python tests, and counts its cases. Called by tests/run.

tally.py gtest NAME LOG COUNTS -- COMMAND...      a GoogleTest program
tally.py unittest NAME LOG COUNTS -- FILE [CASE]  a file of unittest cases
tally.py exit NAME LOG COUNTS -- COMMAND...       one case: the exit code
tally.py line NAME LOG COUNTS -- COMMAND...       a program that ends with `N passed, N failed, N skipped`
One line goes to stdout; the program's words to LOG; `passed failed skipped` is appended to COUNTS.
"""
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import unittest


def gtest(command, log):
    with tempfile.TemporaryDirectory() as folder:
        report = os.path.join(folder, "report.json")
        with open(log, "wb") as out:
            code = subprocess.call([*command, f"--gtest_output=json:{report}"], stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        passed = failed = skipped = 0
        names = []
        try:
            with open(report, encoding="utf-8") as f:
                suites = json.load(f)["testsuites"]
        except (OSError, ValueError):
            return 0, 1, 0, [f"the program ended with {code} before it could report"]
    for suite in suites:
        for case in suite["testsuite"]:
            if case.get("result") == "SKIPPED" or case.get("status") == "NOTRUN":
                skipped += 1
            elif case.get("failures"):
                failed += 1
                names.append(f"{suite['name']}.{case['name']}")
            else:
                passed += 1
    if code != 0 and failed == 0:  # a sanitizer's word, or a crash after the last case
        failed = 1
        names.append(f"every case passed but the program ended with {code}")
    if passed + failed + skipped == 0:
        failed, names = 1, ["the program holds no test"]
    return passed, failed, skipped, names


def plain(command, log):
    with open(log, "wb") as out:
        return subprocess.call(command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)


def by_exit_code(command, log):
    code = plain(command, log)
    return (1, 0, 0, []) if code == 0 else (0, 1, 0, [f"ended with {code}"])


def by_last_line(command, log):
    code = plain(command, log)
    with open(log, encoding="utf-8", errors="replace") as f:
        found = re.findall(r"^(\d+) passed, (\d+) failed, (\d+) skipped$", f.read(), re.MULTILINE)
    if not found:
        return 0, 1, 0, [f"ended with {code} and no count"]
    passed, failed, skipped = map(int, found[-1])
    names = ["see its words"] if failed else []
    if code != 0 and failed == 0:
        failed, names = 1, [f"ended with {code}"]
    return passed, failed, skipped, names


def python(words, log):
    file, *cases = words
    sys.path.insert(0, os.path.dirname(os.path.abspath(file)))
    name = os.path.splitext(os.path.basename(file))[0]
    with open(log, "w", encoding="utf-8", buffering=1) as out:
        sys.stdout.flush()
        keep = os.dup(1), os.dup(2)
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
        try:
            spec = importlib.util.spec_from_file_location(name, file)
            module = importlib.util.module_from_spec(spec)
            sys.modules[name] = module
            spec.loader.exec_module(module)
            loader = unittest.TestLoader()
            suite = loader.loadTestsFromNames(cases, module) if cases else loader.loadTestsFromModule(module)
            result = unittest.TextTestRunner(stream=out, verbosity=2, buffer=False).run(suite)
        except BaseException as error:  # noqa: B902: a file that cannot even be loaded is a failed test
            print(f"{type(error).__name__}: {error}", file=out)
            return 0, 1, 0, [f"{type(error).__name__}: {error}"]
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os.dup2(keep[0], 1)
            os.dup2(keep[1], 2)
    bad = result.failures + result.errors
    names = [str(case) for case, _ in bad] + [f"{case} was expected to fail" for case in result.unexpectedSuccesses]
    skipped = len(result.skipped)
    passed = result.testsRun - len(result.failures) - len([e for e in result.errors if isinstance(e[0], unittest.TestCase)]) - skipped
    if result.testsRun == 0 and not bad and not skipped:
        return 0, 1, 0, ["the file holds no test"]
    return max(passed, 0), len(names), skipped, names


def main():
    kind, name, log, counts, _, *command = sys.argv[1:]
    begin = time.monotonic()
    passed, failed, skipped, names = {"gtest": gtest, "unittest": python, "exit": by_exit_code, "line": by_last_line}[kind](command, log)
    seconds = time.monotonic() - begin
    print(f"{name:<34} {passed:>5} passed {failed:>3} failed {skipped:>3} skipped {seconds:>7.1f} s", flush=True)
    for bad in names:
        print(f"    FAILED {bad}", flush=True)
    if failed:
        print(f"    its words: {log}", flush=True)
    with open(counts, "a", encoding="ascii") as f:
        f.write(f"{passed} {failed} {skipped}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
