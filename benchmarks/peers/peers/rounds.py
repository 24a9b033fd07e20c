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
    round_trips: list[float]
    """Nanoseconds: each of these rounds' longest, or none where no process reported any."""
    left_out: list[float]
    """The same of rounds that do not count, because the cores were apart."""
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
        return self.measured >= MOST * self._wanted or len(self._together()) >= self._wanted

    def counted(self) -> Counted:
        """Those with the cores together, or all of them where there are not enough."""
        together = self._together()
        if len(together) < self._wanted:
            trips = [_round_trip(processes) for processes in self._rounds]
            return Counted(self._rounds, _known(trips), [], self.measured - len(together))
        left_out = [_round_trip(processes) for processes in self._rounds if processes not in together]
        return Counted(together, _known([_round_trip(processes) for processes in together]), left_out, 0)

    def _together(self) -> list[Round]:
        limit = APART * min((trip for processes in self._rounds for trip in _round_trips(processes)), default=0)
        return [processes for processes in self._rounds if _round_trip(processes) <= limit]


def _round_trip(processes: Round) -> float:
    return max(_round_trips(processes), default=0)


def _round_trips(processes: Round) -> list[float]:
    return [trip for process in processes.values() for trip in process.get("thread_round_trip_ns", [])]


def _known(trips: list[float]) -> list[float]:
    return [trip for trip in trips if trip > 0]
