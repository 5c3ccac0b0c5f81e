# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""interrupt.py SIGNAL FILE COMMAND...: runs the command, sends it the signal once FILE is there, which
the command or its C++ compiler makes (a pattern of the shell), and prints how it ended."""

import glob
import os
import signal
import subprocess
import sys
import time

name, file, *command = sys.argv[1:]
process = subprocess.Popen(
    command,
    start_new_session=True,
    # Whoever runs the tests may ignore it.
    preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
)
deadline = time.monotonic() + 60
while not glob.glob(file) and time.monotonic() < deadline and process.poll() is None:
    time.sleep(0.02)
if not glob.glob(file):
    sys.exit(f"there is no {file}")
# To the whole group, as a terminal does.
os.killpg(process.pid, getattr(signal, name))
code = process.wait()
print("ended by", signal.Signals(-code).name if code < 0 else f"exit code {code}")
