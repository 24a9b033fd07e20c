import argparse
from pathlib import Path

from ..arguments import REPOSITORY
from ..errors import PeersError


def arguments() -> argparse.Namespace:
    """The command line, with every file and folder on it looked for."""
    parser = argparse.ArgumentParser(
        prog="benchmarks/peers/pipeline",
        description="Compares faceq with OpenCV, ONNX Runtime and OpenVINO from photos to embeddings; prints Markdown.",
    )
    parser.add_argument("detector_onnx", type=Path, help="YuNet's ONNX file")
    parser.add_argument("detector", type=Path, help="the int8 detector that faceq made of it (.gguf)")
    parser.add_argument("float_model", type=Path, help="the embedder as a float model of faceq (.gguf)")
    parser.add_argument("int8_model", type=Path, help="the int8 model that faceq made of it (.gguf)")
    parser.add_argument("calibration_faces", type=Path, help="a folder of aligned faces: those faceq was calibrated on")
    parser.add_argument("photos", type=Path, help="a folder of photos, to calibrate detectors with and to measure")
    parser.add_argument("--faceq", type=Path, default=REPOSITORY / ".build/release/faceq", help="the faceq program")
    parser.add_argument(
        "--work", type=Path, default=REPOSITORY / ".build/peers", help="where to keep what is installed and made"
    )
    parser.add_argument("--rounds", type=int, default=7, help="measurements of each variant: %(default)s")
    parser.add_argument("--photos-each", type=int, default=280, help="photos in each measurement: %(default)s")
    parser.add_argument("--into", type=Path, metavar="FILE", help="also put the result in its place in this document")
    options = parser.parse_args()
    if min(options.rounds, options.photos_each) < 1:
        parser.error("--rounds and --photos-each are at least 1")
    for file in (options.detector_onnx, options.detector, options.float_model, options.int8_model, options.into):
        if file is not None and not file.is_file():
            raise PeersError(f"There is no file {file}; name one that is there.")
    for folder in (options.calibration_faces, options.photos):
        if not folder.is_dir():
            raise PeersError(f"There is no folder {folder}; name one that holds pictures.")
    if not options.faceq.is_file():
        raise PeersError(
            f"There is no faceq at {options.faceq}; build it with swift build -c release --product faceq, "
            "or name it with --faceq."
        )
    return options
