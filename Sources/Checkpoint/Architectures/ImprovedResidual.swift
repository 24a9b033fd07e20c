import QuantRuntime

/// IR and IR-SE ("improved residual", with squeeze-and-excitation) under the names of TreB1eN/InsightFace_Pytorch:
/// `input_layer`, `body.K.{shortcut_layer, res_layer}`, `output_layer`. Any depth, widths, reduction and embedding
/// size.
///
/// Strides are not in a state dict. As in that repository, a stage begins at the first block and wherever the width
/// changes; its first block halves the resolution, in the second convolution.
///
/// AdaFace's networks have the same names and a BatchNorm more in each block, behind its first convolution, so that the
/// layers after it count one further.
enum ImprovedResidual {
  static func plan(_ shapes: CheckpointShapes) -> NetworkPlan? {
    guard shapes.contains(prefix: "input_layer."), shapes.contains(prefix: "body.") else { return nil }
    let hasInnerNorm = shapes.contains(anyWith: ".res_layer.2.running_mean")
    let hasGate = shapes.contains(anyWith: ".res_layer.\(hasInnerNorm ? 6 : 5).fc")

    // That repository trained on images in OpenCV's channel order.
    var builder = PlanBuilder(.centred(channels: .bgr))
    var width =
      shapes.length(
        of: shapes.outputAxes("input_layer.0", "input_layer.1") + [TensorAxis("input_layer.2.weight")]) ?? 64
    builder.stem(
      .square3(width),
      PlannedConvolution(
        weights: "input_layer.0.weight", norm: "input_layer.1", slopes: "input_layer.2.weight"))
    var extent = 112
    var stages: [Stage] = []
    for index in 0..<shapes.childCount(of: "body") {
      let name = "body.\(index)"
      let outputs = shapes.length(of: outputAxes(name, hasInnerNorm: hasInnerNorm)) ?? width
      let beginsStage = index == 0 || outputs != width
      if beginsStage {
        stages.append(Stage(width: outputs, blocks: 0))
        extent = (extent + 1) / 2
      }
      stages[stages.count - 1].blocks += 1
      addBlock(
        name, inputs: width, outputs: outputs, stride: beginsStage ? 2 : 1, hasInnerNorm: hasInnerNorm,
        hasGate: hasGate, shapes, to: &builder)
      width = outputs
    }
    guard !stages.isEmpty else { return nil }

    let embeddingSize =
      shapes.length(
        of: [TensorAxis("output_layer.3.weight"), TensorAxis("output_layer.3.bias")]
          + shapes.normAxes("output_layer.4")) ?? 512
    return NetworkPlan(
      architecture: Stage.name(
        family: hasGate ? "ir_se" : "ir", stages,
        published: ["50": [3, 4, 14, 3], "100": [3, 13, 30, 3], "152": [3, 8, 36, 3]]),
      graph: builder.head(
        norm: "output_layer.0", Size(extent, extent), outputs: embeddingSize,
        PlannedConvolution(
          weights: "output_layer.3.weight", isConvolution: false, bias: "output_layer.3.bias", norm: "output_layer.4")))
  }

  /// The axes whose length is a block's output channels.
  private static func outputAxes(_ block: String, hasInnerNorm: Bool) -> [TensorAxis] {
    let layer = block + ".res_layer."
    let second = hasInnerNorm ? 4 : 3
    return [
      TensorAxis(layer + "1.weight"), TensorAxis(layer + "2.weight"), TensorAxis("\(layer)\(second).weight"),
      TensorAxis("\(layer)\(second).weight", 1),
    ] + ["weight", "bias", "running_mean", "running_var"].map { TensorAxis("\(layer)\(second + 1).\($0)") }
  }

  private static func addBlock(
    _ name: String, inputs: Int, outputs: Int, stride: Int, hasInnerNorm: Bool, hasGate: Bool,
    _ shapes: CheckpointShapes, to builder: inout PlanBuilder
  ) {
    let layer = name + ".res_layer."
    // Of the first PReLU: 0 is a BatchNorm and 1 the first convolution.
    let slopes = hasInnerNorm ? 3 : 2
    let gate = "\(layer)\(slopes + 3)."
    let hidden = shapes.length(of: [TensorAxis(gate + "fc1.weight"), TensorAxis(gate + "fc2.weight", 1)])
    builder.block(
      norm: layer + "0",
      [
        (
          .square3(outputs),
          PlannedConvolution(
            weights: layer + "1.weight", norm: hasInnerNorm ? layer + "2" : nil, slopes: "\(layer)\(slopes).weight")
        ),
        (
          .square3(outputs, stride: stride),
          PlannedConvolution(weights: "\(layer)\(slopes + 1).weight", norm: "\(layer)\(slopes + 2)")
        ),
      ],
      gate: hasGate ? (hidden ?? max(outputs / 16, 1), gate + "fc1.weight", gate + "fc2.weight") : nil,
      base: inputs == outputs
        ? .input(stride: stride)
        : .projection(
          .pointwise(outputs, stride: stride),
          PlannedConvolution(weights: name + ".shortcut_layer.0.weight", norm: name + ".shortcut_layer.1")))
  }
}
