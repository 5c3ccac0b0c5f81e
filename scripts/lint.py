#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs clang-tidy on our sources, skipping those that passed before and have not changed since.

A file counts as unchanged when the hash of everything that can alter the verdict is the same: the
file, our headers that it includes (generated ones too), its compile flags, the .clang-tidy files
and the version of clang-tidy. LLVM's own headers come with that version.
"""

import argparse
import concurrent.futures
import functools
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time

from sources import ROOT, cpp_files, project_files

CLANG_TIDY = "clang-tidy-22"
# What each file takes three times as long with (see .clang-tidy).
THOROUGH = "bugprone-use-after-move,performance-move-const-arg,performance-unnecessary-value-param"
# The commit at which all sources passed: see --record and --new.
RECORD = ROOT / ".ci" / "linted"
INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


class Linter:
    def __init__(self, build, thorough):
        self.build = build
        self.options = [f"--checks={THOROUGH}"] if thorough else []
        self.stamps = build / ("lint-thorough" if thorough else "lint")
        self.stamps.mkdir(exist_ok=True)
        commands = json.loads((build / "compile_commands.json").read_text())
        self.commands = {pathlib.Path(c["file"]): c["command"] for c in commands}
        self.common = hashlib.sha256(self._shared_inputs()).digest()

    def _shared_inputs(self):
        version = subprocess.run([CLANG_TIDY, "--version"], check=True, capture_output=True).stdout
        configs = [path for path in project_files() if path.name == ".clang-tidy"]
        return version + b"".join((ROOT / path).read_bytes() for path in configs)

    @functools.lru_cache(maxsize=None)
    def _read(self, path):
        """The contents and the included files of ours, as far as they can be found."""
        text = path.read_bytes()
        found = []
        for name in INCLUDE.findall(text):
            for folder in (path.parent, ROOT, self.build):
                candidate = folder / name.decode()
                if candidate.is_file():
                    found.append(candidate)
                    break
        return text, found

    def parts(self, source):
        """The source, and all that it includes of ours."""
        seen, todo = {source: None}, [source]
        while todo:
            _, included = self._read(todo.pop())
            new = [path for path in included if path not in seen]
            seen.update(dict.fromkeys(new))
            todo.extend(new)
        return list(seen)

    def key(self, source):
        digest = hashlib.sha256(self.common)
        # The build folder differs between clones of the project, the verdict does not.
        command = self.commands[source].replace(str(self.build), "").replace(str(ROOT), "")
        digest.update(command.encode())
        for path in self.parts(source):
            digest.update(hashlib.sha256(self._read(path)[0]).digest())
        return digest.hexdigest()

    def seeing(self, changed, sources):
        """Of the sources those that changed, and others until each header that changed is in one."""
        result = [source for source in sources if source in changed]
        seen = {part for source in result for part in self.parts(source)}
        for source in sources:
            parts = set(self.parts(source))
            if parts & changed - seen:
                result.append(source)
                seen |= parts
        return result

    def stamp(self, source):
        return self.stamps / str(source.relative_to(ROOT)).replace("/", "__")

    def is_clean(self, source):
        stamp = self.stamp(source)
        return stamp.is_file() and stamp.read_text() == self.key(source)

    def run(self, source):
        """Returns what clang-tidy found, empty when nothing."""
        key = self.key(source)
        result = subprocess.run(
            [CLANG_TIDY, "--quiet", *self.options, "-p", str(self.build), str(source)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        if result.returncode == 0 and not result.stdout.strip():
            self.stamp(source).write_text(key)
            return ""
        # The count of suppressed warnings is the only other thing on stderr when stdout has text.
        return result.stdout.strip() or result.stderr.strip() or "clang-tidy failed"


def git(*arguments):
    return subprocess.run(["git", "-C", str(ROOT), *arguments], check=True, capture_output=True, text=True).stdout


def changed_since_record():
    """Our files that are not as at the recorded commit; nothing if that is not known."""
    try:
        names = git("diff", "--name-only", RECORD.read_text().strip()) + git("ls-files", "--others", "--exclude-standard")
    except (OSError, subprocess.CalledProcessError):
        return None
    return {ROOT / name for name in names.splitlines()}


def main():
    parser = argparse.ArgumentParser(prog="./dev lint", description=__doc__)
    parser.add_argument("--build", required=True, type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--thorough", action="store_true", help="slow checks, too")
    parser.add_argument("--new", action="store_true", help="only sources and headers that have changed since the commit in .ci/linted")
    parser.add_argument("--record", action="store_true", help="write the commit to .ci/linted if all of it passes")
    parser.add_argument("files", nargs="*", type=pathlib.Path, help="only these sources")
    args = parser.parse_args()

    linter = Linter(args.build.resolve(), args.thorough)
    wanted = [path.resolve() for path in args.files] or [ROOT / path for path in cpp_files()]
    sources = [path for path in wanted if path in linter.commands]
    changed = changed_since_record() if args.new else None
    if changed is not None and not any(path.name == ".clang-tidy" for path in changed):
        sources = linter.seeing(changed, sources)
    todo = [path for path in sources if not linter.is_clean(path)]
    print(f"lint: {len(sources) - len(todo)} of {len(sources)} unchanged", file=sys.stderr)

    start = time.monotonic()
    dirty = 0
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for done, (source, found) in enumerate(zip(todo, pool.map(linter.run, todo)), 1):
            print(f"lint: [{done}/{len(todo)}] {source.relative_to(ROOT)}", file=sys.stderr)
            if found:
                dirty += 1
                print(found, flush=True)
    if todo:
        print(f"lint: {time.monotonic() - start:.0f} s", file=sys.stderr)
    if dirty:
        print(f"lint: {dirty} of {len(sources)} files have findings", file=sys.stderr)
    if args.record and not dirty and not args.files and not git("status", "--porcelain"):
        RECORD.write_text(git("rev-parse", "HEAD"))
    return 1 if dirty else 0


if __name__ == "__main__":
    sys.exit(main())
