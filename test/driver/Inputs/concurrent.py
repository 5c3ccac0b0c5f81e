# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""concurrent.py N COMMAND...: runs the command N times at once and prints the distinct results."""

import subprocess
import sys

count, *command = sys.argv[1:]
processes = [
    subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for _ in range(int(count))
]
results = {(process.communicate()[0], process.returncode) for process in processes}
for text, code in sorted(results):
    print(f"exit code {code}:\n{text}", end="")
