# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The examples of docs/warnings.md: each section's network gives its warning, in the words that the page shows.

usage: check_warnings_page.py [--update] PAGE FOLDER, where networks are written to FOLDER.
"""

import pathlib
import re
import subprocess
import sys

EXAMPLE = re.compile(r"^## (\S+)\n(?:(?!^## ).*\n)*?```yaml\n((?:.*\n)*?)```\n\n```text\n((?:.*\n)*?)```", re.MULTILINE)


def printed(name, network, folder):
    """What the compiler prints about the network if it is asked for this warning."""
    (folder / "net.yaml").write_text(network)
    result = subprocess.run(
        ["basalt", "check", f"-W{name}", "net.yaml"], cwd=folder, capture_output=True, text=True, check=False
    )
    if result.returncode != 0 or result.stdout:
        sys.exit(f"exit code {result.returncode}:\n{network}\n{result.stdout}{result.stderr}")
    # The standard library is somewhere else on each machine.
    return re.sub(r"^/.*/lib/", "lib/", result.stderr, flags=re.MULTILINE)


def check(match, folder):
    """The findings of one section."""
    name, network, expected = match.groups()
    found = printed(name, network, folder)
    findings = [] if found == expected else [f"{name}: expected:\n{expected}found:\n{found}"]
    if set(re.findall(r"\[-W(\S+)\]", found)) != {name}:
        findings.append(f"{name}: not an example of it alone:\n{found}")
    return findings


def main():
    update = sys.argv[1] == "--update"
    page, folder = (pathlib.Path(argument) for argument in sys.argv[-2:])
    folder.mkdir(parents=True, exist_ok=True)
    text = page.read_text()
    if update:
        replace = lambda m: m[0][: m.start(3) - m.start()] + printed(m[1], m[2], folder) + "```"
        page.write_text(EXAMPLE.sub(replace, text))
        return
    matches = list(EXAMPLE.finditer(text))
    findings = [finding for match in matches for finding in check(match, folder)]
    print("\n".join(findings), f"{len(matches)} examples", sep="\n")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
