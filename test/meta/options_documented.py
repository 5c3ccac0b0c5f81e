#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every option that `basalt --help` and the help of its subcommands list is described in docs/."""

import re
import subprocess
import sys

from common import project_files, read, report

OPTION = re.compile(r"(?<![\w-])(?:--[a-z][\w-]*|-[A-Za-z](?![\w-]))")


def help_of(tool, *command):
    result = subprocess.run([tool, *command, "--help"], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{tool} {' '.join(command)} --help: exit code {result.returncode}")
    return result.stdout


def subcommands(text):
    """The names in the section "Subcommands:" of CLI11's help."""
    section = re.search(r"^Subcommands:\n((?:[ \t]+.*\n?)+)", text, re.MULTILINE | re.IGNORECASE)
    return re.findall(r"^  (\w[\w-]*)", section.group(1), re.MULTILINE) if section else []


def undocumented(text, documentation):
    """The options of a help text that the documentation does not mention as a whole word."""
    options = sorted(set(OPTION.findall(text)) - {"-h", "--help"})
    return [o for o in options if not re.search(rf"(?<![\w-]){o}(?![\w-])", documentation)]


def main():
    tool = sys.argv[1]
    documentation = "\n".join(
        read(path)
        for path in project_files()
        if path.suffix == ".md" and (path.parts[0] == "docs" or len(path.parts) == 1)
    )
    main_help = help_of(tool)
    names = subcommands(main_help)
    if not names:
        sys.exit("no subcommands found in the help; has its format changed?")
    findings = [f"basalt: error: not in docs/: {o}" for o in undocumented(main_help, documentation)]
    for name in names:
        findings += [
            f"basalt {name}: error: not in docs/: {option}"
            for option in undocumented(help_of(tool, name), documentation)
        ]
    return report(findings)


if __name__ == "__main__":
    sys.exit(main())
