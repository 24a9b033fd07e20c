#!/usr/bin/env python3
"""Runs a detector's ONNX file in ONNX Runtime on pictures of any size.

    run_onnx.py DETECTOR.onnx ANCHORS FOLDER

For every NAME.input.npy in FOLDER, [rows][columns · 3] as the network wants its values, it writes the outputs in the
file's order as NAME.INDEX.npy, [cells][channels], and their strides as NAME.strides.npy, [1][outputs].
"""
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime


def session_for_any_size(path):
    model = onnx.load(path)
    del model.graph.value_info[:]
    values = [*model.graph.input, *model.graph.output]
    for index, value in enumerate(values):
        for place, dimension in enumerate(value.type.tensor_type.shape.dim):
            # What the file fixes are the sides of the picture and what follows from them.
            if value in model.graph.output or place >= 2:
                dimension.dim_param = f"size_{index}_{place}"
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model.SerializeToString(), options)


def main(detector, anchors, folder):
    session = session_for_any_size(detector)
    name = session.get_inputs()[0].name
    for path in sorted(pathlib.Path(folder).glob("*.input.npy")):
        picture = np.load(path)
        rows, columns = picture.shape[0], picture.shape[1] // 3
        outputs = session.run(None, {name: picture.reshape(1, rows, columns, 3).transpose(0, 3, 1, 2)})
        strides = []
        for index, output in enumerate(outputs):
            if output.ndim == 4:
                cells = output[0].transpose(1, 2, 0).reshape(-1, output.shape[1])
            else:
                cells = output.reshape(-1, int(anchors) * output.shape[-1])
            strides.append(np.sqrt(rows * columns / len(cells)))
            np.save(f"{folder}/{path.name.removesuffix('.input.npy')}.{index}.npy", np.ascontiguousarray(cells))
        np.save(f"{folder}/{path.name.removesuffix('.input.npy')}.strides.npy", np.array([strides], np.float32))


if __name__ == "__main__":
    main(*sys.argv[1:])
