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
    var blocks = Bottlenecks(shapes, "conv1", "conv2_dw", last: Unit("conv_6_sep"), global: Unit("conv_6_dw"))
    for (transition, stage) in [("conv_23", "conv_3"), ("conv_34", "conv_4"), ("conv_45", "conv_5")] {
      blocks.append(Unit(transition + ".conv"), Unit(transition + ".conv_dw"), Unit(transition + ".project"), stride: 2)
      for index in 0..<shapes.childCount(of: stage + ".model") {
        let name = "\(stage).model.\(index)"
        blocks.append(Unit(name + ".conv"), Unit(name + ".conv_dw"), Unit(name + ".project"), stride: 1)
      }
    }
    return blocks.plan(
      PlannedConvolution(weights: "linear.weight", isConvolution: false, norm: "bn"),
      embeddingSize: shapes.length(of: shapes.outputAxes("linear", "bn")) ?? 512)
  }

  private static func xiaoccer(_ shapes: CheckpointShapes) -> NetworkPlan {
    var blocks = Bottlenecks(shapes, "conv1", "dw_conv1", last: Unit("conv2"), global: Unit("linear7"))
    // The repository's one table of bottlenecks: 5, 1, 6, 1 and 2 of them, the first, second and fourth group with
    // stride.
    let strided: Set = [0, 5, 12]
    for index in 0..<max(15, shapes.childCount(of: "blocks")) {
      let unit = { (layer: Int) in Unit(sequence: "blocks.\(index).conv", from: layer) }
      blocks.append(unit(0), unit(3), unit(6), stride: strided.contains(index) ? 2 : 1)
    }
    return blocks.plan(
      PlannedConvolution(weights: "linear1.conv.weight", norm: "linear1.bn"),
      embeddingSize: shapes.length(of: shapes.outputAxes("linear1.conv", "linear1.bn")) ?? 128)
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

  func plan(hasSlopes: Bool = true) -> PlannedConvolution {
    PlannedConvolution(weights: convolution, norm: norm, slopes: hasSlopes ? slopes : nil)
  }
}

/// The network so far, and its width.
private struct Bottlenecks {
  private let shapes: CheckpointShapes
  private let last: Unit
  private let global: Unit
  /// The kernel of the global depthwise convolution.
  private let kernel: Size
  private var width: Int
  private var builder: PlanBuilder

  init(_ shapes: CheckpointShapes, _ convolution: String, _ depthwise: String, last: Unit, global: Unit) {
    self.shapes = shapes
    self.last = last
    self.global = global
    kernel = Size(
      shapes.length(of: [TensorAxis(global.convolution, 2)]) ?? 7,
      shapes.length(of: [TensorAxis(global.convolution, 3)]) ?? 7)
    width = shapes.length(of: Unit(convolution).outputAxes(shapes)) ?? 64
    builder = PlanBuilder(
      .centred(height: 16 * kernel.height, width: 16 * kernel.width, channels: .rgb, divisor: 128))
    builder.stem(.square3(width, stride: 2), Unit(convolution).plan())
    builder.stem(.depthwise(width), Unit(depthwise).plan())
  }

  /// Widen, filter, narrow; the input is added where neither width nor resolution changes.
  mutating func append(_ expand: Unit, _ depthwise: Unit, _ project: Unit, stride: Int) {
    let hidden = shapes.length(of: expand.outputAxes(shapes) + depthwise.outputAxes(shapes)) ?? 2 * width
    let outputs = shapes.length(of: project.outputAxes(shapes)) ?? width
    builder.block(
      [
        (.pointwise(hidden), expand.plan()), (.depthwise(hidden, stride: stride), depthwise.plan()),
        (.pointwise(outputs), project.plan(hasSlopes: false)),
      ], base: stride == 1 && width == outputs ? .input(stride: 1) : .nothing)
    width = outputs
  }

  mutating func plan(_ linear: PlannedConvolution, embeddingSize: Int) -> NetworkPlan {
    let features = shapes.length(of: last.outputAxes(shapes) + global.outputAxes(shapes)) ?? 512
    builder.tail(.pointwise(features), last.plan())
    builder.tail(.depthwise(features, kernel: kernel, padding: 0), global.plan(hasSlopes: false))
    return NetworkPlan(
      architecture: "mobilefacenet", graph: builder.head(Size(1, 1), outputs: embeddingSize, linear))
  }
}
