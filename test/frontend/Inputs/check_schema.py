#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the JSON Schema with what the compiler says of the project's own files.

    check_schema.py SCHEMA ROOT

All files of examples/, lib/ and test/ must be valid, but those which the compiler refuses for their
keys or kinds of values. Of the cases test/frontend/errors-*.test exactly those that expect such an error
must not be.
"""

import json
import pathlib
import re
import subprocess
import sys

import jsonschema
import yaml

import check_cases

ROOT = pathlib.Path(sys.argv[2])

# What Schema.cpp says, and the reader of what is YAML all the same.
OF_SCHEMA = re.compile(
    r"error: (unknown key '|.* needs the key '|.* cannot have both '|'.*' is no name for "
    r"|expected (?!a limit|one)[^;]* for '[^']*', found |expected a mapping \(|expected .*, a mapping with the key "
    r"|merge keys? |'(?!send|write)\w+' has no value|alias '.*' stands within)"
)


class CoreLoader(yaml.SafeLoader):
    """YAML 1.2's core schema, as the compiler and editors have it: `on` is a string."""


CoreLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in [
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", "-+.0123456789"),
]:
    CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first))
CoreLoader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(loader.construct_scalar(node).replace("0o", "0"), 0) if not node.value.lstrip("+-0") == "" else 0)
CoreLoader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(node.value.replace(".inf", "inf").replace(".nan", "nan")))


def load(text):
    """The document, or nothing if it is no YAML."""
    try:
        return yaml.load(text, CoreLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


class Comparison:
    def __init__(self, schema):
        self.validator = jsonschema.Draft7Validator(schema)
        self.valid = self.refused = self.wrong = 0

    def problem(self, text):
        """What the schema has against a text; nothing if it is fine or no YAML."""
        document = load(text)
        if document is None:
            return None
        errors = list(self.validator.iter_errors(document))
        return str(min(errors, key=lambda e: len(e.message)).message)[:300] if errors else ""

    def compare(self, name, text, expects_error):
        problem = self.problem(text)
        if problem is None:
            return
        if bool(problem) == expects_error:
            self.valid += not problem
            self.refused += bool(problem)
            return
        self.wrong += 1
        print(f"{name}: {'invalid, but the compiler accepts it: ' + problem if problem else 'valid, but the compiler refuses it'}")


def check_files(comparison):
    for folder in ("examples", "lib", "test"):
        for path in sorted((ROOT / folder).rglob("*.yaml")):
            text = path.read_text(errors="replace")
            if not re.search(r"^basalt: ", text, re.MULTILINE) or re.search(r"^(# -----|// -----|[#/]+---)", text, re.MULTILINE):
                continue
            refused = False
            if comparison.problem(text):
                said = subprocess.run(["basalt", "check", path], capture_output=True, text=True, check=False)
                refused = bool(OF_SCHEMA.search(said.stderr))
            comparison.compare(path.relative_to(ROOT), text, refused)


def check_errors(comparison):
    for path in sorted((ROOT / "test/frontend").glob("errors-*.test")):
        _, cases = check_cases.parse(path)
        template = next((c.files[0][1] for c in cases if c.name == "template"), None)
        for case in cases:
            lines = case.files[0][1]
            if case.name == "template" or len(case.files) > 1:
                continue
            text = "\n".join(check_cases.fill(template, lines) if template else lines)
            said = "\n".join(line for line in case.expected if line.startswith("net.yaml:"))
            comparison.compare(f"{path.name}: {case.name}", text, bool(OF_SCHEMA.search(said)))


def main():
    schema = json.loads(pathlib.Path(sys.argv[1]).read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    comparison = Comparison(schema)
    check_files(comparison)
    check_errors(comparison)
    print(f"{comparison.valid} valid, {comparison.refused} refused, {comparison.wrong} wrong")
    return 1 if comparison.wrong or comparison.valid < 100 or comparison.refused < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
