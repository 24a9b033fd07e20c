import QuantRuntime

/// MobileFaceNet (Chen et al. 2018) under two sets of names: InsightFace_Pytorch's (`conv_23`, `conv_3.model.0`, …) and
/// Xiaoccer/MobileFaceNet_Pytorch's (`blocks.0.conv`, …). The last, global depthwise convolution tells the input's
/// size: its kernel is what sixteenfold downsampling leaves of it.
enum MobileFaceNet {
  static func plan(_ shapes: CheckpointShapes) -> NetworkPlan? {
    if shapes.contains(prefix: "conv_23."), shapes.contains(prefix: "conv_6_dw.") { return insightFace(shapes) }
    if shapes.contains(prefix: "dw_conv1."), shapes.contains(prefix: "linear7.") { return xiaoccer(shapes) }
    return nil
  }

  private static func insightFace(_ shapes: CheckpointShapes) -> NetworkPlan {
    var blocks = Blocks(shapes: shapes, width: shapes.length(of: Unit("conv1").outputAxes(shapes)) ?? 64)
    let stem = blocks.stem("conv1", "conv2_dw")
    for (transition, stage) in [("conv_23", "conv_3"), ("conv_34", "conv_4"), ("conv_45", "conv_5")] {
      blocks.append(Unit(transition + ".conv"), Unit(transition + ".conv_dw"), Unit(transition + ".project"), stride: 2)
      for index in 0..<shapes.childCount(of: stage + ".model") {
        let name = "\(stage).model.\(index)"
        blocks.append(Unit(name + ".conv"), Unit(name + ".conv_dw"), Unit(name + ".project"), stride: 1)
      }
    }
    return blocks.plan(stem: stem, last: Unit("conv_6_sep"), global: Unit("conv_6_dw")) { width in
      HeadPlan(
        inputHeight: 1, inputWidth: 1, inputChannels: width, weights: "linear.weight", norm: "bn",
        embeddingSize: shapes.length(of: shapes.outputAxes("linear", "bn")) ?? 512)
    }
  }

  private static func xiaoccer(_ shapes: CheckpointShapes) -> NetworkPlan {
    var blocks = Blocks(shapes: shapes, width: shapes.length(of: Unit("conv1").outputAxes(shapes)) ?? 64)
    let stem = blocks.stem("conv1", "dw_conv1")
    // The repository's one table of bottlenecks: 5, 1, 6, 1 and 2 of them, the first, second and fourth group with
    // stride.
    let strided: Set = [0, 5, 12]
    for index in 0..<max(15, shapes.childCount(of: "blocks")) {
      let unit = { (layer: Int) in Unit(sequence: "blocks.\(index).conv", from: layer) }
      blocks.append(unit(0), unit(3), unit(6), stride: strided.contains(index) ? 2 : 1)
    }
    return blocks.plan(stem: stem, last: Unit("conv2"), global: Unit("linear7")) { width in
      HeadPlan(
        inputHeight: 1, inputWidth: 1, inputChannels: width, weights: "linear1.conv.weight", isConvolution: true,
        norm: "linear1.bn",
        embeddingSize: shapes.length(of: shapes.outputAxes("linear1.conv", "linear1.bn")) ?? 128)
    }
  }
}

/// The names of a convolution, its BatchNorm and its PReLU.
private struct Unit {
  var convolution: String
  var norm: String
  var slopes: String

  /// `name.conv`, `name.bn`, `name.prelu`
  init(_ name: String) {
    convolution = name + ".conv.weight"
    norm = name + ".bn"
    slopes = name + ".prelu.weight"
  }

  /// Consecutive members of a `Sequential`.
  init(sequence: String, from layer: Int) {
    convolution = "\(sequence).\(layer).weight"
    norm = "\(sequence).\(layer + 1)"
    slopes = "\(sequence).\(layer + 2).weight"
  }

  /// Those whose length is the number of output channels.
  func outputAxes(_ shapes: CheckpointShapes) -> [TensorAxis] { [TensorAxis(convolution)] + shapes.normAxes(norm) }

  func plan(_ geometry: ConvolutionGeometry, hasSlopes: Bool = true) -> ConvolutionPlan {
    ConvolutionPlan(geometry: geometry, weights: convolution, norm: norm, slopes: hasSlopes ? slopes : nil)
  }
}

/// The bottlenecks so far, and the width behind them.
private struct Blocks {
  let shapes: CheckpointShapes
  var width: Int
  var blocks: [BlockPlan] = []

  func stem(_ convolution: String, _ depthwise: String) -> [ConvolutionPlan] {
    [Unit(convolution).plan(.square3(3, width, stride: 2)), Unit(depthwise).plan(.depthwise(width))]
  }

  /// Widen, filter, narrow; the input is added where neither width nor resolution changes.
  mutating func append(_ expand: Unit, _ depthwise: Unit, _ project: Unit, stride: Int) {
    let hidden = shapes.length(of: expand.outputAxes(shapes) + depthwise.outputAxes(shapes)) ?? 2 * width
    let outputs = shapes.length(of: project.outputAxes(shapes)) ?? width
    blocks.append(
      BlockPlan(
        body: [
          expand.plan(.pointwise(width, hidden)), depthwise.plan(.depthwise(hidden, stride: stride)),
          project.plan(.pointwise(hidden, outputs), hasSlopes: false),
        ],
        shortcut: stride == 1 && width == outputs ? .identity : .none))
    width = outputs
  }

  func plan(
    stem: [ConvolutionPlan], last: Unit, global: Unit, head: (_ width: Int) -> HeadPlan
  ) -> NetworkPlan {
    let features = shapes.length(of: last.outputAxes(shapes) + global.outputAxes(shapes)) ?? 512
    let height = shapes.length(of: [TensorAxis(global.convolution, 2)]) ?? 7
    let kernelWidth = shapes.length(of: [TensorAxis(global.convolution, 3)]) ?? 7
    return NetworkPlan(
      architecture: "mobilefacenet",
      input: InputFormat(height: 16 * height, width: 16 * kernelWidth, channels: .rgb, divisor: 128), stem: stem,
      blocks: blocks,
      tail: [
        last.plan(.pointwise(width, features)),
        global.plan(
          .depthwise(features, kernelHeight: height, kernelWidth: kernelWidth, padding: 0), hasSlopes: false),
      ],
      head: head(features))
  }
}
