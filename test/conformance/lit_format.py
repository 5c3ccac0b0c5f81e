# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tells lit that each folder below cases/ is a test, and each network in a file below diagnostics/. A module,
so that lit's workers can import it."""

import shutil
import zlib

import lit.formats
import lit.Test

import diagnostic_cases
import run_cases


class Cases(lit.formats.TestFormat):
    """A test for each recorded case."""

    def getTestsInDirectory(self, suite, path_in_suite, lit_config, local_config):
        if path_in_suite[-1] != "conformance":
            return
        for folder in sorted(run_cases.CASES.iterdir()):
            yield lit.Test.Test(suite, (*path_in_suite, "cases", folder.name), local_config)
        for file in sorted(diagnostic_cases.FOLDER.glob("*.json")):
            for case in diagnostic_cases.read_cases(file):
                yield lit.Test.Test(suite, (*path_in_suite, "diagnostics", file.stem, case.name), local_config)

    def execute(self, test, lit_config):
        basalt = shutil.which("basalt", path=test.config.environment["PATH"])
        if not basalt:
            return lit.Test.UNRESOLVED, "basalt has not been built"
        if "diagnostics" in test.path_in_suite:
            return self.check_diagnostic(*test.path_in_suite[-2:], basalt)
        # g++ cannot link a run-time library that has clang's sanitizers.
        known = test.config.available_features
        compilers = [c for c in ("clang++-22", "g++") if c in known and not (c == "g++" and "asan" in known)]
        # Every other case with each, and on one thread or several; ./dev conformance has all ways.
        name = test.path_in_suite[-1]
        number = zlib.crc32(name.encode())
        compiler = compilers[number % len(compilers)] if compilers else None
        shared = number & 2
        ways = run_cases.engines([compiler] if compiler and not shared else [], compiler if shared else None)
        result = run_cases.examine(run_cases.CASES / name, basalt, ways)
        codes = {"passed": lit.Test.PASS, "failed": lit.Test.FAIL, "unsupported": lit.Test.UNSUPPORTED}
        return codes[result.verdict], "\n".join(result.lines())

    def check_diagnostic(self, file, name, basalt):
        cases = diagnostic_cases.read_cases(diagnostic_cases.FOLDER / f"{file}.json")
        verdict = diagnostic_cases.examine(next(case for case in cases if case.name == name), basalt)
        return lit.Test.FAIL if verdict.problem else lit.Test.PASS, "\n".join(verdict.lines())
