"""What kind of work an instruction belongs to, and how much it multiplies."""

import re

# Kernels are known by the types of what they are given, which are part of their names in the program.
KERNELS = {
    "WinogradLayer": "Winograd, output transform",
    "DepthwiseLayer": "depthwise convolutions",
    "Conversion": "conversions",
    "SumPass": "sums",
    "PlaneSums": "sums over pixels",
}
# Functions of their own, some of them parts of a kernel.
ELSEWHERE = {
    "multiplyInterleavedInt8Tile": "int8 convolutions",
    "convolveInterleavedRegion": "int8 convolutions",
    "of SIMDKernels.multiplyPoint<": "Winograd, products",
    "of SIMDKernels.transformPointWeights<": "Winograd, weight transform",
    "SIMDKernels.transformPointInput<": "Winograd, input transform",
    "of SIMDKernels.storePointOutputs<": "Winograd, output transform",
    "SIMDKernels.WinogradByPoints.convolve<": "Winograd, output transform",
    "SIMDKernels.DepthwiseByColumns.convolveSegment<": "depthwise convolutions",
    "ImageInput": "image",
    "BorderFill": "borders",
    "SIMDKernels.addPlanes<": "sums",
    "SqueezeExcite": "squeeze-and-excitation gate",
}
OTHERS = "everything else"


def kind(name, multiplications):
    """Of a function: its name in the source, and {mnemonic and shape: executions} of its multiplications."""
    argument = r"(?:Swift\.UnsafePointer<)?SIMDKernels\.(\w+)"
    kernel = re.search(rf"closure #\d+ .*?\({argument}(?:<.*?>)?>?, (?:{argument})?", name)
    if not kernel:
        return next((kind for part, kind in ELSEWHERE.items() if part in name), OTHERS)
    layer, output = kernel.groups()
    if layer == "ConvolutionLayer":
        if output == "DequantisedOutput":
            return "linear layer"
        most = max(multiplications, key=multiplications.get, default="")
        return {"4h": "int16 convolutions", "4s": "float convolutions"}.get(most, "int8 convolutions")
    return KERNELS.get((layer, output)) or KERNELS.get(layer, layer)


def multiplications(instruction):
    """(multiplications, the operands' shape) of an instruction, (0, None) where it does not multiply to add up.

    Products of single numbers with scales or addresses are not counted.
    """
    mnemonic, operands = instruction
    shape = re.search(r", v\d+\.(\d+[bhsd])", operands)
    if not shape or not re.fullmatch(r"[su]dot|usdot|[su]mmla|usmmla|[su]ml[as]l2?|[su]mull2?|ml[as]|fml[as]", mnemonic):
        return 0, None
    shape = shape.group(1)
    if mnemonic.endswith("mmla"):
        return 32, shape
    if mnemonic.endswith("dot"):
        return 16 if shape == "16b" else 8, shape
    lanes = int(shape[:-1])
    if mnemonic.endswith("2"):
        lanes, shape = lanes // 2, f"{lanes // 2}{shape[-1]}"
    return lanes, shape
