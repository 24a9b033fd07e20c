"""Writes what the Swift tests read: small checkpoints in every format, archives that lie, and answers by NumPy.

    checkpoints.py small FORMAT OUT              a few tensors; FORMAT: see write()
    checkpoints.py archive FAULT OUT             the small zip checkpoint with one fault (see archive())
    checkpoints.py shared OUT                    a zip checkpoint of 40,000 tensors over one storage of 4 MB
    checkpoints.py convert FIXTURES NET FORMAT OUT   a net of the fixtures as npz or safetensors
    checkpoints.py tensors CHECKPOINT OUT.npz    a legacy checkpoint's tensors, read by Python's own pickle
    checkpoints.py stored IN.npz OUT.npz         the same arrays, not compressed
    checkpoints.py damage FIXTURES NET OUT       a net with missing, unexpected and mis-shaped tensors
    checkpoints.py spoil FIXTURES NET NAME VALUE OUT   a net with one number of one tensor replaced
    checkpoints.py iresnet OUT [HxW]             a small random iresnet, for pictures of 112x112 or another size
    checkpoints.py arcface LARGE OUT             a small random MobileFaceNet as arcface_torch names it; LARGE 0: a grouped
                                                 second convolution, 1: blocks instead, and slopes that are one for all channels
    checkpoints.py residual BLOCKS SE OUT [HxW]  an IR (SE 0) or IR-SE (SE 1) of the published widths; BLOCKS: 3,13,30,3; all zeros
    checkpoints.py detector FOLDER               MTCNN's three checkpoints, every tensor 0, 1, 2, …
    checkpoints.py embed CHECKPOINT OUT.npz [HxW]  `image` (noise) and its `embedding`, computed in NumPy, NCHW, nothing folded
"""
import collections
import io
import json
import pickle
import struct
import sys
import zipfile
import zlib

import numpy as np


# ---- formats

def small_state():
    r = np.random.default_rng(5)
    return collections.OrderedDict([
        ("conv.weight", r.random((2, 3), np.float32)), ("conv.bias", r.random(2).astype(np.float16)),
        ("norm.running_var", r.random(2)), ("norm.num_batches_tracked", np.array(7, np.int64))])


STORAGE = {"float32": "FloatStorage", "float16": "HalfStorage", "float64": "DoubleStorage", "int64": "LongStorage"}


class Pickler(pickle._Pickler):
    """Pickles arrays as PyTorch pickles tensors, with any protocol and Python's own memo opcodes."""

    def __init__(self, out, protocol, legacy):
        super().__init__(out, protocol)
        self.legacy, self.storages = legacy, {}

    def global_(self, module, name):
        if self.proto >= 4:
            self.save(module)
            self.save(name)
            self.write(pickle.STACK_GLOBAL)
        else:
            self.write(b"c" + f"{module}\n{name}\n".encode())

    def save(self, value, save_persistent_id=True):
        if not isinstance(value, np.ndarray):
            return super().save(value, save_persistent_id)
        key = str(len(self.storages))
        self.storages[key] = value
        self.global_("torch._utils", "_rebuild_tensor_v2")
        self.write(b"((")
        self.save("storage")
        self.global_("torch", STORAGE[value.dtype.name])
        for member in [key, "cpu", value.size] + ([None] if self.legacy else []):
            self.save(member)
        self.write(b"tQ")
        for member in [0, value.shape, tuple(s // value.itemsize for s in value.strides), False,
                       collections.OrderedDict()]:
            self.save(member)
        self.write(b"tR")


def pickled(state, protocol=2, legacy=False):
    out = io.BytesIO()
    p = Pickler(out, protocol, legacy)
    p.dump(state)
    return out.getvalue(), p.storages


def zip_entries(state, protocol=2):
    data, storages = pickled(state, protocol)
    entries = [("any name/data.pkl", data), ("any name/byteorder", b"little")]
    return entries + [("any name/data/" + k, a.tobytes()) for k, a in storages.items()] + [("any name/version", b"3\n")]


def write_zip(path, entries, compression=zipfile.ZIP_STORED, zip64=False):
    with zipfile.ZipFile(path, "w", compression) as z:
        for name, data in entries:
            info = zipfile.ZipInfo(name)
            info.compress_type = compression
            with z.open(info, "w", force_zip64=zip64) as e:
                e.write(data)


def write_zip64(path, entries):
    """Every size and offset in zip64 fields, as only archives over 4 GiB have them; zipfile does not write such."""
    full, out, directory = 0xFFFFFFFF, io.BytesIO(), io.BytesIO()
    for name, data in entries:
        n, crc, at, size = name.encode(), zlib.crc32(data), out.tell(), len(data)
        common = struct.pack("<HHHHIIIH", 0, 0, 0, 0, crc, full, full, len(n))
        extra = struct.pack("<HHQQ", 1, 16, size, size)
        out.write(b"PK\3\4" + struct.pack("<H", 45) + common + struct.pack("<H", len(extra)) + n + extra + data)
        extra = struct.pack("<HHQQQ", 1, 24, size, size, at)
        directory.write(b"PK\1\2" + struct.pack("<HH", 45, 45) + common
                        + struct.pack("<HHHHII", len(extra), 0, 0, 0, 0, full) + n + extra)
    at, d = out.tell(), directory.getvalue()
    end = at + len(d)
    count = len(entries)
    out.write(d + b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, len(d), at)
              + b"PK\6\7" + struct.pack("<IQI", 0, end, 1)
              + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, full, full, 0))
    open(path, "wb").write(out.getvalue())


