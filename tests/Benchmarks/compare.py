#!/usr/bin/env python3
"""Compares the benchmarks of two builds on one machine: the builds alternate, so that both see the same load and clock speed.

Usage: compare.py OLD NEW [--rounds N] [--repeats N] [--model PATH] [--out FILE] PART...

OLD and NEW are folders with a built Benchmarks executable (tests/Benchmarks/bin/Release/net10.0 of two checkouts).
PART is a benchmark that both builds know (decode, train, journal, recovery, growth, load), optionally with rounds: recovery:2.
A ratio above 1 means that NEW is better: more per second, or less time, memory or space. For each figure, the median over the
rounds of the ratio is printed with its range; for each part, the geometric mean over all figures and rounds.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile


def measure(build, part, repeats, model):
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        command = [os.path.join(build, "Benchmarks"), part, "--repeats", str(repeats), "--json", file.name]
        if part in ("load", "model"):
            command += ["--model", model]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)} exited with {done.returncode}:\n{done.stdout}")
        results = json.load(open(file.name))["Results"]
    return {one["Name"]: (one["Median"], one["Unit"]) for one in results}


def mean(ratios):
    return math.exp(statistics.fmean(math.log(ratio) for ratio in ratios))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("parts", nargs="+", metavar="PART")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--model")
    parser.add_argument("--out", help="a JSON file with all values, written after each round")
    options = parser.parse_args()
    values = {}
    for part, rounds in ((name, int(count or options.rounds)) for name, _, count in (one.partition(":") for one in options.parts)):
        ratios = {}
        for number in range(rounds):
            order = ["old", "new"] if number % 2 == 0 else ["new", "old"]
            taken = {build: measure(getattr(options, build), part, options.repeats, options.model) for build in order}
            for name, (before, unit) in taken["old"].items():
                if name in taken["new"] and "product" not in name:
                    after = taken["new"][name][0]
                    faster = after / before if unit.endswith("/s") else before / after
                    ratios.setdefault(name, []).append(faster)
                    values.setdefault(part, {}).setdefault(name, []).append({"old": before, "new": after, "unit": unit})
            if options.out:
                json.dump(values, open(options.out, "w"), indent=1)
        for name, one in ratios.items():
            spread = f"{min(one):.3f}–{max(one):.3f}"
            print(f"{name:66} {statistics.median(one):6.3f}  ({spread}, {len(one)} rounds)", flush=True)
        every = [ratio for one in ratios.values() for ratio in one]
        by_round = [mean([one[number] for one in ratios.values()]) for number in range(rounds)]
        spread = f"{min(by_round):.3f}–{max(by_round):.3f}"
        print(f"{part}: geometric mean {mean(every):.3f}  (rounds {spread})\n", flush=True)


if __name__ == "__main__":
    main()
