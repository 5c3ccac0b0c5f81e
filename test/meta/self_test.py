#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The meta tests find what they are meant to find."""

import pathlib
import tempfile
import unittest

import diagnostics_tested
import house_rules
import mistakes_tested
import ops_covered
import options_documented
import run_doc_commands
import warnings_documented

CPP = pathlib.Path("compiler/Foo.cpp")


class HouseRules(unittest.TestCase):
    def test_size(self):
        self.assertEqual(house_rules.check_size(CPP, "x\n" * 500), ([], []))
        self.assertEqual(len(house_rules.check_size(CPP, "x\n" * 501)[1]), 1)
        self.assertEqual(len(house_rules.check_size(CPP, "x\n" * 801)[0]), 1)
        self.assertEqual(house_rules.check_size(pathlib.Path("w.npy"), "x\n" * 801), ([], []))

    def test_header(self):
        self.assertEqual(house_rules.check_header(CPP, f"// Basalt\n// {house_rules.SPDX}\n"), [])
        self.assertEqual(len(house_rules.check_header(CPP, "// Basalt\n")), 1)
        self.assertEqual(house_rules.check_header(pathlib.Path("net.yaml"), ""), [])

    def test_runtime(self):
        header = pathlib.Path("runtime/native/Foo.h")
        fine = '#include <vector>\n#include <sys/stat.h>\n#include "runtime/native/Bar.h"\n'
        self.assertEqual(house_rules.check_runtime(header, fine), [])
        for bad in ("<iostream>", "<fmt/core.h>", '"compiler/support/Hash.h"'):
            found = house_rules.check_runtime(header, f"\n#include {bad}\n")
            self.assertEqual(found, [f"{header}:2: error: must not include {bad}"])
        source = header.with_suffix(".cpp")
        self.assertEqual(house_rules.check_runtime(source, "#include <fmt/core.h>\n"), [])
        self.assertEqual(len(house_rules.check_runtime(source, '#include "mlir/IR/Value.h"\n')), 1)

    def test_words(self):
        for bad in ("/wor" + "k/main", "// TO" + "DO later", "from pypi" + ".org"):
            self.assertEqual(len(house_rules.check_words(CPP, f"fine\n{bad}\n")), 1, bad)
        self.assertEqual(house_rules.check_words(CPP, "the work/home of a todo-list\n"), [])


class Mistakes(unittest.TestCase):
    def test_rows(self):
        text = f"# Page\n\n{mistakes_tested.HEAD}\n| --- | --- | --- |\n| hangs | error | one, two |\n"
        self.assertEqual(list(mistakes_tested.rows(text)), [(5, ["one", "two"])])
        self.assertEqual(list(mistakes_tested.rows("| a | b |\n| --- | --- |\n| c | d |\n")), [])

    def test_known(self):
        known = mistakes_tested.known_tests()
        self.assertTrue({"zero_delay_self_loop", "two_neurons", "duplicate"} <= known)


class Diagnostics(unittest.TestCase):
    def pieces(self, text):
        return [piece for _, piece in diagnostics_tested.diagnostics(text)]

    def test_stream(self):
        text = """
          // emitError("only a comment")
          return op.emitOpError("expects a port, found '") << name << "' of kind "
                 "process" << (a ? "somewhere" : "elsewhere");
          other("not a diagnostic");
        """
        expected = ["expects a port, found", "of kind process", "somewhere", "elsewhere"]
        self.assertEqual(self.pieces(text), expected)

    def test_nested_call(self):
        text = 'if (failed(x)) { emitError(loc, format("value {0} too large", f(1))); use("unrelated"); }'
        self.assertEqual(self.pieces(text), ["too large"])

    def test_normalisation(self):
        test = diagnostics_tested.normal(r'// CHECK: expected a value {{\[}}0, 1] of "x"')
        self.assertIn(diagnostics_tested.normal("a value [0, 1] of 'x'"), test)