def write_legacy(path, state, protocol=2):
    data, storages = pickled(state, protocol, legacy=True)
    with open(path, "wb") as f:
        pickle.dump(0x1950A86A20F9469CFC6C, f, 2)
        pickle.dump(1001, f, 2)
        pickle.dump({"protocol_version": 1001, "little_endian": True, "type_sizes": {"long": 4}}, f, 2)
        f.write(data)
        pickle.dump(sorted(storages), f, 2)
        for k in sorted(storages):
            f.write(struct.pack("<q", storages[k].size) + storages[k].tobytes())


def write_safetensors(path, state):
    names = {"float32": "F32", "float16": "F16", "float64": "F64", "int64": "I64"}
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for k, a in state.items():
        header[k] = {"dtype": names[a.dtype.name], "shape": a.shape, "data_offsets": [len(data), len(data) + a.nbytes]}
        data += a.tobytes()
    header = json.dumps(header).encode()
    open(path, "wb").write(struct.pack("<Q", len(header)) + header + data)


def write(fmt, path, state):
    if fmt.startswith("legacy"):
        write_legacy(path, state, int(fmt[6:] or 2))
    elif fmt == "zip64":
        write_zip64(path, zip_entries(state))
    elif fmt == "zipforced64":
        write_zip(path, zip_entries(state), zip64=True)
    elif fmt.startswith("zip"):
        write_zip(path, zip_entries(state, int(fmt[3:] or 2)))
    elif fmt == "npz":
        np.savez(path, **state)
    elif fmt == "npzfortran":
        np.savez(path, **{k: np.asarray(a, order="F") for k, a in state.items()})
    elif fmt == "npzcompressed":
        np.savez_compressed(path, **state)
    else:
        write_safetensors(path, state)


def shared(path):
    def text(value):
        return b"X" + struct.pack("<I", len(value)) + value.encode()

    tensor = (b"ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") + b"ctorch\nFloatStorage\n" + text("0")
              + text("cpu") + b"J" + struct.pack("<i", 1 << 20) + b"tQK\0K\1\x85K\1\x85\x89}tR")
    items = b"".join(text(str(index)) + tensor for index in range(40_000))
    write_zip(path, [("a/data.pkl", b"\x80\2}(" + items + b"u."), ("a/data/0", bytes(1 << 22))])


