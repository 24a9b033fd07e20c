"""Runs the board's program under QEMU, and counts what it executes."""

import collections
import json
import os
import subprocess

import pictures


class Guest:
    """The program on one of QEMU's cores."""

    def __init__(self, program, work, core):
        self.program, self.work, self.core = program, work, core

    def description(self, model):
        """What `info --json` says about a model."""
        return json.loads(self._run(["info", model, "--json"]))

    def embedding(self, model):
        """How often each instruction is executed by one embedding on one thread: {address: executions}.

        With the mirror image a program does the same work and one embedding more: the difference leaves out the start,
        the reading of files and the session's preparation.
        """
        size = self.description(model)["input"]
        picture = os.path.join(self.work, "pattern.png")
        pictures.write_pattern(picture, size["width"], size["height"])
        arguments = ["embed", model, picture, "--aligned", "--csv", "--threads", "1"]
        counts = self.counts(arguments + ["--flip"])
        counts.subtract(self.counts(arguments))
        return {address: count for address, count in counts.items() if count > 0}

    def counts(self, arguments):
        """How often each instruction is executed by a command: a Counter by address."""
        path = os.path.join(self.work, "counts")
        plugin = os.path.join(self.work, "libcount.so")
        self._run(arguments, ["-plugin", f"{plugin},out={path}"])
        counts = collections.Counter()
        with open(path) as file:
            for line in file:
                address, instructions, executions = line.split()
                for index in range(int(instructions)):
                    counts[int(address, 16) + 4 * index] += int(executions)
        return counts

    def _run(self, arguments, options=()):
        command = ["qemu-aarch64", "-cpu", self.core, *options, self.program, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout
