# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tells lit that each folder below cases/ is a test. A module, so that lit's workers can import it."""

import pathlib
import shutil
import tempfile

import lit.formats
import lit.Test

import run_cases


class Cases(lit.formats.TestFormat):
    """A test for each recorded case."""

    def getTestsInDirectory(self, suite, path_in_suite, lit_config, local_config):
        for folder in sorted(run_cases.CASES.iterdir()):
            yield lit.Test.Test(suite, (*path_in_suite, "cases", folder.name), local_config)

    def execute(self, test, lit_config):
        case = run_cases.Case(test.path_in_suite[-1])
        skipped = case.reasons_to_skip()
        if skipped:
            return lit.Test.UNSUPPORTED, "\n".join(skipped)
        basalt = shutil.which("basalt", path=test.config.environment["PATH"])
        if not basalt:
            return lit.Test.UNRESOLVED, "basalt has not been built"
        with tempfile.TemporaryDirectory() as scratch:
            problems = run_cases.check(case, basalt, pathlib.Path(scratch))
        return (lit.Test.FAIL if problems else lit.Test.PASS), "\n".join(problems)
