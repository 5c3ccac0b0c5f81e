# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks networks that are wrong, or dangerous, and compares what is said of them.

A file of such cases is a list of networks in Lava's terms, each with the level of what a compiler should
say (error, warning, note, ok) and a diagnosis in words. README.md describes the format. Each becomes a
YAML file, which `basalt check` sees.
"""

import concurrent.futures
import fnmatch
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from case_file import CaseError, check_keys, expect, unique_pairs
from network_yaml import NetworkYaml
from relevance import missing_from

FOLDER = pathlib.Path(__file__).resolve().parent / "diagnostics"
LEVELS = ("ok", "note", "warning", "error")  # from harmless to bad
KEYS = {
    "name": True, "instances": True, "connections": True, "level": True, "diagnosis": True,
    "lava": False, "notes": False, "behaviour": False,  # for the reader
    "select_tag": False, "select_sub_proc_model": False, "exception_proc_model_map": False,
    "steps": False, "sets": False, "probes": False, "final": False, "processes": False,
}  # fmt: skip
MESSAGE = re.compile(r"^(?:(?P<place>[^\s:][^:]*:\d+:\d+|basalt): )(?P<level>error|warning|remark|note): (?P<text>.*)$")
TIMEOUT = 60


class DiagnosticCase(NetworkYaml):
    """A network and what should be said of it; `broken` says what is wrong with the case itself."""

    def __init__(self, case, folder, number):
        self.json, self.folder, self.broken = case, folder, None
        self.name = f"case {number}"
        try:
            self.check()
            self.name = case["name"]
        except CaseError as error:
            self.broken = str(error)
        # Whoever writes cases may note more than we read.
        self.ignored = sorted(case.keys() - KEYS.keys()) if isinstance(case, dict) else []

    def check(self):
        required = [key for key, needed in KEYS.items() if needed]
        expect(self.json, dict, "a case", "a mapping")
        check_keys(self.json, {*KEYS, *self.json}, required, "the case")
        if self.json["level"] not in LEVELS:
            raise CaseError(f"expected one of {', '.join(LEVELS)} for 'level', found '{self.json['level']}'")
        instances = expect(self.json["instances"], dict, "'instances'", "a mapping")
        for name, instance in instances.items():
            check_keys(instance, {"class", "params"}, {"class"}, f"instance '{name}'")
        for connection in expect(self.json["connections"], list, "'connections'", "a list"):
            if len(expect(connection, list, "a connection", "a list")) not in (2, 3):
                raise CaseError(f"expected [source, target] or [source, target, via], found {json.dumps(connection)}")

    def run_section(self):
        """Lava's message may be all that says with which models it was run."""
        tag = re.search(r"\bselect_tag\b\W*(\w+)", self.json.get("lava", ""))
        if tag and not self.json.get("select_tag"):
            self.json["select_tag"] = tag[1]
        return super().run_section()

    def yaml(self):
        text = super().yaml()
        processes = self.json.get("processes")
        return text + f"processes: {json.dumps(processes)}\n" if processes else text


class Verdict:
    """What `basalt check` said of a case, and whether that is what should be said."""

    def __init__(self, case, messages, problem=None):
        self.case, self.messages = case, messages
        self.expected = "-" if case.broken else case.json["level"]
        self.problem = problem or self.difference()

    @property
    def found(self):
        levels = [level for _, level, _ in self.messages]
        return "-" if self.case.broken else next((level for level in ("error", "warning") if level in levels), "ok")

    def difference(self):
        """Why the verdict is no good; None if it is. Those of the levels `ok` and `note` are accepted."""
        if self.expected in ("ok", "note"):
            return "must be accepted" if self.found == "error" else None
        if self.found != self.expected:
            return f"expected {self.expected}, found {self.found}"
        # The other messages of that level may be about something else.
        texts = [text for _, level, text in self.messages if level not in LEVELS or level in (self.expected, "note")]
        missing = missing_from(" ".join(texts), self.case.json["diagnosis"], self.case.json)
        return f"the message does not say: {missing}" if missing else None

    def lines(self):
        """What was said, notes and all."""
        yield from (f"{place}: {level}: {text}" for place, level, text in self.messages)
        yield from (f"note: the key '{key}' of the case is not read" for key in self.case.ignored)
        if self.case.broken:
            yield self.problem
        elif self.problem:
            yield f"{self.problem}; the diagnosis is: {self.case.json['diagnosis']}"


def read_cases(file):
    """The cases of a file. Raises CaseError."""
    try:
        cases = json.loads(file.read_text(), object_pairs_hook=unique_pairs)
    except OSError as error:
        raise CaseError(f"cannot read '{file}': {error.strerror}") from error
    except ValueError as error:
        raise CaseError(f"{file}: {error}") from error
    expect(cases, list, "the cases", "a list")
    return [DiagnosticCase(case, file.resolve().parent, number) for number, case in enumerate(cases, 1)]


def examine(case, basalt, keep=None):
    """Has `basalt check` look at the case."""
    if case.broken:
        return Verdict(case, [], case.broken)
    with tempfile.TemporaryDirectory() as scratch:
        place = keep or pathlib.Path(scratch)
        place.mkdir(parents=True, exist_ok=True)
        net = place / f"{case.name}.yaml"
        try:
            net.write_text(case.yaml())
        except (KeyError, TypeError, AttributeError) as error:
            case.broken = f"cannot be written as a network: {error!r}"
            return Verdict(case, [], case.broken)
        try:
            result = subprocess.run(
                [pathlib.Path(shutil.which(basalt)).resolve(), "check", net.name], cwd=place, capture_output=True, text=True, timeout=TIMEOUT, check=False
            )
        except subprocess.TimeoutExpired:
            return Verdict(case, [], f"not done after {TIMEOUT} s")
    messages = [match.group("place", "level", "text") for match in map(MESSAGE.match, result.stderr.splitlines()) if match]
    if result.returncode not in (0, 1):
        return Verdict(case, messages, f"exit code {result.returncode}: {result.stderr.rstrip()}")
    return Verdict(case, messages)


def print_table(verdicts):
    """Prints a row for each verdict with the messages below; returns how many have failed."""
    failed = passed = 0
    print(f"{'case':34}  {'expected':8}  {'found':8}  verdict")
    for verdict in verdicts:
        failed, passed = failed + bool(verdict.problem), passed + (not verdict.problem)
        word = "FAILED" if verdict.problem else "passed"
        print(f"{verdict.case.name:34}  {verdict.expected:8}  {verdict.found:8}  {word}", flush=True)
        for line in verdict.lines():
            print(f"    {line}")
    print(f"{passed} passed, {failed} failed")
    return failed


def chosen(cases, patterns, file):
    """Those whose names match a pattern; all if there is none. Raises CaseError."""
    if not patterns:
        return cases
    found = [case for case in cases if any(fnmatch.fnmatch(case.name, pattern) for pattern in patterns)]
    if not found:
        raise CaseError(f"there is no case that is called {' or '.join(patterns)} in '{file}'")
    return found


def main(args):
    """Checks the cases of the file that `./dev conformance --diagnostics` names; returns the exit code."""
    try:
        cases = chosen(read_cases(args.diagnostics), args.what, args.diagnostics)
    except CaseError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    with concurrent.futures.ThreadPoolExecutor(max(args.jobs, 1)) as pool:
        return 1 if print_table(pool.map(lambda case: examine(case, args.basalt, args.keep), cases)) else 0
