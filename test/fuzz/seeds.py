# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What fuzzers start from: the project's own files, and small arrays of every kind."""

import collections
import hashlib
import pathlib
import re
import subprocess
import sys

import h5py
import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "test/import/Inputs"))
LARGEST_PROGRAM = 6000
LARGEST_FILE = 13000
MOST_NUMBERS = 12  # as text; more are repeated
# `split-file` and `--split-input-file`.
PARTS = re.compile(r"^(?:#---.*|//---.*|# -----|// -----)\n", re.MULTILINE)
BLOCK = re.compile(r"^( *)[\w-]+: [|>][-+]?[^\n]*\n((?:\1 +[^\n]*\n|\s*\n)+)", re.MULTILINE)
VALUE = re.compile(r"^ *(?:- |[\w-]+: )([^\n|{\[&*#][^\n#]*)", re.MULTILINE)
WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*|\d+|[-+*/%<>=!&|^~@:.$]{1,3}")


def _write(folder, data):
    """Named by content, so that nothing is there twice."""
    (folder / hashlib.sha1(data).hexdigest()[:16]).write_bytes(data)


def _texts():
    """The Basalt files of the project, and those within tests."""
    for folder in ("examples", "lib", "test"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix not in (".yaml", ".test") or not path.is_file():
                continue
            for part in PARTS.split(path.read_text(errors="replace")):
                if re.search(r"^basalt: ", part, re.MULTILINE):
                    yield part


def programs(folder, _):
    for text in _texts():
        if len(text) <= LARGEST_PROGRAM:
            _write(folder, text.encode())


def _dedent(block):
    lines = block.splitlines()
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[indent:] for line in lines).strip() + "\n"


def behaviours(folder, _):
    for text in _texts():
        for match in BLOCK.finditer(text):
            _write(folder, _dedent(match.group(2)).encode())
        for match in VALUE.finditer(text):
            _write(folder, match.group(1).strip().encode())


def _sample_arrays():
    for kind in ("bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64"):
        yield (numpy.arange(6).reshape(2, 3) % 2).astype(kind)
    yield numpy.asfortranarray(numpy.arange(24.0).reshape(2, 3, 4))
    yield numpy.zeros((0, 3))
    yield numpy.array(5)
    yield numpy.arange(3, dtype=">i4")
    yield numpy.arange(3, dtype="float16")
    yield numpy.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")])
    yield numpy.array(["text"])


def arrays(folder, _):
    path = folder / "array"
    for array in _sample_arrays():
        for version in ((1, 0), (2, 0)):
            with path.open("wb") as stream:
                numpy.lib.format.write_array(stream, array, version=version)
            _write(folder, path.read_bytes())
        for save in (numpy.savez, numpy.savez_compressed):
            for members in ({"a": array}, {"a": array, "b.c": array}):
                with path.open("wb") as stream:
                    save(stream, **members)
                _write(folder, path.read_bytes())
    path.unlink()


def hdf5(folder, _):
    path = folder / "array"
    ways = [{}, {"compression": "gzip"}, {"chunks": (1, 2)}, {"compression": "gzip", "shuffle": True, "fletcher32": True}]
    for array in _sample_arrays():
        if array.dtype.kind == "U":
            continue
        for way in ways if array.ndim == 2 and array.size else ways[:1]:
            with h5py.File(path, "w", libver="latest" if way else "earliest") as file:
                file.create_dataset("/group/a", data=array, **way)
            _write(folder, path.read_bytes())
    path.unlink()


def images(folder, binaries):
    """The sample images of the tests of commands."""
    for numbers in ("2 6 5 1 1", "1 3 2 0 0", "3 4 4 1 2"):
        subprocess.run([binaries / "basalt-sample-image", folder / f"{numbers.replace(' ', '-')}.nci", *numbers.split()], check=True)


def _tree_value(data):
    """Kind, shape and elements; None for what has no place in a text."""
    data = numpy.asarray(data)
    shape = f"[{','.join(map(str, data.shape))}]" if data.ndim else ""
    elements = data.ravel()[:MOST_NUMBERS].tolist()
    if data.dtype.kind in "fiub":
        return f"{data.dtype.kind}{shape} {' '.join(str(1 * element) for element in elements)}"
    if data.dtype.kind in "SO":
        words = (word.decode() if isinstance(word, bytes) else str(word) for word in data.ravel().tolist())
        return f"s{shape} {' '.join(words)}"
    return "?"


def _tree_lines(group, indent):
    """The text that TreeText.h describes."""
    for name, value in group.attrs.items():
        yield f"{indent}@{name} {_tree_value(value)}"
    for name, child in group.items():
        if isinstance(child, h5py.Group):
            yield indent + name
            yield from _tree_lines(child, indent + " ")
        elif isinstance(child, h5py.Dataset):
            yield f"{indent}{name} {_tree_value(child[()])}"


NIR_OPTIONS = "options\n preset i 0\n integrator i 1\n reset i 1\n cuba_order i 1\n drive i 1\n latency i 1\n dt i 1000\n"
NET_OPTIONS = "options\n reset_interval i 5\n reset_offset i 1\n spike_exp i 3\n layers i 2\n skip_layers i 1\n message_bits i 8\n input_side i 4\n"
HOSTILE = ("deep", "huge", "other_files", "soft_link", "external_link")  # what trees cannot be
SLOW = "many_edges"  # to make


def networks(folder, _):
    """The files of the tests of imports, and what they hold as text."""
    import make_net
    import make_nir

    path = folder / "network"
    for module, options in ((make_nir, NIR_OPTIONS), (make_net, NET_OPTIONS)):
        for name, case in vars(module).items():
            if not name.startswith("case_") or name.endswith(SLOW):
                continue
            with h5py.File(path, "w") as file:
                case(file)
                lines = [] if name.removeprefix("case_") in HOSTILE else [*_tree_lines(file, "")]
            text = "\n".join(lines) + "\n"
            for data in (path.read_bytes(), text.encode(), (options + text).encode()):
                if len(data) <= LARGEST_FILE:
                    _write(folder, data)
    path.unlink()


def write_dictionary(folder, path):
    """The words of the seeds, the most frequent ones first, for libFuzzer."""
    counts = collections.Counter()
    for seed in folder.iterdir():
        counts.update(set(WORD.findall(seed.read_text(errors="replace"))))
    words = [word for word, count in counts.most_common(600) if count > 2 and len(word) <= 24]
    escaped = (word.replace("\\", "\\\\") for word in words)
    path.write_text("".join(f'"{word}"\n' for word in escaped))
