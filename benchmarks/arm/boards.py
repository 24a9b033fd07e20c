"""Boards, what is assumed of them, and the time that one embedding should take there."""

import collections

# pipeline: llvm-mca's core. calm: instructions per cycle in code that llvm-mca does not judge. clock in GHz.
# bandwidth: what one core and all cores read from memory, in GB/s.
Board = collections.namedtuple("Board", "name core instruction_set pipeline clock calm bandwidth")

BOARDS = [
    Board("Raspberry Pi Zero 2 W", "4 × Cortex-A53", "neon", "cortex-a55", 1.0, 0.7, (1.5, 2.0)),
    Board("Raspberry Pi 4 (1.5 GHz)", "4 × Cortex-A72", "neon", "cortex-a57", 1.5, 1.2, (3.0, 4.0)),
    Board("Raspberry Pi 4 (1.8 GHz)", "4 × Cortex-A72", "neon", "cortex-a57", 1.8, 1.2, (3.0, 4.0)),
    Board("Raspberry Pi 5", "4 × Cortex-A76", "dotprod", "cortex-a76", 2.4, 1.8, (7.0, 11.0)),
]

# Of four threads: the rest is spent at barriers and in steps that one thread does alone.
FOUR_THREADS = 3.8


def milliseconds(board, cycles, other_instructions, weight_bytes):
    """(with one thread, with four).

    Reading the weights from memory is added in full, as if nothing were loaded ahead.
    """
    computing = (cycles + other_instructions / board.calm) / (board.clock * 1e6)
    one, four = (weight_bytes / (bandwidth * 1e6) for bandwidth in board.bandwidth)
    return computing + one, computing / FOUR_THREADS + four
