import QuantRuntime

/// iresnet under the names of insightface's arcface_torch: `conv1`, `layerK.J.{bn1, conv1, bn2, prelu, conv2, bn3}`,
/// `bn2`, `fc`, `features`. Each layer's first block halves the resolution, in its second convolution and in the
/// convolution of its shortcut.
enum InsightFaceResidual {
  static func plan(_ shapes: CheckpointShapes) -> NetworkPlan? {
    guard shapes.contains(prefix: "layer1.0."), shapes.contains(prefix: "features.") else { return nil }
    let stemWidth =
      shapes.length(of: shapes.outputAxes("conv1", "bn1") + [TensorAxis("prelu.weight")]) ?? 64

    var builder = PlanBuilder(.centred(channels: .rgb))
    builder.stem(
      .square3(stemWidth), PlannedConvolution(weights: "conv1.weight", norm: "bn1", slopes: "prelu.weight"))
    var extent = 112
    var width = stemWidth
    var stages: [Stage] = []
    for layer in 1...4 {
      let count = max(1, shapes.childCount(of: "layer\(layer)"))
      extent = (extent + 1) / 2
      for index in 0..<count {
        let name = "layer\(layer).\(index)"
        width = shapes.length(of: outputAxes(name)) ?? width
        addBlock(name, outputs: width, isFirst: index == 0, to: &builder)
      }
      stages.append(Stage(width: width, blocks: count))
    }

    let embeddingSize =
      shapes.length(of: shapes.outputAxes("fc", "features") + [TensorAxis("fc.bias")]) ?? 512
    return NetworkPlan(
      architecture: Stage.name(
        family: "iresnet", stages,
        published: [
          "18": [2, 2, 2, 2], "34": [3, 4, 6, 3], "50": [3, 4, 14, 3], "100": [3, 13, 30, 3], "200": [6, 26, 60, 6],
        ]),
      graph: builder.head(
        norm: "bn2", Size(extent, extent), outputs: embeddingSize,
        PlannedConvolution(weights: "fc.weight", isConvolution: false, bias: "fc.bias", norm: "features")))
  }

  private static func outputAxes(_ block: String) -> [TensorAxis] {
    ["conv1.weight", "prelu.weight", "conv2.weight", "bn2.weight", "bn2.bias", "bn3.weight", "bn3.bias"]
      .map { TensorAxis(block + "." + $0) }
  }

  private static func addBlock(_ name: String, outputs: Int, isFirst: Bool, to builder: inout PlanBuilder) {
    let stride = isFirst ? 2 : 1
    builder.block(
      norm: name + ".bn1",
      [
        (
          .square3(outputs),
          PlannedConvolution(
            weights: name + ".conv1.weight", norm: name + ".bn2", slopes: name + ".prelu.weight")
        ),
        (.square3(outputs, stride: stride), PlannedConvolution(weights: name + ".conv2.weight", norm: name + ".bn3")),
      ],
      base: isFirst
        ? .projection(
          .pointwise(outputs, stride: stride),
          PlannedConvolution(weights: name + ".downsample.0.weight", norm: name + ".downsample.1"))
        : .input(stride: 1))
  }
}
