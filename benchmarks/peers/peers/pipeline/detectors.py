"""YuNet in each runtime, from a picture to its faces. A network is planned for each size of picture once."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

STRIDES = (8, 16, 32)
ALIGNMENT = 32
SCORE, OVERLAP = 0.6, 0.3
SEARCHED_PIXELS = 1_228_800
"""Larger photos are searched at this size, as faceq does."""


@dataclass(frozen=True)
class Faces:
    boxes: np.ndarray
    """[face][left, top, width, height], in pixels of the photo."""
    scores: np.ndarray
    points: np.ndarray
    """[face][left eye, right eye, nose, left and right corner of the mouth][x, y], left in the picture."""


Detector = Callable[[np.ndarray], Faces]
"""From a photo, [row][column][blue, green, red] in bytes."""

Network = Callable[[np.ndarray], list[np.ndarray]]
"""From a float picture, 1×3×height×width, to classes, objects, boxes and points at each stride, in that order."""


def open_opencv(files: list[Path]) -> Detector:
    @cache
    def planned(width: int, height: int) -> cv2.FaceDetectorYN:
        return cv2.FaceDetectorYN.create(str(files[0]), "", (width, height), SCORE, OVERLAP, 5000)

    def detect(picture: np.ndarray) -> Faces:
        height, width = picture.shape[:2]
        found = planned(width, height).detect(picture)[1]
        found = np.zeros((0, 15), np.float32) if found is None else found
        return Faces(found[:, :4], found[:, 14], found[:, 4:14].reshape(-1, 5, 2))

    return _of_any_size(detect)


def open_onnxruntime(files: list[Path]) -> Detector:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(files[0], options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return _of_any_size(_detector(lambda blob: session.run(None, {name: blob})))


def open_openvino(files: list[Path]) -> Detector:
    import openvino

    core = openvino.Core()
    configuration = {"INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1, "PERFORMANCE_HINT": "LATENCY"}

    @cache
    def planned(shape: tuple[int, ...]) -> openvino.InferRequest:
        model = core.read_model(files[0])
        model.reshape(shape)
        return core.compile_model(model, "CPU", configuration).create_infer_request()

    def run(blob: np.ndarray) -> list[np.ndarray]:
        request = planned(blob.shape)
        request.infer({0: blob}, share_inputs=True)
        return [tensor.data for tensor in request.output_tensors]

    return _of_any_size(_detector(run))


def blob_of(picture: np.ndarray) -> np.ndarray:
    """The picture with black at the right and the lower edge, up to whole cells, as the network wants it."""
    height, width = picture.shape[:2]
    padded = cv2.copyMakeBorder(picture, 0, -height % ALIGNMENT, 0, -width % ALIGNMENT, cv2.BORDER_CONSTANT)
    return cv2.dnn.blobFromImage(padded)


def _of_any_size(detect: Detector) -> Detector:
    def detect_reduced(photo: np.ndarray) -> Faces:
        height, width = photo.shape[:2]
        scale = (SEARCHED_PIXELS / (width * height)) ** 0.5
        if scale >= 1:
            return detect(photo)
        size = (round(width * scale), round(height * scale))
        faces = detect(cv2.resize(photo, size, interpolation=cv2.INTER_AREA))
        enlarged = np.array([width / size[0], height / size[1]], np.float32)
        return Faces(faces.boxes * np.tile(enlarged, 2), faces.scores, faces.points * enlarged)

    return detect_reduced


def _detector(network: Network) -> Detector:
    """A network's outputs are decoded, and overlapping faces left out, as FaceDetectorYN does it."""

    def detect(picture: np.ndarray) -> Faces:
        blob = blob_of(picture)
        outputs = network(blob)
        boxes, scores, points = [], [], []
        for level, stride in enumerate(STRIDES):
            classes, objects, sides, places = (outputs[level + 3 * kind][0] for kind in range(4))
            products = np.clip(classes[:, 0], 0, 1) * np.clip(objects[:, 0], 0, 1)
            cells = np.flatnonzero(products >= SCORE * SCORE)
            rows, columns = np.divmod(cells, blob.shape[3] // stride)
            corner = np.stack([columns, rows], axis=1).astype(np.float32)
            size = np.exp(sides[cells, 2:]) * stride
            centre = (sides[cells, :2] + corner) * stride
            boxes.append(np.concatenate([centre - size / 2, size], axis=1))
            scores.append(np.sqrt(products[cells]))
            points.append((places[cells].reshape(-1, 5, 2) + corner[:, None]) * stride)
        boxes, scores, points = map(np.concatenate, (boxes, scores, points))
        best = np.asarray(cv2.dnn.NMSBoxes(boxes, scores, SCORE, OVERLAP), int).reshape(-1)
        return Faces(boxes[best], scores[best], points[best])

    return detect


OPENERS = {"opencv": open_opencv, "onnxruntime": open_onnxruntime, "openvino": open_openvino}
