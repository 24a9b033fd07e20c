import argparse
import hashlib
import re
import sys
import time
from pathlib import Path

import numpy as np

from . import machine
from .drift import drift, insist_on_the_same_network
from .errors import PeersError
from .faceq import Faceq
from .faces import find_faces, load_inputs
from .float_model import FloatModel
from .measurement import embed, measure_latency
from .report import Conditions, report
from .variants import Variant, export, faceq_variants, peer_variants

REPOSITORY = Path(__file__).resolve().parents[3]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="compare",
        description="Compares faceq with ONNX Runtime, OpenVINO and ncnn on one network, and prints Markdown.",
    )
    parser.add_argument("float_model", type=Path, help="the network as a float model of faceq (.gguf)")
    parser.add_argument("int8_model", type=Path, help="faceq's int8 model made of it")
    parser.add_argument("calibration_faces", type=Path, help="a folder of aligned faces, those that faceq was calibrated on")
    parser.add_argument("test_faces", type=Path, help="a folder of other aligned faces, to measure the drift on")
    parser.add_argument("--faceq", type=Path, default=REPOSITORY / ".build/release/faceq", help="the faceq program")
    parser.add_argument("--work", type=Path, required=True, help="where to keep what is installed and made: .build/peers unless given")
    parser.add_argument("--rounds", type=int, default=3, help="processes for each variant and number of threads: %(default)s")
    parser.add_argument("--runs", type=int, default=25, help="timed runs in each process: %(default)s")
    parser.add_argument("--faces", type=int, default=200, help="how many test faces to take: %(default)s")
    parser.add_argument("--only", type=re.compile, metavar="REGEX", help="measure only variants with such a name")
    parser.add_argument("--quick", action="store_true", help="1 round of 10 runs, 40 test faces, 30 calibration faces")
    parser.add_argument("--ncnn-tools", type=Path, help="a folder with ncnn2table and ncnn2int8, to measure ncnn's int8 too")
    chosen = parser.parse_args()
    if min(chosen.rounds, chosen.runs, chosen.faces) < 1:
        parser.error("--rounds, --runs and --faces are at least 1")
    return chosen


def progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def insist_on_a_pair(faceq: Faceq, float_file: Path, int8_file: Path) -> None:
    calibration = faceq.information(int8_file)["calibration"]
    if calibration is None:
        raise PeersError(f"{int8_file} is no int8 model; make one with faceq calibrate.")
    if calibration["float_digest"] != faceq.information(float_file)["digest"]:
        raise PeersError(f"{int8_file} was not made of {float_file}; name the float model that it was calibrated from.")


def compare(options: argparse.Namespace) -> str:
    for file in (options.float_model, options.int8_model):
        if not file.is_file():
            raise PeersError(f"There is no model file {file}; make one with faceq import and faceq calibrate.")
    faceq = Faceq(options.faceq)
    model = FloatModel(options.float_model)
    insist_on_a_pair(faceq, options.float_model, options.int8_model)
    calibration = find_faces(options.calibration_faces, 30 if options.quick else None)
    test = find_faces(options.test_faces, 40 if options.quick else options.faces)
    folder = options.work / f"{model.architecture}-{hashlib.sha256(options.float_model.read_bytes()).hexdigest()[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    test_inputs = folder / "test-faces.npy"
    np.save(test_inputs, load_inputs(test, model.input))

    def embeddings(variant: Variant) -> np.ndarray:
        progress(f"embedding {len(test)} faces: {variant.name}")
        return embed(variant, faceq, test, test_inputs, folder / "embeddings.npy")

    progress("exporting the network")
    ours = faceq_variants(options.float_model, options.int8_model)
    exported = export(model, folder)
    reference = embeddings(exported)
    insist_on_the_same_network(reference, embeddings(ours[1]))

    progress(f"converting and quantising, with {len(calibration)} faces")
    peers = peer_variants(
        exported, model, calibration, load_inputs(calibration, model.input), folder, options.ncnn_tools
    )
    variants = [variant for variant in ours + peers if options.only is None or options.only.search(variant.name)]
    if not variants:
        names = ", ".join(variant.name for variant in ours + peers)
        raise PeersError(f"No variant has a name like {options.only.pattern}; there are {names}.")
    drifts = {variant.name: drift(embeddings(variant), reference) for variant in variants}

    timing_inputs = folder / "timing-faces.npy"
    np.save(timing_inputs, np.load(test_inputs, mmap_mode="r")[:8])
    rounds, runs = (1, 10) if options.quick else (options.rounds, options.runs)
    others = machine.OtherLoad()
    timings = measure_latency(variants, faceq, rounds, runs, timing_inputs, progress)
    revision = faceq.bench(options.int8_model, 1, 1)
    conditions = Conditions(
        date=time.strftime("%Y-%m-%d %H:%M"),
        machine=machine.machine(),
        versions=f"faceq {revision['revision']} ({revision['isa']}), {machine.versions()}",
        rounds=rounds,
        runs=runs,
        calibration_faces=len(calibration),
        test_faces=len(test),
        other_load=others.share(),
    )
    return report(model.architecture, variants, timings, drifts, conditions)


def main() -> int:
    try:
        print(compare(arguments()))
    except PeersError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


sys.exit(main())
