#!/usr/bin/env python3
"""Writes the small network of a .npz in the forms in which training code saves networks, without PyTorch.

    wrapped_checkpoints.py NETWORK.npz FORM OUT.pth

The forms are the names of the functions below. The files are zip archives of stored entries as torch.save writes them.
"""
import argparse
import collections
import pickle
import sys
import types
import zipfile

import numpy as np


def module(name, **members):
    sys.modules[name] = types.ModuleType(name)
    for key, value in members.items():
        value.__module__, value.__qualname__, value.__name__ = name, key, key
        setattr(sys.modules[name], key, value)
    return sys.modules[name]


def _rebuild_tensor_v2(*arguments): ...
def _rebuild_parameter(*arguments): ...


torch = module("torch", FloatStorage=type("FloatStorage", (), {}), LongStorage=type("LongStorage", (), {}))
module("torch._utils", _rebuild_tensor_v2=_rebuild_tensor_v2, _rebuild_parameter=_rebuild_parameter)


class Storage:
    def __init__(self, values): self.values = values


class Tensor:
    """As PyTorch pickles one: a call of _rebuild_tensor_v2 with a storage outside of the pickle."""

    def __init__(self, values, shape=None, strides=None):
        values = np.asarray(values)
        values = values.astype("<i8" if values.dtype.kind == "i" else "<f4")
        self.storage, self.shape = Storage(values.ravel()), tuple(shape if shape is not None else values.shape)
        row_major = [int(np.prod(self.shape[axis + 1:])) for axis in range(len(self.shape))]
        self.strides = tuple(strides if strides is not None else row_major)

    def __reduce__(self):
        return _rebuild_tensor_v2, (self.storage, 0, self.shape, self.strides, False, collections.OrderedDict())


class Parameter:
    def __init__(self, tensor): self.tensor = tensor
    def __reduce__(self): return _rebuild_parameter, (self.tensor, True, collections.OrderedDict())


class TorchPickler(pickle.Pickler):
    def __init__(self, file):
        super().__init__(file, protocol=2)
        self.storages = {}

    def persistent_id(self, value):
        if not isinstance(value, Storage): return None
        key, _ = self.storages.setdefault(id(value), (str(len(self.storages)), value))
        kind = torch.LongStorage if value.values.dtype == np.int64 else torch.FloatStorage
        return ("storage", kind, key, "cpu", len(value.values))


def save(value, path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        with archive.open("archive/data.pkl", "w") as file:
            pickler = TorchPickler(file)
            pickler.dump(value)
        for key, storage in pickler.storages.values():
            archive.writestr(f"archive/data/{key}", storage.values.tobytes())
        archive.writestr("archive/version", "3\n")


def prefixed(net, prefix): return collections.OrderedDict((prefix + key, value) for key, value in net.items())
def random(*shape): return Tensor(np.random.default_rng(1).standard_normal(shape))


def plain(net): return net


def lightning_head(net):
    return {"state_dict": prefixed(net, "model.") | {"head.kernel": random(128, 10), "head.t": random(1)},
            "epoch": 3, "hyper_parameters": argparse.Namespace(lr=.1)}


def averaged_model(net): return collections.OrderedDict([("n_averaged", Tensor(5)), *prefixed(net, "module.").items()])
def backbone_and_head(net): return {"state_dict": prefixed(net, "backbone.") | {"head.weight": random(128, 10)}}


def arcface_torch_resume(net):
    momenta = {index: {"momentum_buffer": random(4)} for index in range(3)}
    return {"epoch": 1, "global_step": 7, "state_dict_backbone": prefixed(net, "module."),
            "state_dict_softmax_fc": {"weight": random(10, 128)},
            "state_optimizer": {"state": momenta, "param_groups": [{"lr": .1, "params": [0, 1, 2]}]}}


def tensor_at_root(net): return {"weights": net, "rng_state": random(5056)}
def deep(net): return {"ema": {"model": prefixed(net, "student.backbone.")}}


def multistep_schedule(net):
    schedule = {"milestones": collections.Counter([3, 3, 5]), "base_lrs": [.1],
                "defaults": collections.defaultdict(dict, {"a": {}}), "ids": {1, 2}, "frozen": frozenset([3])}
    return {"state_dict": net, "scheduler": schedule}


def training_arguments(net):
    return {"state_dict": net, "args": argparse.Namespace(lr=.1, arch="ir"), "best": np.float64(.99),
            "history": np.arange(3.0), "dtype": np.dtype("f4")}


def parameters(net): return collections.OrderedDict((key, Parameter(value)) for key, value in net.items())


def slopes(net): return [key for key in net if key.startswith("input_layer.2") or key.endswith("res_layer.2.weight")]


def one_slope(net): return net | {key: Tensor([.25]) for key in slopes(net)}
def equal_slopes(net): return net | {key: Tensor(np.full(net[key].shape, .25)) for key in slopes(net)}
def expanded_slopes(net): return net | {key: Tensor([.25], net[key].shape, (0,)) for key in slopes(net)}


def no_affine_at_the_end(net):
    return collections.OrderedDict((key, value) for key, value in net.items()
                                   if key not in ("output_layer.4.weight", "output_layer.4.bias"))


def neutral_affine_at_the_end(net):
    channels = net["output_layer.4.weight"].shape
    return net | {"output_layer.4.weight": Tensor(np.ones(channels)), "output_layer.4.bias": Tensor(np.zeros(channels))}


def folded(net, is_folded):
    """A BatchNorm behind each block's first convolution: as a layer of its own, or folded into a network that has a
    convolution with the same result there, its scale in the convolution's weights and its shift nowhere (0)."""
    numbers = np.random.default_rng(7)
    result = collections.OrderedDict()
    for key, value in net.items():
        block, _, layer = key.partition(".res_layer.")
        if not layer:
            result[key] = value
            continue
        index, _, rest = layer.partition(".")
        values, shape = value.storage.values, value.shape
        if index == "1":
            channels = shape[0]
            scale = numbers.uniform(.5, 2, channels).astype("f4")
            variance = numbers.uniform(.5, 2, channels).astype("f4")
            factor = scale / np.sqrt(variance.astype("f8") + 1e-5)
            if is_folded:
                value = Tensor((values.reshape(channels, -1) * factor[:, None]).reshape(shape))
            else:
                for name, numbers_of in [("weight", scale), ("bias", np.zeros(channels)),
                                         ("running_mean", np.zeros(channels)), ("running_var", variance)]:
                    result[f"{block}.res_layer.2.{name}"] = Tensor(numbers_of)
        shift = 0 if is_folded or index in "01" else 1
        result[f"{block}.res_layer.{int(index) + shift}.{rest}"] = value
    return result


def two_batchnorms_a_block(net): return folded(net, False)
def two_batchnorms_folded(net): return folded(net, True)
def two_networks(net): return {"teacher": net, "student": prefixed(net, "module.")}
def foreign_tensor(net): return net | {"input_layer.0.weight": argparse.Namespace(a=1)}


class Module:
    pass


def whole_module(net):
    """torch.save(model): objects of classes that only the training code has."""
    root = module("my_models", Backbone=Module)
    def make(names):
        made = Module()
        children, own = collections.OrderedDict(), collections.OrderedDict()
        for name, value in names.items():
            child, dot, rest = name.partition(".")
            if dot: children.setdefault(child, {})[rest] = value
            else: own[name] = value
        made.training = False
        made._parameters, made._buffers = own, collections.OrderedDict()
        made._modules = collections.OrderedDict((name, make(inner)) for name, inner in children.items())
        return made
    return make(net)


if __name__ == "__main__":
    arrays = np.load(sys.argv[1])
    network = collections.OrderedDict((key, Tensor(arrays[key])) for key in arrays.files)
    save(globals()[sys.argv[2]](network), sys.argv[3])
