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
    let stem = stem(shapes)
    let hasInnerNorm = shapes.contains(anyWith: ".res_layer.2.running_mean")
    let hasGate = shapes.contains(anyWith: ".res_layer.\(hasInnerNorm ? 6 : 5).fc")

    var extent = 112
    var width = stem.geometry.outputChannels
    var blocks: [BlockPlan] = []
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
      blocks.append(
        block(
          name, inputs: width, outputs: outputs, stride: beginsStage ? 2 : 1, hasInnerNorm: hasInnerNorm,
          hasGate: hasGate, shapes))
      width = outputs
    }
    guard !blocks.isEmpty else { return nil }

    let embeddingSize =
      shapes.length(
        of: [TensorAxis("output_layer.3.weight"), TensorAxis("output_layer.3.bias")]
          + shapes.normAxes("output_layer.4")) ?? 512
    return NetworkPlan(
      architecture: Stage.name(
        family: hasGate ? "ir_se" : "ir", stages,
        published: ["50": [3, 4, 14, 3], "100": [3, 13, 30, 3], "152": [3, 8, 36, 3]]),
      // That repository trained on images in OpenCV's channel order.
      input: InputFormat(channels: .bgr), stem: [stem], blocks: blocks,
      head: HeadPlan(
        input: "output_layer.0", inputHeight: extent, inputWidth: extent, inputChannels: width,
        weights: "output_layer.3.weight", bias: "output_layer.3.bias", norm: "output_layer.4",
        embeddingSize: embeddingSize))
  }

  private static func stem(_ shapes: CheckpointShapes) -> ConvolutionPlan {
    let width = shapes.length(
      of: shapes.outputAxes("input_layer.0", "input_layer.1") + [TensorAxis("input_layer.2.weight")])
    return ConvolutionPlan(
      geometry: .square3(3, width ?? 64), weights: "input_layer.0.weight", norm: "input_layer.1",
      slopes: "input_layer.2.weight")
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

  private static func block(
    _ name: String, inputs: Int, outputs: Int, stride: Int, hasInnerNorm: Bool, hasGate: Bool,
    _ shapes: CheckpointShapes
  ) -> BlockPlan {
    let layer = name + ".res_layer."
    // Of the first PReLU: 0 is a BatchNorm and 1 the first convolution.
    let slopes = hasInnerNorm ? 3 : 2
    let gate = "\(layer)\(slopes + 3)."
    let hidden = shapes.length(of: [TensorAxis(gate + "fc1.weight"), TensorAxis(gate + "fc2.weight", 1)])
    let shortcut: ShortcutPlan =
      if inputs != outputs {
        .convolution(
          ConvolutionPlan(
            geometry: .pointwise(inputs, outputs, stride: stride), weights: name + ".shortcut_layer.0.weight",
            norm: name + ".shortcut_layer.1"))
      } else if stride > 1 {
        .subsample(stride: stride)
      } else {
        .identity
      }
    return BlockPlan(
      input: layer + "0",
      body: [
        ConvolutionPlan(
          geometry: .square3(inputs, outputs), weights: layer + "1.weight", norm: hasInnerNorm ? layer + "2" : nil,
          slopes: "\(layer)\(slopes).weight"),
        ConvolutionPlan(
          geometry: .square3(outputs, outputs, stride: stride), weights: "\(layer)\(slopes + 1).weight",
          norm: "\(layer)\(slopes + 2)"),
      ],
      squeezeExcite: !hasGate
        ? nil
        : SqueezeExcitePlan(
          reduce: gate + "fc1.weight", expand: gate + "fc2.weight", channels: outputs,
          hidden: hidden ?? max(outputs / 16, 1)),
      shortcut: shortcut)
  }
}
