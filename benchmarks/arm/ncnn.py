"""What ncnn's authors and users have published of it, and its instructions for the same network."""

# benchmark/README.md of https://github.com/Tencent/ncnn, the minimum in milliseconds: board, threads, {network: (fp32, int8)}.
PUBLISHED = [
    ("Raspberry Pi Zero 2 W (1.0 GHz)", 4, {"resnet18": (351.37, 194.83), "resnet50": (777.44, 496.78)}),
    ("Raspberry Pi Zero 2 W (1.0 GHz)", 1, {"resnet18": (653.62, 479.03), "resnet50": (1800.97, 1311.68)}),
    ("Raspberry Pi 4 (1.8 GHz)", 4, {"resnet18": (122.27, 82.19), "resnet50": (261.90, 195.60)}),
    ("Raspberry Pi 4 (1.8 GHz)", 1, {"resnet18": (190.80, 157.92), "resnet50": (533.15, 423.72)}),
]

# 10⁹ multiply-accumulates for a picture of 224 × 224, with which those rows were measured.
GIGAMACS = {"resnet18": 1.82, "resnet50": 4.1}

# Scaled to IR-SE50 in the same way, the better of fp and int8, milliseconds.
SCALED = [("Raspberry Pi 5", 4, "58"), ("Raspberry Pi 5", 1, "123"), ("RK3588, its A76 cores", 4, "51–55")]

# 10⁹ instructions of one embedding of IR-SE50: a build of July 2026, one thread, start-up excluded, under QEMU.
INSTRUCTIONS = [
    ("neon", "int8", 0.72),
    ("neon", "fp32", 0.75),
    ("dotprod", "int8", 0.53),
    ("dotprod", "fp16", 0.40),
    ("i8mm", "int8", 0.33),
]
