"""How many cycles a piece of code takes on a core, by llvm-mca's model of its pipeline."""

import functools
import re
import subprocess


@functools.cache
def cycles(text, core):
    """Each time that it runs, over and over; all loads hit the first cache, and all branches are foreseen.

    core: one that llvm-mca knows, for instance cortex-a55.
    """
    few, many = (_total_cycles(text, core, iterations) for iterations in (100, 300))
    return (many - few) / 200


def _total_cycles(text, core, iterations):
    command = ["llvm-mca-19", "-mtriple=aarch64", f"-mcpu={core}", "-mattr=+dotprod,+i8mm", f"-iterations={iterations}"]
    report = subprocess.run(command, input=text, check=True, capture_output=True, text=True).stdout
    return int(re.search(r"^Total Cycles:\s+(\d+)", report, re.MULTILINE).group(1))
