import argparse
import re
from pathlib import Path

from .errors import PeersError

REPOSITORY = Path(__file__).resolve().parents[3]


def arguments() -> argparse.Namespace:
    """The command line, with every file and folder on it looked for."""
    parser = argparse.ArgumentParser(
        prog="benchmarks/peers/compare",
        description="Compares faceq with ONNX Runtime, OpenVINO and ncnn on one network, and prints Markdown.",
    )
    parser.add_argument("float_model", type=Path, help="the network as a float model of faceq (.gguf)")
    parser.add_argument("int8_model", type=Path, help="the int8 model that faceq made of it (.gguf)")
    parser.add_argument("calibration_faces", type=Path, help="a folder of aligned faces: those faceq was calibrated on")
    parser.add_argument("test_faces", type=Path, help="a folder of other aligned faces, to measure the drift on")
    parser.add_argument("--faceq", type=Path, default=REPOSITORY / ".build/release/faceq", help="the faceq program")
    parser.add_argument(
        "--work", type=Path, default=REPOSITORY / ".build/peers", help="where to keep what is installed and made"
    )
    parser.add_argument("--onnx", type=Path, metavar="FILE", help="the ONNX file that the float model was imported from")
    parser.add_argument("--into", type=Path, metavar="FILE", help="also put the result in its place in this document")
    parser.add_argument(
        "--rounds", type=int, default=9, help="processes per variant and number of threads: %(default)s"
    )
    parser.add_argument("--runs", type=int, default=10, help="timed runs in each process: %(default)s")
    parser.add_argument("--faces", type=int, default=200, help="test faces to take: %(default)s")
    parser.add_argument("--only", type=_pattern, metavar="REGEX", help="measure only the variants with such a name")
    parser.add_argument("--quick", action="store_true", help="3 rounds of 10 runs, 40 test and 30 calibration faces")
    parser.add_argument(
        "--ncnn-tools", type=Path, metavar="FOLDER", help="has ncnn2table and ncnn2int8: ncnn's int8 too"
    )
    options = parser.parse_args()
    if min(options.rounds, options.runs, options.faces) < 1:
        parser.error("--rounds, --runs and --faces are at least 1")
    _look_for(options)
    return options


def _pattern(text: str) -> re.Pattern:
    try:
        return re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"{text} is no regular expression ({error})") from error


def _look_for(options: argparse.Namespace) -> None:
    for file in (options.float_model, options.int8_model):
        if not file.is_file():
            raise PeersError(f"There is no model file {file}; make one with faceq import or faceq calibrate.")
    if options.onnx is not None and not options.onnx.is_file():
        raise PeersError(f"There is no ONNX file {options.onnx}; name the one that the model was imported from.")
    for folder in (options.calibration_faces, options.test_faces):
        if not folder.is_dir():
            raise PeersError(f"There is no folder {folder}; name one that holds aligned faces.")
    if not options.faceq.is_file():
        raise PeersError(
            f"There is no faceq at {options.faceq}; build it with swift build -c release --product faceq, "
            "or name it with --faceq."
        )
    if options.into is not None and not options.into.is_file():
        raise PeersError(f"There is no document {options.into} to put the result into.")
    if options.ncnn_tools is not None:
        for tool in ("ncnn2table", "ncnn2int8"):
            if not (options.ncnn_tools / tool).is_file():
                raise PeersError(f"There is no {tool} in {options.ncnn_tools}; name a folder that has it.")
