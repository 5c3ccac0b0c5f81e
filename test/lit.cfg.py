# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How lit runs the tests below this folder. The site configuration in the build folder comes first."""

import os
import shutil

import lit.formats

config.name = "basalt"
# lit's own shell: the same on every machine, and quicker than starting one.
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".yaml", ".test"]
config.excludes = ["Inputs", "cases", "data", "unit", "meta"]
config.test_source_root = os.path.join(config.basalt_source_root, "test")
config.test_exec_root = os.path.join(config.basalt_build_root, "test")

# Tools are found by name, ours first. They are not substituted: a RUN line is what a person types.
# The rest of PATH stays, for the C++ compilers that `basalt` calls.
tool_folders = [os.path.join(config.basalt_build_root, "bin"), config.llvm_tools_dir]
config.environment["PATH"] = os.pathsep.join(tool_folders + [os.environ["PATH"]])

# `basalt run` caches; the tests have a cache of their own and leave the user's alone.
home = os.path.join(config.test_exec_root, "home")
os.makedirs(home, exist_ok=True)
config.environment["HOME"] = home
config.environment["XDG_CACHE_HOME"] = os.path.join(home, ".cache")

for variable in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "CCACHE_DIR"):
    if variable in os.environ:
        config.environment[variable] = os.environ[variable]

config.substitutions += [
    ("%python", config.python_executable),
    ("%golden", os.path.join(config.test_source_root, "conformance", "cases")),
    ("%data", os.path.join(config.test_source_root, "data")),
    ("%examples", os.path.join(config.basalt_source_root, "examples")),
    ("%runtime", os.path.join(config.basalt_source_root, "runtime")),
]

# For REQUIRES: and UNSUPPORTED: lines.
if config.basalt_sanitize in ("ON", "1", "TRUE"):
    config.available_features.add("asan")
    # libMLIR is not instrumented, so containers that it fills look wrong from our side.
    config.environment.setdefault("ASAN_OPTIONS", "detect_container_overflow=0")
for compiler in ("g++", "clang++-22"):
    if shutil.which(compiler, path=config.environment["PATH"]):
        config.available_features.add(compiler)