def archive(fault, path):
    """Faults are made in the finished file: `d` is its directory's first entry, that of data.pkl."""
    entries = zip_entries(small_state())
    if fault == "compressed":
        return write_zip(path, entries, zipfile.ZIP_DEFLATED)
    if fault == "bigEndian":
        entries[1] = (entries[1][0], b"big")
    if fault == "missingStorage":
        entries = [e for e in entries if e[0] != "any name/data/0"]
    if fault == "shortStorage":
        entries = [(n, b[:-4] if n == "any name/data/0" else b) for n, b in entries]
    if fault == "twoPickles":
        entries.append(("other/data.pkl", entries[0][1]))
    if fault == "noPickle":
        entries = entries[1:]
    write_zip(path, entries)
    b = bytearray(open(path, "rb").read())
    d, end = b.index(b"PK\1\2"), b.index(b"PK\5\6")
    second = b.index(b"PK\1\2", d + 4)

    def patch(at, form, value):
        struct.pack_into(form, b, at, value)

    if fault == "sizePastEnd":
        patch(d + 20, "<I", 1 << 30), patch(d + 24, "<I", 1 << 30)
        patch(18, "<I", 1 << 30), patch(22, "<I", 1 << 30)
    elif fault == "offsetPastEnd":
        patch(d + 42, "<I", 1 << 30)
    elif fault == "offsetOfAnother":
        patch(d + 42, "<I", struct.unpack_from("<I", b, second + 42)[0])
    elif fault == "sizesDiffer":
        patch(d + 24, "<I", 8)
    elif fault == "localSizeDiffers":
        patch(18, "<I", 8), patch(22, "<I", 8)
    elif fault == "overlap":    # data.pkl says, in both places, that it reaches into the next entry
        size = struct.unpack_from("<I", b, 22)[0] + 40
        for at in (18, 22, d + 20, d + 24):
            patch(at, "<I", size)
    elif fault == "checksum":
        b[14] ^= 1
        b[d + 16] ^= 1
    elif fault == "encrypted":
        b[6] |= 1
        b[d + 8] |= 1
    elif fault == "directoryPastEnd":
        patch(end + 16, "<I", 1 << 30)
    elif fault == "moreEntries":
        patch(end + 8, "<H", 99), patch(end + 10, "<H", 99)
    elif fault == "fewerEntries":
        patch(end + 8, "<H", 1), patch(end + 10, "<H", 1)
    elif fault == "twice":    # the entry data/1 takes the name of data/0, in both places
        b = bytearray(bytes(b).replace(b"any name/data/1", b"any name/data/0"))
    open(path, "wb").write(b)


# ---- reading, and networks in NCHW

class Unpickler(pickle.Unpickler):
    def find_class(self, module, name):
        if name == "OrderedDict":
            return collections.OrderedDict
        if name == "_rebuild_tensor_v2":
            return lambda storage, offset, shape, strides, *rest: (storage, offset, shape, strides)
        return name

    def persistent_load(self, identifier):
        return identifier


def read_legacy(path):
    dtypes = {v: np.dtype(k) for k, v in STORAGE.items()}
    with open(path, "rb") as f:
        for _ in range(3):
            pickle.load(f)
        state = Unpickler(f).load()
        state = state.get("net_state_dict", state)
        keys, storages = pickle.load(f), {}
        types = {t[0][2]: dtypes[t[0][1]] for t in state.values()}
        for k in keys:
            count = struct.unpack("<q", f.read(8))[0]
            storages[k] = np.frombuffer(f.read(count * types[k].itemsize), types[k])
    out = {}
    for name, (storage, offset, shape, strides) in state.items():
        a = storages[storage[2]]
        out[name] = np.lib.stride_tricks.as_strided(a[offset:], shape, [s * a.itemsize for s in strides])
    return out


def read(path):
    return dict(np.load(path)) if path.endswith(".npz") else read_legacy(path)


def conv(x, w, stride=1, padding=0):
    groups = len(x) // w.shape[1]
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], (1, 2))[:, ::stride, ::stride]
    if groups > 1:
        windows, w = windows.reshape(groups, -1, *windows.shape[1:]), w.reshape(groups, -1, *w.shape[1:])
        y = np.einsum("gchwyx,gocyx->gohw", windows, w)
        return y.reshape(-1, *y.shape[2:])
    return np.einsum("chwyx,ocyx->ohw", windows, w, optimize=True)