class Options(unittest.TestCase):
    HELP = "Basalt\nSubcommands:\n  check    Checks it\n  run      Runs it\n\nOptions:\n"

    def test_subcommands(self):
        self.assertEqual(options_documented.subcommands(self.HELP), ["check", "run"])

    def test_whole_words(self):
        found = options_documented.undocumented("  --out DIR\n  -s,--steps N\n", "`--steps-more --out`")
        self.assertEqual(found, ["--steps", "-s"])


class Warnings(unittest.TestCase):
    TABLE = 'BASALT_WARNING(A, "a-b", true,\n  "text")\nBASALT_WARNING(C, "c", false, "text")\n'

    def test_table(self):
        self.assertEqual(warnings_documented.warnings(self.TABLE), [("a-b", True), ("c", False)])

    def test_page(self):
        rows = [("a-b", True), ("c", False)]
        example = "```yaml\nx\n```\n```text\n[-W{}]\n```\n"
        page = f"# W\n## a-b\n{example.format('a-b')}## c\n\nOff by default.\n{example.format('c')}"
        self.assertEqual(warnings_documented.check_page(rows, page), [])
        self.assertEqual(len(warnings_documented.check_page(rows, page.replace("Off", "On"))), 1)
        self.assertEqual(len(warnings_documented.check_page(rows, page.replace("yaml", "sh"))), 2)
        self.assertEqual(len(warnings_documented.check_page(rows[:1], page)), 1)

    def test_bare(self):
        for bad in ("op.emitWarning() << x;", "p->emitWarning(\n)", "emitWarning(loc) << Warning;"):
            self.assertEqual(warnings_documented.bare_emissions(f"\n{bad}"), [2], bad)
        self.assertEqual(warnings_documented.bare_emissions("return emitWarning(loc, warning);"), [])
        fine = "emitWarning(a ? b.getLoc()\n : c, Warning::RemoteRace) << x;"
        self.assertEqual(warnings_documented.bare_emissions(fine), [])


class Ops(unittest.TestCase):
    PAGE = """## Operations

### `proc.get` (::basalt::proc::GetOp)

_Reads a Var_

### `proc.get_all` (::basalt::proc::GetAllOp)

Syntax:

### `-expand`

_Expands_
"""

    def test_entries(self):
        found = ops_covered.entries(self.PAGE)
        self.assertEqual(found, [("proc.get", True), ("proc.get_all", False), ("-expand", True)])

    def test_findings(self):
        lit = {pathlib.Path("test/resolve/expand.mlir"): "%0 = proc.get_all @v"}
        self.assertEqual(len(ops_covered.findings_of("proc.get", True, lit)), 1)
        self.assertEqual(len(ops_covered.findings_of("proc.get_all", False, lit)), 1)
        self.assertEqual(ops_covered.findings_of("-expand", True, lit), [])
        self.assertEqual(len(ops_covered.findings_of("-resolve", True, lit)), 1)


class DocCommands(unittest.TestCase):
    def check(self, page):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "page.md")
            path.write_text(page)
            return run_doc_commands.check_page(path, pathlib.Path(folder))

    def test_output(self):
        self.assertEqual(self.check("```sh\necho one\n```\nprints\n```text\none\n```\n"), (1, 0))
        self.assertEqual(self.check("```sh\necho one\n```\nprints\n```text\ntwo\n```\n"), (1, 1))

    def test_exit_code(self):
        self.assertEqual(self.check("```sh\nfalse\ntrue\n```\n"), (1, 1))

    def test_indented_in_a_list(self):
        self.assertEqual(self.check("* x\n  ```sh\n  test -d examples\n  ```\n"), (1, 0))

    def test_not_run(self):
        self.assertEqual(self.check("<!-- not run: needs root -->\n```sh\nfalse\n```\n"), (0, 0))
        # The marker is for the next block alone.
        page = "<!-- not run: needs root -->\n```sh\nfalse\n```\n```sh\nfalse\n```\n"
        self.assertEqual(self.check(page), (1, 1))

    def test_leaves_no_trace(self):
        self.assertEqual(self.check("```sh\ntouch trace examples/trace\n```\n"), (1, 0))
        for trace in ("trace", "examples/trace"):
            self.assertFalse((run_doc_commands.ROOT / trace).exists())


if __name__ == "__main__":
    unittest.main()
