# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""damage.py HOW FOLDER NAME: damages every file NAME (or, for '*', every file) below the folder:
cut its end off, flip a bit in its middle, or empty it."""

import pathlib
import sys

how, folder, name = sys.argv[1:]
files = [path for path in pathlib.Path(folder).rglob(name) if path.is_file()]
if not files:
    sys.exit(f"no file {name} below {folder}")
for path in files:
    data = bytearray(path.read_bytes())
    if how == "cut":
        data = data[: len(data) * 3 // 4]
    elif how == "flip":
        data[len(data) // 2] ^= 1
    else:
        data = b""
    path.chmod(0o755)
    path.write_bytes(data)