class Net:
    def __init__(self, state):
        self.s = {k: v.astype(np.float64) for k, v in state.items()}

    def bn(self, x, n):
        s = self.s
        tail = (slice(None),) + (None,) * (x.ndim - 1)
        y = (x - s[n + ".running_mean"][tail]) / np.sqrt(s[n + ".running_var"][tail] + 1e-5)
        return y * s[n + ".weight"][tail] + s[n + ".bias"][tail]

    def prelu(self, x, n):
        return np.where(x < 0, x * self.s[n + ".weight"][:, None, None], x)

    def unit(self, x, n, stride=1, padding=0, activate=True, names=("conv", "bn", "prelu")):
        w, b, p = (n + "." + m for m in names)
        x = self.bn(conv(x, self.s[w + ".weight"], stride, padding), b)
        return self.prelu(x, p) if activate else x

    def bottleneck(self, x, parts, stride, names=(("conv", "bn", "prelu"),) * 3):
        y = self.unit(x, parts[0], names=names[0])
        y = self.unit(y, parts[1], stride, 1, names=names[1])
        y = self.unit(y, parts[2], activate=False, names=names[2])
        return x + y if stride == 1 and len(x) == len(y) else y

    def mobilefacenet(self, x):
        x = self.unit(self.unit(x, "conv1", 2, 1), "conv2_dw", 1, 1)
        for down, stage, count in [("conv_23", "conv_3", 4), ("conv_34", "conv_4", 6), ("conv_45", "conv_5", 2)]:
            for n, stride in [(down, 2)] + [(f"{stage}.model.{i}", 1) for i in range(count)]:
                x = self.bottleneck(x, [n + ".conv", n + ".conv_dw", n + ".project"], stride)
        x = self.unit(self.unit(x, "conv_6_sep"), "conv_6_dw", activate=False)
        return self.bn(self.s["linear.weight"] @ x.ravel(), "bn")

    def casia(self, x):
        x = self.unit(self.unit(x, "conv1", 2, 1), "dw_conv1", 1, 1)
        names = tuple(tuple(str(i + j) for j in range(3)) for i in (0, 3, 6))
        for i in range(15):
            x = self.bottleneck(x, [f"blocks.{i}.conv"] * 3, 2 if i in (0, 5, 12) else 1, names)
        x = self.unit(self.unit(x, "conv2"), "linear7", activate=False)
        return self.unit(x, "linear1", activate=False).ravel()

    def arcface(self, x):
        names = ("0", "1", "2")
        x, i = self.unit(x, "layers.0.layers", 2, 1, names=names), 1
        while any(key.startswith(f"layers.{i}.") for key in self.s):
            n, j = f"layers.{i}.layers", 0
            if n + ".0.weight" in self.s:
                x = self.unit(x, n, 1, 1, names=names)
            elif n + ".0.layers.0.weight" in self.s:
                x = self.bottleneck(x, [f"{n}.{k}.layers" for k in range(3)], 2, (names,) * 3)
            while f"{n}.{j}.layers.0.layers.0.weight" in self.s:
                x, j = self.bottleneck(x, [f"{n}.{j}.layers.{k}.layers" for k in range(3)], 1, (names,) * 3), j + 1
            i += 1
        x = self.unit(x, "conv_sep.layers", names=names)
        x = self.unit(x, "features.layers.0.layers", activate=False, names=names)
        return self.bn(self.s["features.layers.2.weight"] @ x.ravel(), "features.layers.3")

    def iresnet(self, x):
        x = self.prelu(self.bn(conv(x, self.s["conv1.weight"], 1, 1), "bn1"), "prelu")
        for layer in range(1, 5):
            i = 0
            while f"layer{layer}.{i}.conv1.weight" in self.s:
                n, stride = f"layer{layer}.{i}.", 1 if i else 2
                y = conv(self.bn(x, n + "bn1"), self.s[n + "conv1.weight"], 1, 1)
                y = self.prelu(self.bn(y, n + "bn2"), n + "prelu")
                y = self.bn(conv(y, self.s[n + "conv2.weight"], stride, 1), n + "bn3")
                if i == 0:
                    x = self.bn(conv(x, self.s[n + "downsample.0.weight"], 2), n + "downsample.1")
                x, i = x + y, i + 1
        y = self.s["fc.weight"] @ self.bn(x, "bn2").ravel() + self.s["fc.bias"]
        return self.bn(y, "features")


def sides(size):
    return [int(side) for side in size.split("x")]


