# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""interrupt.py SIGNAL LOG COMMAND...: runs the command, sends it the signal once the file LOG is there
(which its C++ compiler writes), and prints how it ended."""

import os
import signal
import subprocess
import sys
import time

name, log, *command = sys.argv[1:]
process = subprocess.Popen(
    command,
    start_new_session=True,
    # Whoever runs the tests may ignore it.
    preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
)
deadline = time.monotonic() + 60
while not os.path.exists(log) and time.monotonic() < deadline and process.poll() is None:
    time.sleep(0.02)
if not os.path.exists(log):
    sys.exit("the C++ compiler was not called")
# To the whole group, as a terminal does.
os.killpg(process.pid, getattr(signal, name))
code = process.wait()
print("ended by", signal.Signals(-code).name if code < 0 else f"exit code {code}")
