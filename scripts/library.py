# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads the standard library, as far as it documents itself, and writes docs/library.md.

It needs the layout that lib/ has and no YAML reader: one declaration a line, with its meaning in the
comment behind it, two blanks for each level.
"""

import re
from dataclasses import dataclass, field
from textwrap import dedent

from sources import ROOT

LIB = ROOT / "lib"
NOTE = "<!-- Generated from lib by ./dev docs; do not edit. -->\n\n"
INTRO = """# The standard library

Every program sees these processes without an import; one of its own with the same name hides them, for
the program but not for the library itself. `import: [lif]` names the file of one family. They are
written in the language ([lib](../lib)): nothing in the compiler knows any of them. Names, parameters,
defaults, Vars and ports are those of Lava's library.

A process has a model for floating point, one for fixed point, or both; `select_tag` (or `--tag`) chooses
([language.md](language.md#models)). A Var is a parameter of the same name: an instance may give its
initial value, `--set` another one. What a model allows only within limits says so below. A record is a
group of parameters, and the value of one ([language.md](language.md#records)).

[lib/README.md](../lib/README.md) lists what is not there yet.
"""


@dataclass
class Process:
    """A process, or a record, which has parameters only."""

    name: str
    is_record: bool = False
    doc: str = ""
    example: str = ""  # a program but for its first line, `basalt: 1`
    extends: str = ""
    sections: dict = field(default_factory=dict)  # params, vars, ports: (name, text, comment)
    limits: dict = field(default_factory=dict)  # of the process
    models: list = field(default_factory=list)  # (tags, limits)


@dataclass
class Family:
    name: str
    title: str
    functions: list
    records: list
    processes: list


def names_of_imports():
    """The families in the order in which std.yaml imports them."""
    text = (LIB / "std.yaml").read_text()
    imports = re.search(r"^import: \[(.*?)\]", text, re.DOTALL | re.MULTILINE).group(1)
    return re.findall(r"(\w+)\.yaml", imports)


def block(lines, start, indent):
    """The lines below `start` that are indented by `indent` or empty, without it."""
    found = []
    for line in lines[start:]:
        if line.strip() and not line.startswith(" " * indent):
            break
        found.append(line[indent:])
    return found


def split_comment(text):
    declared, _, comment = text.partition(" #")
    return declared.strip(), comment.strip()


def limits_of(lines, position, anchors):
    """The limits at a line `limits: ...`: in one line, as a mapping below, or by an alias."""
    indent = len(lines[position]) - len(lines[position].lstrip())
    text = lines[position].split("limits:", 1)[1].strip()
    if text.startswith("*"):
        return anchors[text[1:]]
    anchor = re.match(r"&(\w+) *", text)
    text = text[anchor.end() :] if anchor else text
    if text:
        inner = text.strip("{}")
        pairs = re.findall(r"(\w+): (\[.*?\]|[^,]+)", inner)
    else:
        pairs = [line.split(": ", 1) for line in block(lines, position + 1, indent + 2) if line]
    found = {name.strip(): split_comment(limit)[0] for name, limit in pairs}
    if anchor:
        anchors[anchor.group(1)] = found
    return found


def parse_process(name, lines, anchors):
    process = Process(name)
    section, position = "", 0
    while position < len(lines):
        line = lines[position]
        key = re.match(r"(\w+):\s*(.*)", line)
        if key and not line.startswith(" "):
            section, value = key.groups()
            if section == "doc":
                process.doc = value if value != "|" else "\n".join(block(lines, position + 1, 2))
                process.doc, _, example = process.doc.strip().partition("\nExample:\n")
                process.doc, process.example = process.doc.strip(), dedent(example).strip("\n")
            elif section == "extends":
                process.extends = value
            elif section == "limits":
                process.limits = limits_of(lines, position, anchors)
            elif section == "models" and value[:1] == "&":
                anchors[value[1:]] = process.models
            elif section == "models" and value[:1] == "*":
                process.models = anchors[value[1:]]
        elif section in ("params", "vars", "ports"):
            entry = re.match(r"  (\w+):\s*(.*)", line)
            if entry:
                declared, comment = split_comment(entry.group(2))
                process.sections.setdefault(section, []).append((entry.group(1), declared, comment))
        elif section == "models":
            tags = re.match(r"  - tags: \[(.*)\]", line)
            if tags or line.startswith("  - "):
                process.models.append((re.split(r", *", tags.group(1)) if tags else [], {}))
            if re.match(r"    limits:", line):
                process.models[-1][1].update(limits_of(lines, position, anchors))
        position += 1
    return process


def parse_record(name, lines, anchors):
    """Its parameters stand beside its other keys."""
    keys = ("doc", "extends", "limits")
    own = [line for line in lines if re.match(rf"({'|'.join(keys)}):|  ", line) or not line.strip()]
    record = parse_process(name, own, anchors)
    record.is_record = True
    for line in lines:
        entry = re.match(r"(\w+):\s*(.*)", line)
        if entry and entry.group(1) not in keys:
            declared, comment = split_comment(entry.group(2))
            record.sections.setdefault("params", []).append((entry.group(1), declared, comment))
    return record


def parse_family(name):
    lines = (LIB / f"{name}.yaml").read_text().splitlines()
    comments = [line[1:].strip() for line in lines[: lines.index("basalt: 1")]][3:]
    functions, records, processes, anchors = [], [], [], {}
    for position, line in enumerate(lines):
        function = re.match(r"  fn (\w+\(.*?\))", line)
        if function:
            above = lines[position - 1].strip()
            functions.append((function.group(1), above[1:].strip() if above[:1] == "#" else ""))
        head = re.match(r"  (\w+):$", line)
        body = block(lines, position + 1, 4) if head else []
        if head and "processes:" in lines[:position]:
            processes.append(parse_process(head.group(1), body, anchors))
        elif head and "records:" in lines[:position]:
            records.append(parse_record(head.group(1), body, anchors))
    return Family(name, " ".join(comments), functions, records, processes)


def families():
    return [parse_family(name) for name in names_of_imports()]


def table(head, rows):
    def cells(row):
        return "| " + " | ".join(text.replace("|", "\\|") for text in row) + " |\n"

    return cells(head) + "|" + " --- |" * len(head) + "\n" + "".join(map(cells, rows))


def links(entries):
    return ", ".join(f"[{each.name}](#{each.name.lower()})" for each in entries)


def spell_limits(limits):
    return ", ".join(f"`{name}: {limit}`" for name, limit in limits.items())


def describe(process):
    text = f"\n### {process.name}\n\n"
    if process.is_record:
        text += "A record.\n\n"
    if process.extends:
        target = process.extends.lower()
        models = "" if process.is_record else ", but its models"
        text += f"Has all that [{process.extends}](#{target}) has{models}.\n\n"
    text += process.doc + "\n"
    for section, title in (("params", "Parameter"), ("vars", "Var"), ("ports", "Port")):
        rows = [
            (f"`{name}`", f"`{declared}`", comment)
            for name, declared, comment in process.sections.get(section, [])
        ]
        if rows:
            text += "\n" + table((title, "", ""), rows)
    if process.limits:
        text += f"\nLimits: {spell_limits(process.limits)}.\n"
    for tags, limits in process.models:
        name = ", ".join(f"`{tag}`" for tag in tags) if tags else "for integers and floats"
        text += f"\nModel: {name}" + (f"; limits: {spell_limits(limits)}" if limits else "") + ".\n"
    return text + (f"\n```yaml\nbasalt: 1\n{process.example}\n```\n" if process.example else "")


def page():
    """The text of docs/library.md."""
    text = NOTE + INTRO
    found = families()
    text += "\n" + table(
        ("File", "Processes and records"),
        [(f"`{each.name}`", links(each.processes + each.records)) for each in found if each.processes + each.records],
    )
    for family in found:
        text += f"\n## {family.name}\n\n{family.title}\n"
        if family.functions:
            text += "\n" + table(
                ("Function", ""), [(f"`{name}`", doc) for name, doc in family.functions]
            )
        text += "".join(describe(each) for each in family.processes + family.records)
    return text
