#!/usr/bin/env python3
"""Writes golden_NET.npz beside this file: what PyTorch computes with make_checkpoint.py's networks on drawn faces, in
double precision; and golden_onnx.npz: what ONNX Runtime computes with make_onnx.py's.

    make_golden.py

Needs PyPI's torch, onnx, onnxruntime and numpy. Tests read the archives and need none of the first and third.

golden_tiny_ir.npz, golden_tiny_ir_se.npz, golden_ir_se50.npz:
  faces [12][112][112][3], RGB
  embedding_bgr, embedding_rgb [12][components], of length 1; embedding_bgr_flip: with the mirrored faces' added
  input_layer, body.0, body.1 …: what these write for the first face [first channels][rows][columns]
golden_onnx.npz: faces [4][112][112][3], RGB, and each network's embeddings [4][components], of length 1
"""
import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib

import numpy as np
import onnxruntime
import torch
from torch import nn

import make_checkpoint
import make_onnx

HERE = pathlib.Path(__file__).resolve().parent


class Gate(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc1 = nn.Conv2d(width, width // make_checkpoint.SE_REDUCTION, 1, bias=False)
        self.fc2 = nn.Conv2d(width // make_checkpoint.SE_REDUCTION, width, 1, bias=False)

    def forward(self, x):
        mean = x.mean((2, 3), keepdim=True)
        return x * torch.sigmoid(self.fc2(torch.relu(self.fc1(mean))))


class Block(nn.Module):
    def __init__(self, inputs, width, stride, gated):
        super().__init__()
        self.shortcut_layer = nn.MaxPool2d(1, stride) if inputs == width else nn.Sequential(
            nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width))
        self.res_layer = nn.Sequential(
            nn.BatchNorm2d(inputs), nn.Conv2d(inputs, width, 3, 1, 1, bias=False), nn.PReLU(width),
            nn.Conv2d(width, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width),
            *([Gate(width)] if gated else []))

    def forward(self, x):
        return self.res_layer(x) + self.shortcut_layer(x)


class Network(nn.Module):
    def __init__(self, name):
        super().__init__()
        stem, stages, size, gated = make_checkpoint.NETS[name]
        self.input_layer = nn.Sequential(nn.Conv2d(3, stem, 3, 1, 1, bias=False), nn.BatchNorm2d(stem), nn.PReLU(stem))
        blocks, inputs = [], stem
        for width, count in stages:
            for index in range(count):
                blocks.append(Block(inputs, width, 2 if index == 0 else 1, gated))
                inputs = width
        self.body = nn.Sequential(*blocks)
        self.output_layer = nn.Sequential(
            nn.BatchNorm2d(inputs), nn.Dropout(), nn.Flatten(), nn.Linear(inputs * 49, size), nn.BatchNorm1d(size))

    def forward(self, x):
        return self.output_layer(self.body(self.input_layer(x)))


def drawn_faces(count):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, HERE / "draw_faces.py", folder, str(count)], check=True)
        # Rows without filters, as draw_faces.py writes them.
        faces = []
        for path in sorted(pathlib.Path(folder).glob("*.png")):
            data, at, rows = path.read_bytes(), 8, b""
            while at < len(data):
                length, kind = struct.unpack(">I4s", data[at:at + 8])
                rows += data[at + 8:at + 8 + length] if kind == b"IDAT" else b""
                at += 12 + length
            faces.append(np.frombuffer(zlib.decompress(rows), np.uint8).reshape(112, 337)[:, 1:].reshape(112, 112, 3))
        return np.stack(faces)


def normalised(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def pytorch(name, faces):
    network = Network(name).double().eval()
    state = make_checkpoint.state_dict(name)
    network.load_state_dict({key: torch.from_numpy(np.array(value)) for key, value in state.items()})

    def embeddings(channels, flip=False):
        pixels = faces[..., channels][:, :, ::-1 if flip else 1].transpose(0, 3, 1, 2)
        return normalised(network(torch.from_numpy((pixels.astype(np.float64) - 127.5) / 127.5)).numpy())

    def kept(layer):
        def keep(module, inputs, output):
            count = min(8, max(1, 4096 // output[0, 0].numel()))
            activations.setdefault(layer, output[0, :count].numpy().astype(np.float32))
        return keep

    bgr, rgb, activations = [2, 1, 0], [0, 1, 2], {}
    with torch.no_grad():
        hooks = [network.input_layer.register_forward_hook(kept("input_layer"))]
        hooks += [block.register_forward_hook(kept(f"body.{index}")) for index, block in enumerate(network.body)]
        plain = embeddings(bgr)
        for hook in hooks:
            hook.remove()
        arrays = {
            "embedding_bgr": plain, "embedding_rgb": embeddings(rgb),
            "embedding_bgr_flip": normalised(plain + embeddings(bgr, flip=True))}
    arrays = {key: value.astype(np.float32) for key, value in arrays.items()}
    np.savez_compressed(HERE / f"golden_{name}.npz", faces=faces, **arrays, **activations)


def onnx_runtime(faces):
    arrays = {}
    for name in ["r_tiny", "se_tiny", "mxnet_tiny", "mbf_tiny", "mbf", "r18"]:
        session = onnxruntime.InferenceSession(
            make_onnx.NETS[name]().SerializeToString(), providers=["CPUExecutionProvider"])
        pixels = faces.transpose(0, 3, 1, 2).astype(np.float32)
        if name != "mxnet_tiny":
            pixels = (pixels - 127.5) / 127.5
        arrays[name] = normalised(np.concatenate(
            [session.run(None, {session.get_inputs()[0].name: face[None]})[0] for face in pixels])).astype(np.float32)
    np.savez_compressed(HERE / "golden_onnx.npz", faces=faces, **arrays)


if __name__ == "__main__":
    faces = drawn_faces(12)
    for name in make_checkpoint.NETS:
        pytorch(name, faces)
    onnx_runtime(faces[:4])
