# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The report of a run of the benchmarks: a page of Markdown and a picture."""

import html
import math
import os
import platform
import time

WIDTH, LEFT, BAR, GAP = 720, 190, 16, 6
OURS, PEER, LIMIT = "#1f6f8b", "#c9822b", "#8a8a8a"


def cells(row):
    def number(value, unit=""):
        return "" if value is None else f"{value:.3g} {unit}".strip()

    aim = "" if row.aim is None else f"< {row.aim:.3g}"
    verdict = "" if row.aim is None else "reached" if row.value < row.aim else "missed"
    times = "" if not row.peer or row.unit == "Hz" else f"{row.peer / row.value:.3g}"
    share = "" if not row.limit else f"{row.limit / row.value:.0%}"
    return [row.benchmark, row.what, number(row.value, row.unit), aim, verdict, number(row.peer, row.unit), times, share]


HEAD = ["benchmark", "what", "value", "aim", "", "peer", "peer / value", "limit / value"]


def markdown(rows):
    lines = [
        "# Benchmarks",
        "",
        f"{time.strftime('%Y-%m-%d')}, {platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}.",
        "`./dev bench` has measured this. The peer is Brian2 in C++ standalone mode; limits are those of `bench/Limits.cpp`.",
        "Of `placement` the peer is first fit, and limits are what no mapping goes below. Of `trained` the peer is NumPy.",
        "",
        "![Time that a second of each network takes](report.svg)",
        "",
        "| " + " | ".join(HEAD) + " |",
        "|" + " --- |" * len(HEAD),
    ]
    lines += ["| " + " | ".join(cells(row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def svg(rows):
    """Bars on a logarithmic scale: what a second of each network takes, ours, the peer's and the limit."""
    shown = [row for row in rows if row.what.startswith("a second, ")]
    bars = []
    for row in shown:
        bars.append((f"{row.benchmark}, {row.what.removeprefix('a second, ')}", row.value, OURS))
        if row.peer:
            bars.append(("Brian2", row.peer, PEER))
        if row.limit:
            bars.append(("limit", row.limit, LIMIT))
    if not bars:
        return '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>\n'
    low = math.floor(math.log10(min(value for _, value, _ in bars))) - 0.2
    high = max(0, math.ceil(math.log10(max(value for _, value, _ in bars))))

    def place(value):
        return LEFT + (math.log10(value) - low) / (high - low) * (WIDTH - LEFT - 90)

    height = 40 + len(bars) * (BAR + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
    ]
    for power in range(math.ceil(low), high + 1):
        x = place(10.0**power)
        colour = "#444" if power == 0 else "#ddd"
        text = "real time" if power == 0 else f"{10.0**power:g} s"
        parts.append(f'<line x1="{x:.1f}" y1="20" x2="{x:.1f}" y2="{height}" stroke="{colour}"/>')
        parts.append(f'<text x="{x:.1f}" y="14" text-anchor="middle">{text}</text>')
    for number, (label, value, colour) in enumerate(bars):
        y = 26 + number * (BAR + GAP)
        parts.append(f'<text x="{LEFT - 8}" y="{y + 12}" text-anchor="end">{html.escape(label)}</text>')
        parts.append(
            f'<rect x="{LEFT}" y="{y}" width="{place(value) - LEFT:.1f}" height="{BAR}" fill="{colour}"/>'
        )
        parts.append(f'<text x="{place(value) + 6:.1f}" y="{y + 12}">{value:.3g} s</text>')
    return "\n".join(parts) + "\n</svg>\n"


def write(folder, rows):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.md").write_text(markdown(rows))
    (folder / "report.svg").write_text(svg(rows))
