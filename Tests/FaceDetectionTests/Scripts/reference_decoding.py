#!/usr/bin/env python3
"""Decodes detectors' outputs with NumPy in double precision, as plainly as their authors' own code does.

    reference_decoding.py GOLDEN.npz FOLDER

writes into FOLDER, for every network in ../shared/fixtures/golden_detectors.npz, its outputs and the faces that they
mean from THRESHOLD on, none suppressed: OUTPUT.npy is [rows · columns][channels], NETWORK.faces.npy is one row for each face:
score, left, top, right, bottom, then x and y of five points.
"""
import sys

import numpy as np

THRESHOLD = 0.3


def yunet(outputs, side):
    """`outputs[name, stride]` is [cells][channels]."""
    faces = []
    for stride in (8, 16, 32):
        columns = side // stride
        for cell in range(columns * columns):
            row, column = divmod(cell, columns)
            cls, obj = (float(np.clip(outputs[name, stride][cell, 0], 0, 1)) for name in ("cls", "obj"))
            score = np.sqrt(cls * obj)
            if score < THRESHOLD:
                continue
            box = outputs["bbox", stride][cell].astype(np.float64)
            points = outputs["kps", stride][cell].astype(np.float64).reshape(5, 2)
            x, y = (column + box[0]) * stride, (row + box[1]) * stride
            width, height = np.exp(box[2]) * stride, np.exp(box[3]) * stride
            landmarks = (points + [column, row]) * stride
            faces.append([score, x - width / 2, y - height / 2, x + width / 2, y + height / 2,
                          *landmarks.ravel()])
    return np.array(faces)


def scrfd(outputs, side, anchors=2):
    faces = []
    for stride in (8, 16, 32):
        columns = side // stride
        for index in range(columns * columns * anchors):
            score = outputs["score", stride][index, 0]
            if score < THRESHOLD:
                continue
            row, column = divmod(index // anchors, columns)
            centre = np.array([column, row], np.float64) * stride
            distances = outputs["bbox", stride][index].astype(np.float64) * stride
            points = outputs["kps", stride][index].astype(np.float64).reshape(5, 2) * stride + centre
            faces.append([score, *(centre - distances[:2]), *(centre + distances[2:]),
                          *points.ravel()])
    return np.array(faces)


def centerface(heat, scale, offset, landmarks):
    """Each [channels][rows][columns]."""
    faces = []
    _, rows, columns = heat.shape
    for row in range(rows):
        for column in range(columns):
            score = heat[0, row, column]
            if score < THRESHOLD:
                continue
            height, width = np.exp(scale[:, row, column].astype(np.float64)) * 4
            y = (row + 0.5 + float(offset[0, row, column])) * 4
            x = (column + 0.5 + float(offset[1, row, column])) * 4
            left, top = x - width / 2, y - height / 2
            points = landmarks[:, row, column].astype(np.float64).reshape(5, 2)
            faces.append([score, left, top, left + width, top + height,
                          *np.stack([points[:, 1] * width + left, points[:, 0] * height + top], 1).ravel()])
    return np.array(faces)


def main(golden, folder):
    golden = np.load(golden)

    def write(name, values):
        np.save(f"{folder}/{name}.npy", np.ascontiguousarray(values, np.float32))

    for name, side in (("picture", 320), ("picture640", 640)):
        write(f"picture{side}", golden[name].reshape(side, -1))

    outputs = {(name, stride): golden[f"yunet_n/{name}_{stride}"][0]
               for name in ("cls", "obj", "bbox", "kps") for stride in (8, 16, 32)}
    for (name, stride), values in outputs.items():
        write(f"yunet.{name}.{stride}", values)
    write("yunet.faces", yunet(outputs, 320))

    for network in ("scrfd_500m", "scrfd_2.5g"):
        outputs = {(name, stride): golden[f"{network}/out{3 * kind + level}"][0]
                   for kind, name in enumerate(("score", "bbox", "kps")) for level, stride in enumerate((8, 16, 32))}
        for (name, stride), values in outputs.items():
            # [cells · anchors][channels] is [cells][anchors · channels].
            write(f"{network}.{name}.{stride}", values.reshape(-1, 2 * values.shape[1]))
        write(f"{network}.faces", scrfd(outputs, 640))

    planes = [golden[f"centerface/{name}"][0] for name in ("537", "538", "539", "540")]
    for name, plane in zip(("heat", "scale", "offset", "landmarks"), planes):
        write(f"centerface.{name}.4", plane.reshape(plane.shape[0], -1).T)
    write("centerface.faces", centerface(*planes))


if __name__ == "__main__":
    main(*sys.argv[1:])
