"""Lays the measurements out as Markdown."""

from dataclasses import dataclass

from ..report import CONTENDED
from .answers import Agreement
from .measurement import Rates
from .variants import Variant

PAIR, MIX = 2.2, 1.4
"""How many times as fast faceq is meant to be as OpenCV with a runtime, and as the fastest mix of runtimes."""

FACEQ = "faceq int8"


@dataclass(frozen=True)
class Conditions:
    date: str
    machine: str
    versions: str
    photos: int
    photos_each: int
    rounds: int
    other_load: float


def report(
    variants: list[Variant],
    rates: dict[tuple[str, int], Rates],
    agreements: dict[str, Agreement],
    conditions: Conditions,
) -> str:
    reference = agreements[variants[1].name]
    load = f"Other programs used {conditions.other_load:.0%} of the processors' time meanwhile"
    if conditions.other_load >= CONTENDED:
        load += ": **the times are contended**, measure again on a quiet machine"
    lines = [
        "### From photos to embeddings",
        "",
        f"{conditions.date}. {conditions.machine}. {conditions.versions}.",
        "",
        f"Photos per second, medians of {conditions.rounds} rounds of {conditions.photos_each} photos "
        f"({conditions.photos} different ones, {reference.faces} faces of which {reference.embedded} are embedded). "
        f"Faces, points (median distance, by that between the eyes) and cosines beside {variants[1].name}. {load}.",
        "",
        "| | 1 thread | 2 threads | faces, common | points | cosine mean | least |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for variant in variants:
        answer = agreements[variant.name]
        lines.append(
            f"| {variant.name} | {rates[variant.name, 1].median:.1f} | {rates[variant.name, 2].median:.1f} | "
            f"{answer.faces}, {answer.common} | {answer.landmarks:.1f} % | {answer.cosine:.4f} | "
            f"{answer.least_cosine:.4f} |"
        )
    lines += ["", "| faceq by, median of the rounds | 1 thread | 2 threads | target | |", "|---|---:|---:|---:|---|"]
    for variant in variants[1:]:
        one, two = (rates[FACEQ, threads].over(rates[variant.name, threads]) for threads in (1, 2))
        wanted = MIX if variant.is_mix else PAIR
        reached = "reached" if min(one, two) >= wanted else "missed"
        if conditions.other_load >= CONTENDED:
            reached = "contended"
        if agreements[variant.name].common < reference.faces:
            reached += ", but the peer loses faces"
        lines.append(f"| {variant.name} | {one:.2f} | {two:.2f} | ≥ {wanted} | {reached} |")
    return "\n".join(lines) + "\n"
