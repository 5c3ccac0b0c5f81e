#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Talks to `basalt lsp` as an editor does, and prints the answers in short.

    lsp_client.py SCRIPT FOLDER

SCRIPT is texts, and behind them commands, one a line, of which lines with `#` are no part:

    --- net.yaml
    the text, as an editor has it open; `<1>`, `<2>`, ... are places, and are left out
    --- !disk lib.yaml
    a text that is in a file, and not open
    --- commands
    open net.yaml           tell the server of a text; waits for its diagnostics
    change net.yaml a -> b  replace text a by b (once, \\n is a line), and wait for diagnostics
    type net.yaml a -> b    the same without waiting
    close net.yaml
    hover 1 | definition 2 | complete 3 | symbols net.yaml
    raw TEXT                send TEXT as a message
    ask METHOD TEXT         send a request with TEXT as parameters
    nested N                send a message of N brackets
"""

import json
import pathlib
import re
import subprocess
import sys
import threading


class Server:
    def __init__(self, folder):
        self.folder = folder
        self.process = subprocess.Popen(["basalt", "lsp", "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.number = 0
        self.watchdog = threading.Timer(100, self.process.kill)
        self.watchdog.start()

    def send_bytes(self, body):
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def notify(self, method, params):
        self.send_bytes(json.dumps({"jsonrpc": "2.0", "method": method, "params": params}).encode())

    def read(self):
        length = 0
        while line := self.process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if not length:
            sys.exit("the server has gone away")
        return json.loads(self.process.stdout.read(length))

    def request(self, method, params):
        self.number += 1
        self.send_bytes(json.dumps({"jsonrpc": "2.0", "id": self.number, "method": method, "params": params}).encode())
        while (answer := self.read()).get("id") != self.number:
            pass
        if "error" in answer:
            return f"error: {answer['error']['message']}"
        return answer["result"]

    def diagnostics(self, uri):
        """The next ones that are published for a file, and all that come before."""
        published = []
        while not published or published[-1]["uri"] != uri:
            message = self.read()
            if message.get("method") == "textDocument/publishDiagnostics":
                published.append(message["params"])
        return published

    def uri(self, name):
        return (self.folder / name).as_uri()

    def stop(self):
        self.request("shutdown", None)
        self.notify("exit", None)
        self.process.stdin.close()
        code = self.process.wait()
        self.watchdog.cancel()
        return code


def place(position):
    return f"{position['line'] + 1}:{position['character'] + 1}"


def span(found):
    return f"{place(found['start'])}-{place(found['end'])}"


SEVERITIES = {1: "error", 2: "warning", 3: "note"}


class Session:
    def __init__(self, script, folder):
        self.folder = folder.resolve()
        self.texts, self.places, self.commands = {}, {}, []
        self.parse(script)
        self.server = Server(self.folder)

    def parse(self, script):
        for part in re.split(r"^--- ", script.read_text(), flags=re.MULTILINE)[1:]:
            head, _, text = part.partition("\n")
            if head == "commands":
                self.commands = [line for line in text.splitlines() if line and not line.startswith("#")]
            elif head.startswith("!disk "):
                (self.folder / head[6:]).write_text(text)
            else:
                self.add(head, text)

    def add(self, name, text):
        while match := re.search(r"<(\d+)>", text):
            before = text[: match.start()]
            line = before.rpartition("\n")[2]
            # Columns of the protocol are UTF-16 code units.
            position = {"line": before.count("\n"), "character": len(line.encode("utf-16-le")) // 2}
            self.places[match.group(1)] = (name, position)
            text = before + text[match.end() :]
        self.texts[name] = text

    def at(self, number):
        name, position = self.places[number]
        return {"textDocument": {"uri": self.server.uri(name)}, "position": position}

    def name_of(self, uri):
        path = pathlib.Path(uri.removeprefix("file://"))
        return path.relative_to(self.folder) if path.is_relative_to(self.folder) else f"{path.parent.name}/{path.name}"

    def print_diagnostics(self, published):
        for params in published:
            name = self.name_of(params["uri"])
            if not params["diagnostics"]:
                print(f"{name}: nothing to say")
            for found in params["diagnostics"]:
                print(f"{name}:{span(found['range'])}: {SEVERITIES[found['severity']]}: {found['message']}")
                for related in found.get("relatedInformation", []):
                    where = related["location"]
                    print(f"  {self.name_of(where['uri'])}:{span(where['range'])}: {related['message']}")

    def print_symbols(self, symbols, indent):
        for symbol in symbols:
            detail = f" {symbol['detail']}" if symbol.get("detail") else ""
            print(f"{'  ' * indent}{symbol['name']} ({symbol['kind']}) {span(symbol['selectionRange'])}{detail}")
            self.print_symbols(symbol.get("children", []), indent + 1)

    def open(self, name):
        item = {"uri": self.server.uri(name), "languageId": "yaml", "version": 1, "text": self.texts[name]}
        self.server.notify("textDocument/didOpen", {"textDocument": item})
        self.print_diagnostics(self.server.diagnostics(self.server.uri(name)))

    def type(self, name, change):
        old, _, new = (part.replace("\\n", "\n") for part in change.partition(" -> "))
        if old not in self.texts[name]:
            sys.exit(f"'{old}' is not in {name}")
        self.texts[name] = self.texts[name].replace(old, new, 1)
        document = {"uri": self.server.uri(name), "version": 2}
        self.server.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": self.texts[name]}]})

    def change(self, name, change):
        self.type(name, change)
        self.print_diagnostics(self.server.diagnostics(self.server.uri(name)))

    def close(self, name):
        self.server.notify("textDocument/didClose", {"textDocument": {"uri": self.server.uri(name)}})
        self.print_diagnostics(self.server.diagnostics(self.server.uri(name)))

    def hover(self, number):
        answer = self.server.request("textDocument/hover", self.at(number))
        print(f"{span(answer['range'])} {answer['contents']['value']}" if answer else "nothing")

    def definition(self, number):
        answer = self.server.request("textDocument/definition", self.at(number))
        print(" ".join(f"{self.name_of(found['uri'])}:{span(found['range'])}" for found in answer) or "nothing")

    def complete(self, number):
        answer = self.server.request("textDocument/completion", self.at(number))
        for item in answer["items"]:
            print(f"{item['insertText']!r} {item.get('detail', '')}".rstrip())
        if not answer["items"]:
            print("nothing")

    def symbols(self, name):
        answer = self.server.request("textDocument/documentSymbol", {"textDocument": {"uri": self.server.uri(name)}})
        self.print_symbols(answer, 0)

    def raw(self, text):
        self.server.send_bytes(text.encode())

    def ask(self, method, text):
        print(json.dumps(self.server.request(method, json.loads(text))))

    def nested(self, count):
        self.server.send_bytes(b"[" * int(count))

    def run(self):
        self.server.request("initialize", {"capabilities": {}, "processId": None, "rootUri": None})
        self.server.notify("initialized", {})
        for line in self.commands:
            command, _, arguments = line.partition(" ")
            print(f"> {line}")
            if command in ("change", "type", "ask"):
                arguments = arguments.split(" ", 1)
            else:
                arguments = [arguments]
            getattr(self, command)(*arguments)
        print(f"exit code {self.server.stop()}")


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    Session(pathlib.Path(sys.argv[1]), folder).run()
