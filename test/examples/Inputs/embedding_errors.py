# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Calls functions of an embedded network as they should not be: embedding_errors.py LIBRARY."""

import ctypes
import sys

library = ctypes.CDLL(sys.argv[1])
library.basalt_open.restype = ctypes.c_void_p
library.basalt_error.restype = ctypes.c_char_p
library.basalt_error.argtypes = [ctypes.c_void_p]
library.basalt_close.argtypes = [ctypes.c_void_p]
library.basalt_run.restype = ctypes.c_int64
library.basalt_run.argtypes = [ctypes.c_void_p, ctypes.c_int64]
simulation = ctypes.c_void_p(library.basalt_open())


def call(what, function, *arguments):
    result = getattr(library, f"basalt_{function}")(simulation, *arguments)
    reason = library.basalt_error(simulation).decode()
    print(" ".join([f"{what}:", str(result), *([reason] if result < 0 else [])]))


def floats(*values):
    return (ctypes.c_double * len(values))(*values)


def integers(*values):
    return (ctypes.c_int64 * len(values))(*values)


def count(number):
    return ctypes.c_int64(number)


print("open:", simulation.value)
call("no such Var", "get_floats", b"neurons.w", floats(0), count(1))
call("too few", "get_floats", b"neurons.v", floats(0), count(1))
v = floats(9, 9)
library.basalt_get_floats(simulation, b"neurons.v", v, count(2))
print("as floats:", list(v))
call("a fraction", "set_floats", b"neurons.v", floats(1, 0.5), count(2))
call("whole floats", "set_floats", b"neurons.v", floats(3, 4), count(2))
library.basalt_get_floats(simulation, b"neurons.v", v, count(2))
print("v is", list(v))
extents = integers(0, 0)
rank = library.basalt_shape(simulation, b"dense.weights", extents)
print("shape of the weights:", rank, list(extents))
call("no buffer", "push_integers", b"dense", integers(1, 2, 3), count(3))
call("a message of another size", "push_integers", b"input", integers(1, 2), count(2))
message = integers(1, 0, 0)
push = library.basalt_push_integers
print("pushed:", [push(simulation, b"input", message, count(3)) for _ in range(9)])
call("nothing to pull", "pull_integers", b"output", v, count(2))
call("negative steps", "run", -1)
call("run until the Extractor is full", "run", 100)
call("run on", "run", 1)
call("and again", "run", 1)
print("without a simulation:", library.basalt_run(None, 1))
library.basalt_close(simulation)
simulation = ctypes.c_void_p(library.basalt_open())
call("another one", "run", 1)
library.basalt_close(simulation)
