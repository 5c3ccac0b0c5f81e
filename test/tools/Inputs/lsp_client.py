# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""lsp_client.py SERVER: opens a document with an error in a language server and prints, one a line,
the name of the server and what it has to say about the document."""

import json
import subprocess
import sys

TEXT = "proc.process @P {\n  proc.var @v : i32\n}\n"
URI = "test:///net.mlir"

MESSAGES = [
    {"id": 0, "method": "initialize",
     "params": {"processId": 1, "rootUri": None, "capabilities": {}, "trace": "off"}},
    {"method": "initialized", "params": {}},
    {"method": "textDocument/didOpen",
     "params": {"textDocument": {"uri": URI, "languageId": "mlir", "version": 1, "text": TEXT}}},
    {"id": 1, "method": "shutdown"},
    {"method": "exit"},
]


def encode(message):
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def decode(data):
    while data:
        header, data = data.split(b"\r\n\r\n", 1)
        length = int(header.split(b"Content-Length:")[1].split()[0])
        yield json.loads(data[:length])
        data = data[length:]


result = subprocess.run([sys.argv[1]], input=b"".join(map(encode, MESSAGES)), capture_output=True)
for reply in decode(result.stdout):
    if reply.get("id") == 0:
        print("server:", reply["result"]["serverInfo"]["name"])
    if reply.get("method") == "textDocument/publishDiagnostics":
        for diagnostic in reply["params"]["diagnostics"]:
            start = diagnostic["range"]["start"]
            print(f"{start['line'] + 1}:{start['character'] + 1}: {diagnostic['message']}")
print("exit code", result.returncode)
