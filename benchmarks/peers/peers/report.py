"""Lays the measurements out as Markdown."""

from dataclasses import dataclass

from .drift import Drift
from .measurement import Timing
from .rounds import Counted, Round, round_trips
from .targets import SCALING, ratios
from .variants import Variant

CONTENDED = 0.05
"""From which share of the processors' time used by others the times are called contended."""


@dataclass(frozen=True)
class Conditions:
    date: str
    machine: str
    versions: str
    counted: Counted
    runs: int
    calibration_faces: int
    test_faces: int
    other_load: float


def report(
    architecture: str,
    variants: list[Variant],
    timings: dict[tuple[str, int], Timing],
    drifts: dict[str, Drift],
    conditions: Conditions,
) -> str:
    lines = [
        f"### {architecture}",
        "",
        f"{conditions.date}. {conditions.machine}. {conditions.versions}.",
        "",
        f"Milliseconds for one face, median (minimum) of {len(conditions.counted.rounds)} × {conditions.runs} runs. "
        f"Cosine with the float network over {conditions.test_faces} faces; calibrated on "
        f"{conditions.calibration_faces} others. {_memory(timings)}{_load(conditions)}{_distance(conditions.counted)}",
        "",
        *_table(variants, timings, drifts),
        "",
        *_targets(architecture, timings, judged=conditions.other_load < CONTENDED),
    ]
    return "\n".join(lines) + "\n"


def _memory(timings: dict[tuple[str, int], Timing]) -> str:
    idle = max(timing.idle_mebibytes for timing in timings.values())
    return f"Of a peer's memory {idle:.0f} MiB are Python and NumPy. " if idle else ""


def _load(conditions: Conditions) -> str:
    share = f"Other programs used {conditions.other_load:.0%} of the processors' time meanwhile"
    if conditions.other_load < CONTENDED:
        return f"{share}."
    return f"{share}: **the times are contended**, measure again on a quiet machine."


def _distance(counted: Counted) -> str:
    trips = _longest_trips(counted.rounds)
    if not trips:
        return ""
    text = f" faceq's threads reached each other and back in {_range(trips)} ns"
    if counted.left_out:
        more = f"{len(counted.left_out)} more round{'s' if len(counted.left_out) > 1 else ''}"
        text += f"; {more}, with the cores apart ({_range(_longest_trips(counted.left_out))} ns), do not count"
    if counted.apart:
        return f"{text}: **the cores were apart in {counted.apart} rounds of {len(counted.rounds)}**, all of which count."
    return f"{text}."


def _longest_trips(rounds: list[Round]) -> list[float]:
    return [max(trips) for trips in map(round_trips, rounds) if trips]


def _range(values: list[float]) -> str:
    lowest, highest = f"{min(values):.0f}", f"{max(values):.0f}"
    return lowest if lowest == highest else f"{lowest} to {highest}"


def _table(variants: list[Variant], timings: dict[tuple[str, int], Timing], drifts: dict[str, Drift]) -> list[str]:
    lines = [
        "| | 1 thread | 2 threads | peak MiB, 1 thread | 2 threads | file MB | cosine mean | 5th perc. | minimum |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for variant in variants:
        one, two, drift = timings[variant.name, 1], timings[variant.name, 2], drifts[variant.name]
        cells = [
            variant.name,
            _milliseconds(one),
            _milliseconds(two),
            f"{one.peak_mebibytes:.0f}",
            f"{two.peak_mebibytes:.0f}",
            f"{variant.megabytes():.1f}",
            f"{drift.mean:.5f}",
            f"{drift.percentile5:.5f}",
            f"{drift.minimum:.5f}",
        ]
        lines.append(_row(cells))
    return lines


def _targets(architecture: str, timings: dict[tuple[str, int], Timing], judged: bool) -> list[str]:
    def verdict(reached: bool) -> str:
        return ("reached" if reached else "missed") if judged else "contended"

    lines = [
        "| median of the rounds (of the minima) | 1 thread | 2 threads | target | |",
        "|---|---:|---:|---:|---|",
    ]
    for ratio in ratios(architecture):
        if (ratio.variant, 1) not in timings or (ratio.peer, 1) not in timings:
            continue
        one, two = (timings[ratio.variant, threads].over(timings[ratio.peer, threads]) for threads in (1, 2))
        wanted = ["", ""] if ratio.limit is None else [f"≤ {ratio.limit}", verdict(one[0] <= ratio.limit)]
        lines.append(_row([f"{ratio.variant} / {ratio.peer}", _pair(one), _pair(two), *wanted]))
    if ("faceq int8", 1) in timings:
        scaling = timings["faceq int8", 1].over(timings["faceq int8", 2])
        wanted = [f"≥ {SCALING}", verdict(scaling[0] >= SCALING)]
        lines.append(_row(["faceq int8, 1 thread / 2 threads", "", _pair(scaling), *wanted]))
    return lines


def _pair(ratio: tuple[float, float]) -> str:
    return f"{ratio[0]:.2f} ({ratio[1]:.2f})"


def _milliseconds(timing: Timing) -> str:
    digits = 1 if timing.median >= 10 else 2
    return f"{timing.median:.{digits}f} ({timing.minimum:.{digits}f})"


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