def embed(path, out, size=None):
    state = read(path)
    net = Net(state)
    marks = {"layer1.0.conv1.weight": "iresnet", "linear7.conv.weight": "casia", "conv_sep.layers.0.weight": "arcface"}
    name = next((name for mark, name in marks.items() if mark in state), "mobilefacenet")
    height, width = sides(size or ("112x96" if name == "casia" else "112x112"))
    image = np.random.default_rng(3).integers(0, 256, (height, width, 3), np.uint8)
    x = (image.transpose(2, 0, 1) - 127.5) / (127.5 if name in ("iresnet", "arcface") else 128)
    e = getattr(net, name)(x)
    np.savez(out, image=image, embedding=(e / np.linalg.norm(e)).astype(np.float32))


def iresnet(size="112x112"):
    r, s = np.random.default_rng(9), collections.OrderedDict()

    def conv_(n, o, i, k):
        s[n + ".weight"] = (r.standard_normal((o, i, k, k)) / np.sqrt(i * k * k)).astype(np.float32)

    def bn(n, c):
        for m, low, high in [("weight", 0.5, 1.5), ("bias", -0.5, 0.5), ("running_mean", -0.5, 0.5),
                             ("running_var", 0.5, 2)]:
            s[f"{n}.{m}"] = r.uniform(low, high, c).astype(np.float32)
        s[n + ".num_batches_tracked"] = np.array(3, np.int64)

    conv_("conv1", 4, 3, 3), bn("bn1", 4)
    s["prelu.weight"] = r.random(4).astype(np.float32)
    width = 4
    for layer, (out, count) in enumerate([(4, 2), (6, 1), (6, 2), (10, 1)], 1):
        for i in range(count):
            n = f"layer{layer}.{i}."
            bn(n + "bn1", width), conv_(n + "conv1", out, width, 3), bn(n + "bn2", out)
            s[n + "prelu.weight"] = r.random(out).astype(np.float32)
            conv_(n + "conv2", out, out, 3), bn(n + "bn3", out)
            if i == 0:
                conv_(n + "downsample.0", out, width, 1), bn(n + "downsample.1", out)
            width = out
    bn("bn2", width)
    pixels = np.prod([side // 16 for side in sides(size)])
    s["fc.weight"] = (r.standard_normal((16, width * pixels)) / 20).astype(np.float32)
    s["fc.bias"] = r.random(16).astype(np.float32)
    bn("features", 16)
    return s


def arcface(large):
    r, s = np.random.default_rng(11), collections.OrderedDict()

    def unit(n, inputs, outputs, k=1, groups=1, slopes=True):
        shape = (outputs, inputs // groups, k, k)
        s[n + ".0.weight"] = (r.standard_normal(shape) / np.sqrt(inputs // groups * k * k)).astype(np.float32)
        bn(n + ".1", outputs)
        if slopes:
            s[n + ".2.weight"] = r.random(1 if large else outputs).astype(np.float32)

    def bn(n, c):
        for m, low, high in [("weight", 0.5, 1.5), ("bias", -0.5, 0.5), ("running_mean", -0.5, 0.5),
                             ("running_var", 0.5, 2)]:
            s[f"{n}.{m}"] = r.uniform(low, high, c).astype(np.float32)

    def block(n, inputs, outputs, hidden):
        unit(f"{n}.layers.0.layers", inputs, hidden), unit(f"{n}.layers.1.layers", hidden, hidden, 3, hidden)
        unit(f"{n}.layers.2.layers", hidden, outputs, slopes=False)

    unit("layers.0.layers", 3, 16, 3)
    if large:
        block("layers.1.layers.0", 16, 16, 24), block("layers.1.layers.1", 16, 16, 24)
    else:
        unit("layers.1.layers", 16, 16, 3, 8)
    width = 16
    for layer, (outputs, hidden, count) in zip((2, 4, 6), [(16, 24, 2), (24, 32, 1), (24, 40, 1)]):
        block(f"layers.{layer}", width, outputs, hidden)
        for i in range(count):
            block(f"layers.{layer + 1}.layers.{i}", outputs, outputs, 32)
        width = outputs
    unit("conv_sep.layers", width, 48), unit("features.layers.0.layers", 48, 48, 7, 48, slopes=False)
    s["features.layers.2.weight"] = (r.standard_normal((20, 48)) / 7).astype(np.float32)
    bn("features.layers.3", 20)
    return s


def residual(blocks, se, size="112x112"):
    """Half-precision zeros: only names and shapes matter."""
    s = collections.OrderedDict()

    def tensor(n, *shape):
        s[n] = np.zeros(shape, np.float16)

    def bn(n, c):
        for m in ("weight", "bias", "running_mean", "running_var"):
            tensor(f"{n}.{m}", c)

    tensor("input_layer.0.weight", 64, 3, 3, 3), bn("input_layer.1", 64), tensor("input_layer.2.weight", 64)
    bn("output_layer.0", 512), tensor("output_layer.3.weight", 512, 512 * int(np.prod([side // 16 for side in sides(size)]))), tensor("output_layer.3.bias", 512)
    bn("output_layer.4", 512)
    width, index = 64, 0
    for out, count in zip((64, 128, 256, 512), blocks):
        for _ in range(count):
            n = f"body.{index}."
            if width != out:
                tensor(n + "shortcut_layer.0.weight", out, width, 1, 1), bn(n + "shortcut_layer.1", out)
            bn(n + "res_layer.0", width), tensor(n + "res_layer.1.weight", out, width, 3, 3)
            tensor(n + "res_layer.2.weight", out), tensor(n + "res_layer.3.weight", out, out, 3, 3)
            bn(n + "res_layer.4", out)
            if se:
                tensor(n + "res_layer.5.fc1.weight", out // 16, out, 1, 1)
                tensor(n + "res_layer.5.fc2.weight", out, out // 16, 1, 1)
            width, index = out, index + 1
    return s


def detector(folder):
    nets = {
        "pnet": [("conv1", 10, 3, 3), ("conv2", 16, 10, 3), ("conv3", 32, 16, 3), ("conv4_1", 2, 32, 1),
                 ("conv4_2", 4, 32, 1)],
        "rnet": [("conv1", 28, 3, 3), ("conv2", 48, 28, 3), ("conv3", 64, 48, 2), ("dense4", 128, 576),
                 ("dense5_1", 2, 128), ("dense5_2", 4, 128)],
        "onet": [("conv1", 32, 3, 3), ("conv2", 64, 32, 3), ("conv3", 64, 64, 3), ("conv4", 128, 64, 2),
                 ("dense5", 256, 1152), ("dense6_1", 2, 256), ("dense6_2", 4, 256), ("dense6_3", 10, 256)]}

    def counted(*shape):
        return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)

    for net, layers in nets.items():
        state = collections.OrderedDict()
        for index, (name, out, inputs, *kernel) in enumerate(layers, 1):
            state[name + ".weight"] = counted(out, inputs, *(kernel * 2))
            state[name + ".bias"] = counted(out)
            if "_" not in name:
                state[f"prelu{index}.weight"] = counted(out)
        write("legacy", f"{folder}/{net}.pt", state)


def fixture(folder, net):
    sys.path.insert(0, folder)
    import make_checkpoint
    return make_checkpoint.state_dict(net)


def main(command, *a):
    if command == "small":
        write(a[0], a[1], small_state())
    elif command == "archive":
        archive(*a)
    elif command == "shared":
        shared(*a)
    elif command == "convert":
        write(a[2], a[3], fixture(a[0], a[1]))
    elif command == "tensors":
        np.savez(a[1], **read_legacy(a[0]))
    elif command == "stored":
        np.savez(a[1], **np.load(a[0]))
    elif command == "damage":
        state = fixture(a[0], a[1])
        del state["body.1.res_layer.1.weight"], state["body.1.res_layer.4.running_mean"]
        state["body.2.res_layer.3.weight"] = np.zeros((5, 5, 3, 3), np.float32)
        state["classifier.weight"] = np.zeros((3, 3), np.float32)
        write("legacy", a[2], state)
    elif command == "spoil":
        state = fixture(a[0], a[1])
        state[a[2]].flat[1] = float(a[3])
        write("legacy", a[4], state)
    elif command == "iresnet":
        write("legacy", a[0], iresnet(*a[1:]))
    elif command == "arcface":
        write("legacy", a[1], arcface(a[0] == "1"))
    elif command == "residual":
        write("zip", a[2], residual([int(n) for n in a[0].split(",")], a[1] == "1", *a[3:]))
    elif command == "detector":
        detector(*a)
    elif command == "embed":
        embed(*a)


main(*sys.argv[1:])
