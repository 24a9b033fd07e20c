"""Which rounds of a measurement count: a host may move a virtual machine's cores to caches that are apart, for seconds."""

from dataclasses import dataclass

Process = dict
"""What one process reported."""

Round = dict[tuple[str, int], Process]
"""The processes of a round, by name of the variant and number of threads."""

APART = 2
"""So many times the shortest round trip between two threads, and their cores are apart."""

MOST = 2
"""At most so many times the wanted rounds are measured, to have as many with the cores together."""


@dataclass(frozen=True)
class Counted:
    rounds: list[Round]
    left_out: list[Round]
    """Those that do not count, because the cores were apart."""
    apart: int
    """How many of the rounds that do count had their cores apart."""


class Rounds:
    def __init__(self, wanted: int):
        self._wanted = wanted
        self._rounds: list[Round] = []

    def add(self, processes: Round) -> None:
        self._rounds.append(processes)

    @property
    def measured(self) -> int:
        return len(self._rounds)

    @property
    def are_enough(self) -> bool:
        return self.measured >= MOST * self._wanted or len(self._by_distance()[0]) >= self._wanted

    def counted(self) -> Counted:
        """Those with the cores together, or all of them where there are not enough."""
        together, apart = self._by_distance()
        if len(together) < self._wanted:
            return Counted(self._rounds, [], len(apart))
        return Counted(together, apart, 0)

    def _by_distance(self) -> tuple[list[Round], list[Round]]:
        """Those with the cores together, and those with the cores apart."""
        limit = APART * min((trip for processes in self._rounds for trip in round_trips(processes)), default=0)
        together: list[Round] = []
        apart: list[Round] = []
        for processes in self._rounds:
            (together if max(round_trips(processes), default=0) <= limit else apart).append(processes)
        return together, apart


def round_trips(processes: Round) -> list[float]:
    """Nanoseconds, as faceq reports them for two threads; none where no process of the round is faceq's."""
    return [trip for process in processes.values() for trip in process.get("thread_round_trip_ns", [])]
