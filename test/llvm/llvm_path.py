# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A third way to run a network: its program of the stage `lowered` through MLIR's conversions to LLVM.

Beside the lowering itself it shares nothing with the C++ that `basalt` writes: `basalt-opt
--lower-to-llvm`, mlir-translate and clang make an object of it, and a host that is generated here gives
it the run-time library as it is. Programs of integers only. Runs have the options of `basalt run`; what
`run:` says in the file does not count.
"""

import functools
import pathlib
import re
import shutil
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
STATE = re.compile(r"step\.state @(\S+) : tensor<([^>]*)> = (.*)")
PORT = re.compile(r"step\.port @(\S+) : tensor<([^>]*)>")
ALIAS = re.compile(r'step\.alias "([^"]+)" to @(\S+)')
RECORD = re.compile(r"rt\.record_port @(\S+), (%\w+) : (memref<[^>]*>)")
RECORD_STATE = re.compile(r"rt\.record_state @(\S+)")
FLAGS = ["-std=c++17", "-O1", "-ffp-contract=off", f"-I{ROOT}"]


class Unsupported(Exception):
    """What this way cannot run, with the reason."""


def run(command, text=None):
    result = subprocess.run([str(word) for word in command], input=text, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        if "floating-point numbers" in result.stderr:
            raise Unsupported("floats")
        raise RuntimeError(f"{' '.join(map(str, command))}\n{result.stderr}")
    return result.stdout


def tool(name, beside):
    """A program of ours, or one of LLVM's."""
    near = pathlib.Path(shutil.which(beside)).resolve().parent / name
    return near if near.exists() else shutil.which(f"{name}-22") or shutil.which(name) or name


def split_type(text):
    """`2x3xsi32` as extents and rt::Element."""
    *extents, element = text.split("x")
    kind = {"s": "Signed", "u": "Unsigned", "i": "Bool", "f": "Float"}[element[0]]
    if kind == "Float":
        raise Unsupported("floats")
    bits = re.sub(r"\D", "", element)
    return [int(extent) for extent in extents], f"{{rt::Kind::{kind}, {bits}}}"


