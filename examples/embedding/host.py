# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Drives the network of net.yaml: host.py LIBRARY."""

import ctypes
import sys

import numpy

library = ctypes.CDLL(sys.argv[1])
integers = numpy.ctypeslib.ndpointer(numpy.int64, flags="C_CONTIGUOUS")
library.basalt_open.restype = ctypes.c_void_p
library.basalt_close.argtypes = [ctypes.c_void_p]
library.basalt_error.argtypes = [ctypes.c_void_p]
library.basalt_error.restype = ctypes.c_char_p
library.basalt_run.argtypes = [ctypes.c_void_p, ctypes.c_int64]
library.basalt_run.restype = ctypes.c_int64
for name in ("get", "set", "push", "pull"):
    function = getattr(library, f"basalt_{name}_integers")
    function.argtypes = [ctypes.c_void_p, ctypes.c_char_p, integers, ctypes.c_int64]


class Simulation:
    def __init__(self):
        self.handle = library.basalt_open()
        if not self.handle:
            raise RuntimeError(library.basalt_error(None).decode())

    def check(self, result):
        if result < 0:
            raise RuntimeError(library.basalt_error(self.handle).decode())
        return result

    def run(self, steps):
        return self.check(library.basalt_run(self.handle, steps))

    def push(self, injector, values):
        values = numpy.ascontiguousarray(values, numpy.int64)
        name = injector.encode()
        return self.check(library.basalt_push_integers(self.handle, name, values, values.size))

    def pull(self, extractor, size):
        values = numpy.empty(size, numpy.int64)
        name = extractor.encode()
        found = self.check(library.basalt_pull_integers(self.handle, name, values, size))
        return values if found else None

    def get(self, var, size):
        values = numpy.empty(size, numpy.int64)
        self.check(library.basalt_get_integers(self.handle, var.encode(), values, size))
        return values

    def set(self, var, values):
        values = numpy.ascontiguousarray(values, numpy.int64)
        self.check(library.basalt_set_integers(self.handle, var.encode(), values, values.size))


simulation = Simulation()
for message in ([1, 0, 0], [0, 1, 0], [0, 0, 2], [1, 1, 1]):
    simulation.push("input", message)
print("steps:", simulation.run(100))  # until the Injector has nothing left
simulation.push("input", [0, 0, 0])
simulation.run(1)  # a synapse takes one step
while (spikes := simulation.pull("output", 2)) is not None:
    print("spikes:", spikes)
print("voltages:", simulation.get("neurons.v", 2))

simulation.set("neurons.vth", [10])
simulation.push("input", [0, 1, 0])
simulation.push("input", [0, 0, 0])
simulation.run(2)
while (spikes := simulation.pull("output", 2)) is not None:
    print("with a lower threshold:", spikes)

try:
    simulation.set("neurons.vth", [1 << 20])
except RuntimeError as error:
    print("error:", error)
