"""The comparison from its arguments to its Markdown; runs in the environment with the runtimes."""

import argparse
import hashlib
import time
from pathlib import Path

import numpy as np

from . import machine
from .arguments import arguments
from .command import print_markdown, progress
from .drift import drift, insist_on_the_same_network
from .errors import PeersError
from .faceq import Faceq
from .faces import find_faces, load_inputs
from .float_model import FloatModel
from .markdown_place import MarkdownPlace
from .measurement import embed, measure_latency
from .report import Conditions, report
from .variants import Variant, export, faceq_variants, peer_variants

FACES_TO_TIME = 8


def compare(options: argparse.Namespace) -> str:
    faceq = Faceq(options.faceq)
    model = FloatModel(options.float_model)
    faceq.insist_on_a_pair(options.float_model, options.int8_model)
    place = None if options.into is None else MarkdownPlace(options.into, model.architecture)
    calibration = find_faces(options.calibration_faces, 30 if options.quick else None)
    test = find_faces(options.test_faces, 40 if options.quick else options.faces)
    calibration_inputs = load_inputs(calibration, model.input)
    folder = _folder_of(model, options.work)
    test_inputs = _saved(folder / "test-faces.npy", load_inputs(test, model.input))

    def embeddings(variant: Variant) -> np.ndarray:
        progress(f"Embedding {len(test)} faces: {variant.name}")
        return embed(variant, faceq, test, test_inputs, folder / "embeddings.npy")

    progress("Exporting the network")
    ours = faceq_variants(options.float_model, options.int8_model)
    exported = export(model, options.onnx, folder)
    reference = embeddings(exported)
    insist_on_the_same_network(reference, embeddings(ours[1]))

    progress(f"Converting and quantising with {len(calibration)} faces what is not yet in {folder}")
    peers = peer_variants(exported, model, calibration, calibration_inputs, folder, options.ncnn_tools)
    variants = _chosen(ours + peers, options)
    drifts = {variant.name: drift(embeddings(variant), reference) for variant in variants}

    timing_inputs = _saved(folder / "timing-faces.npy", np.load(test_inputs)[:FACES_TO_TIME])
    rounds, runs = (3, 10) if options.quick else (options.rounds, options.runs)
    others = machine.OtherLoad()
    timings, counted = measure_latency(variants, faceq, rounds, runs, timing_inputs, progress)
    conditions = Conditions(
        date=time.strftime("%Y-%m-%d %H:%M"),
        machine=machine.machine(),
        versions=f"{faceq.version(options.int8_model)}, {machine.versions()}",
        counted=counted,
        runs=runs,
        calibration_faces=len(calibration),
        test_faces=len(test),
        other_load=others.share(),
    )
    text = report(model.architecture, variants, timings, drifts, conditions)
    if place is not None:
        place.fill(text)
    return text


def _folder_of(model: FloatModel, work: Path) -> Path:
    """A folder for what is made of this model and no other."""
    folder = work / f"{model.architecture}-{hashlib.sha256(model.path.read_bytes()).hexdigest()[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _saved(file: Path, array: np.ndarray) -> Path:
    np.save(file, array)
    return file


def _chosen(variants: list[Variant], options: argparse.Namespace) -> list[Variant]:
    chosen = [variant for variant in variants if options.only is None or options.only.search(variant.name)]
    if not chosen:
        names = ", ".join(variant.name for variant in variants)
        raise PeersError(f"No variant has a name like {options.only.pattern}; there are {names}.")
    return chosen


print_markdown(lambda: compare(arguments()))
