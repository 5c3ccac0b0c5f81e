# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""exit_code.py N COMMAND...: runs the command; succeeds if its exit code is N."""

import subprocess
import sys

expected, *command = sys.argv[1:]
code = subprocess.run(command).returncode
if code != int(expected):
    sys.exit(f"exit code {code}, expected {expected}")
