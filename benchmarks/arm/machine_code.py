"""A program's machine code: instructions by address, functions by name, and pieces that run as one."""

import bisect
import collections
import re
import subprocess

Instruction = collections.namedtuple("Instruction", "mnemonic operands")
Function = collections.namedtuple("Function", "start end name")


class MachineCode:
    def __init__(self, path):
        self.instructions = {}
        listing = _output("llvm-objdump-19", "-d", "--no-show-raw-insn", "--mattr=+all", path)
        for address, text in re.findall(r"^ *([0-9a-f]+):\s+(\S.*)$", listing, re.MULTILINE):
            mnemonic, _, operands = text.split("//")[0].strip().partition("\t")
            self.instructions[int(address, 16)] = Instruction(mnemonic, operands)
        self._functions = []
        for line in _output("nm", "-S", "--defined-only", path).splitlines():
            words = line.split()
            if len(words) == 4 and words[2] in "tTwW":
                start = int(words[0], 16)
                self._functions.append(Function(start, start + int(words[1], 16), words[3]))
        self._functions.sort()
        self._starts = [function.start for function in self._functions]

    def function(self, address):
        """The function that an address is in, or None."""
        index = bisect.bisect_right(self._starts, address) - 1
        found = self._functions[index] if index >= 0 else None
        return found if found and address < found.end else None

    def pieces(self, counts):
        """Runs of neighbouring instructions that are executed equally often, as ranges of addresses: most are bodies of
        innermost loops, the others are straight code.

        counts: executions of each address.
        """
        start = None
        for address in sorted(counts):
            if start is not None and counts.get(address - 4) != counts[address]:
                yield range(start, end, 4)
                start = None
            start = address if start is None else start
            end = address + 4
        if start is not None:
            yield range(start, end, 4)

    def text(self, piece):
        """In the assembler's language; where branches go does not matter."""
        lines = []
        for address in piece:
            mnemonic, operands = self.instructions[address]
            goal = "#0" if mnemonic == "adrp" else "#16"
            lines.append(f"{mnemonic} " + re.sub(r"0x[0-9a-f]+ <.*>$", goal, operands))
        return "\n".join(lines) + "\n"


def demangled(names):
    """{name in the program: name in the source}."""
    texts = _output("swift", "demangle", "--compact", *names).splitlines()
    return dict(zip(names, texts, strict=True))


def _output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
