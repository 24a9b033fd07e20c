"""What one embedding executes on one instruction set: by kind of work, and piece by piece."""

import collections

import kinds
import pipeline
from machine_code import demangled

Share = collections.namedtuple("Share", "kind instructions multiplications")
Piece = collections.namedtuple("Piece", "kind length executions multiplications text")


class Embedding:
    def __init__(self, code, counts):
        """code: a MachineCode; counts: executions of each address."""
        self.instructions = sum(counts.values())
        functions = collections.defaultdict(dict)
        for address, count in counts.items():
            functions[code.function(address)][address] = count
        names = demangled_names(functions)
        self.pieces = []
        shares = collections.defaultdict(lambda: [0, 0])
        for function, executions in functions.items():
            shapes = collections.Counter()
            for address, count in executions.items():
                lanes, shape = kinds.multiplications(code.instructions.get(address, ("", "")))
                if lanes:
                    shapes[shape] += lanes * count
            kind = kinds.kind(names.get(function, ""), shapes)
            shares[kind][0] += sum(executions.values())
            shares[kind][1] += sum(shapes.values())
            for piece in code.pieces(executions):
                lanes = sum(kinds.multiplications(code.instructions[address])[0] for address in piece)
                self.pieces.append(Piece(kind, len(piece), executions[piece[0]], lanes, code.text(piece)))
        self.shares = sorted((Share(kind, *share) for kind, share in shares.items()), key=lambda share: -share.instructions)
        self.pieces.sort(key=lambda piece: -piece.length * piece.executions)

    def hot_pieces(self, least):
        """Those that execute at least this part of all instructions, the hottest first."""
        return [piece for piece in self.pieces if piece.length * piece.executions >= least * self.instructions]

    def cycles(self, core):
        """(cycles that hot pieces take on a core, instructions that were not judged)."""
        pieces = [piece for piece in self.hot_pieces(0.0005) if piece.length >= 8]
        cycles = sum(piece.executions * pipeline.cycles(piece.text, core) for piece in pieces)
        return cycles, self.instructions - sum(piece.length * piece.executions for piece in pieces)


def demangled_names(functions):
    """{function: its name in the source} of those that are known."""
    known = [function for function in functions if function]
    names = demangled([function.name for function in known])
    return {function: names[function.name] for function in known}
