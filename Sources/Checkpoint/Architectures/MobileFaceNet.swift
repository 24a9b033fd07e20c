import QuantRuntime

/// MobileFaceNet (Chen et al. 2018) under three sets of names: InsightFace_Pytorch's (`conv_23`, `conv_3.model.0`, …),
/// Xiaoccer/MobileFaceNet_Pytorch's (`blocks.0.conv`, …) and arcface_torch's (`layers.0.layers`, `conv_sep`, …). The
/// last, global depthwise convolution tells the input's size: its kernel is what sixteenfold downsampling leaves of it.
enum MobileFaceNet {
  static func plan(_ shapes: CheckpointShapes, _ size: Size?) -> NetworkPlan? {
    if shapes.contains(prefix: "conv_23."), shapes.contains(prefix: "conv_6_dw.") { return insightFace(shapes, size) }
    if shapes.contains(prefix: "dw_conv1."), shapes.contains(prefix: "linear7.") { return xiaoccer(shapes, size) }
    if shapes.contains(prefix: "layers.0.layers."), shapes.contains(prefix: "conv_sep.") {
      return arcFace(shapes, size)
    }
    return nil
  }

  private static func insightFace(_ shapes: CheckpointShapes, _ size: Size?) -> NetworkPlan {
    var blocks = Bottlenecks(shapes, size, .insightFacePyTorch, last: Unit("conv_6_sep"), global: Unit("conv_6_dw"))
    blocks.begin(Unit("conv1"))
    blocks.filter(Unit("conv2_dw"))
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

  private static func xiaoccer(_ shapes: CheckpointShapes, _ size: Size?) -> NetworkPlan {
    var blocks = Bottlenecks(shapes, size, .mobileFaceNetPyTorch, last: Unit("conv2"), global: Unit("linear7"))
    blocks.begin(Unit("conv1"))
    blocks.filter(Unit("dw_conv1"))
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

  private static func arcFace(_ shapes: CheckpointShapes, _ size: Size?) -> NetworkPlan {
    var blocks = Bottlenecks(
      shapes, size, .arcFaceTorch, last: Unit(sequence: "conv_sep.layers", from: 0),
      global: Unit(sequence: "features.layers.0.layers", from: 0))
    blocks.begin(Unit(sequence: "layers.0.layers", from: 0))
    func append(_ name: String, stride: Int) {
      let unit = { (layer: Int) in Unit(sequence: "\(name).layers.\(layer).layers", from: 0) }
      blocks.append(unit(0), unit(1), unit(2), stride: stride)
    }
    for index in 1..<max(8, shapes.childCount(of: "layers")) {
      let name = "layers.\(index)"
      if shapes.contains(prefix: "\(name).layers.0.layers.0.layers.") {
        for block in 0..<shapes.childCount(of: name + ".layers") { append("\(name).layers.\(block)", stride: 1) }
      } else if shapes.contains(prefix: "\(name).layers.0.layers.") {
        append(name, stride: 2)
      } else {
        blocks.filter(Unit(sequence: name + ".layers", from: 0))
      }
    }
    return blocks.plan(
      PlannedConvolution(weights: "features.layers.2.weight", isConvolution: false, norm: "features.layers.3"),
      embeddingSize: shapes.length(of: shapes.outputAxes("features.layers.2", "features.layers.3")) ?? 512)
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
  private let pipeline: TrainingPipeline
  private let last: Unit
  private let global: Unit
  /// The kernel of the global depthwise convolution.
  private let kernel: Size
  private var width = 64
  private var builder: PlanBuilder

  init(_ shapes: CheckpointShapes, _ size: Size?, _ pipeline: TrainingPipeline, last: Unit, global: Unit) {
    self.shapes = shapes
    self.pipeline = pipeline
    self.last = last
    self.global = global
    kernel = Size(
      shapes.length(of: [TensorAxis(global.convolution, 2)]) ?? 7,
      shapes.length(of: [TensorAxis(global.convolution, 3)]) ?? 7)
    builder = PlanBuilder(pipeline.pixels.image(size ?? Size(16 * kernel.height, 16 * kernel.width)))
  }

  mutating func begin(_ convolution: Unit) {
    width = shapes.length(of: convolution.outputAxes(shapes)) ?? width
    builder.stem(.square3(width, stride: 2), convolution.plan())
  }

  /// A convolution that keeps width and resolution, depthwise or of groups.
  mutating func filter(_ convolution: Unit) {
    var filter = Convolution.depthwise(width)
    let perGroup = shapes.length(of: [TensorAxis(convolution.convolution, 1)]) ?? 1
    if perGroup > 1, perGroup < width, width.isMultiple(of: perGroup) { filter.grouping = .groups(width / perGroup) }
    builder.stem(filter, convolution.plan())
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
      architecture: "mobilefacenet", contract: pipeline.reason,
      graph: builder.head(Size(1, 1), outputs: embeddingSize, linear))
  }
}