class Host:
    """The C++ around a program: tables, phases, what it calls."""

    def __init__(self, lowered):
        self.states, self.ports = STATE.findall(lowered), [name for name, _ in PORT.findall(lowered)]
        if any("sparse = " in rest for _, _, rest in self.states):
            raise Unsupported("sparse Vars")
        self.port_types, self.aliases = PORT.findall(lowered), ALIAS.findall(lowered)
        self.probed = set(RECORD_STATE.findall(lowered))
        self.functions = set(re.findall(r"func\.func @(\w+)\(", lowered))

    def shape(self, extents):
        return f"(const int64_t[]){{{', '.join(map(str, [*extents, 0]))}}}"

    def tables(self):
        yield "const rt::StateInfo kStates[] = {"
        for number, (name, type_text, rest) in enumerate(self.states):
            extents, element = split_type(type_text)
            by_source = str("by_source" in rest.rpartition("{")[2]).lower()
            probed = str(name in self.probed).lower()
            yield f'    {{"{name}", {element}, {len(extents)}, shape{number}, state{number}, {probed}, nullptr, nullptr, {by_source}}},'
        yield "    {}};"
        yield "const rt::PortInfo kPorts[] = {"
        for number, (name, type_text) in enumerate(self.port_types):
            extents, element = split_type(type_text)
            yield f'    {{"{name}", {element}, {len(extents)}, portShape{number}}},'
        yield "    {}};"
        yield "const rt::AliasInfo kAliases[] = {"
        yield from (f'    {{"{alias}", "{name}"}},' for alias, name in self.aliases)
        yield "    {}};"

    def declarations(self):
        for number, (name, type_text, _) in enumerate(self.states):
            extents = [*split_type(type_text)[0], 0]
            yield f'extern "C" char state{number}[] asm("{name}");'
            yield f"constexpr int64_t shape{number}[] = {{{', '.join(map(str, extents))}}};"
        for number, (_, type_text) in enumerate(self.port_types):
            extents = [*split_type(type_text)[0], 0]
            yield f"constexpr int64_t portShape{number}[] = {{{', '.join(map(str, extents))}}};"
            yield f'extern "C" void port{number}(const void *data) {{ rt::recordPort(*context, {number}, data); }}'
        for number, (name, _, _) in enumerate(self.states):
            yield f'extern "C" void record{number}() {{ rt::recordState(*context, {number}); }}'

    def phase(self, name, result="void"):
        """A phase as the table wants it."""
        if name not in self.functions:
            return "nullptr"
        returned = "return uint32_t" if result != "void" else ""
        return f"[](void *, rt::Context &ctx) {{ context = &ctx; {returned}(llvm_{name}()); }}"

    def program(self):
        for name in self.functions:
            result = "uint64_t" if name.startswith("guards") else "void"
            yield f'extern "C" {result} llvm_{name}() asm("{name}");'
        phases = [self.phase("init"), self.phase("spk"), self.phase("guards_after_spk", "mask"), self.phase("pre_mgmt")]
        phases += [self.phase("lrn"), self.phase("guards_before_post", "mask"), self.phase("post_mgmt"), self.phase("host")]
        yield "const rt::Program kProgram = {rt::kContractVersion, \"llvm\", [] { return static_cast<void *>(state); }, [](void *) {}, sizeof(state),"
        yield f"    [](void *, const rt::StateInfo **table) {{ *table = kStates; return size_t({len(self.states)}); }},"
        yield f"    [](void *, const rt::PortInfo **table) {{ *table = kPorts; return size_t({len(self.port_types)}); }},"
        yield f"    kAliases, {len(self.aliases)}, 0, {', '.join(phases)}}};"

    def text(self):
        lines = ['#include "test/llvm/Host.h"', *self.declarations(), *self.tables(), "char state[1];", *self.program()]
        return "\n".join([*lines, "int main(int argc, char **argv) { return runHost(argc, argv, kProgram); }", ""])


def with_records(lowered, host):
    """The program with calls of the host in the place of recordings, which the conversion leaves out."""
    types = {}

    def record_port(match):
        number = host.ports.index(match[1])
        types[number] = match[3]
        return f"func.call @port{number}({match[2]}) : ({match[3]}) -> ()"

    def record_state(match):
        number = [name for name, _, _ in host.states].index(match[1])
        return f"func.call @record{number}() : () -> ()"

    text = RECORD_STATE.sub(record_state, RECORD.sub(record_port, lowered))
    declared = [f"func.func nested @port{number}({type_text})" for number, type_text in types.items()]
    declared += [f"func.func nested @record{number}()" for number in set(re.findall(r"@record(\d+)\(", text))]
    return re.sub(r"^module \{", "module {\n  " + "\n  ".join(declared), text, count=1, flags=re.MULTILINE)


@functools.lru_cache(maxsize=None)
def host_object(clang):
    """What is the same for all programs, compiled once; and the folder that lives as long."""
    folder = tempfile.TemporaryDirectory()
    path = pathlib.Path(folder.name) / "host.o"
    run([clang, *FLAGS, "-c", ROOT / "test/llvm/Host.cpp", "-o", path])
    return path, folder


def build(basalt, net, folder):
    """A program of the network; raises Unsupported."""
    lowered = run([basalt, "compile", "--emit=lowered", net])
    host = Host(lowered)
    converted = run([tool("basalt-opt", basalt), "--lower-to-llvm", "-"], with_records(lowered, host))
    object_text = run([tool("mlir-translate", basalt), "--mlir-to-llvmir"], converted)
    (folder / "program.ll").write_text(object_text)
    (folder / "host.cpp").write_text(host.text())
    library = pathlib.Path(shutil.which(basalt)).resolve().parent.parent / "runtime/native/libbasalt_runtime.a"
    clang = tool("clang++", basalt)
    common, _ = host_object(clang)
    run([clang, *FLAGS, folder / "host.cpp", folder / "program.ll", common, library, "-o", folder / "program", "-Wno-override-module"])
    return folder / "program"
