import FaceqSupport
import QuantRuntime

/// What a checkpoint's names and shapes say about its network: a graph with the names of tensors where the network has
/// numbers.
///
/// Recognising an architecture means making its plan; checking the tensors against a plan and building the network from
/// it are the same for all.
struct NetworkPlan {
  /// `ir_se50`, or `ir_se (8 blocks)` where no published network has this depth and these widths.
  var architecture: String
  /// Why the network is believed to want the input that the graph's image states.
  var contract: String
  var graph: Graph<PlannedLayer>

  /// The plan with an input that the user knows better.
  func reading(_ choice: PixelFormatChoice) throws(FaceqError) -> NetworkPlan {
    var plan = self
    plan.graph.nodes[0].operation = .image(try graph.image.choosing(choice))
    plan.contract = choice.reason(else: contract)
    return plan
  }
}

/// The tensors of a node.
struct PlannedLayer: Sendable {
  enum Tensors: Sendable {
    case convolution(PlannedConvolution)
    /// A BatchNorm.
    case norm(String)
    /// Squeeze-and-excitation: [hidden][channel][1][1] and [channel][hidden][1][1].
    case gate(reduce: String, expand: String)
  }

  var tensors: Tensors
  /// Channels of what the node reads.
  var inputs: Int
}

/// The tensors of a convolution or a linear layer.
struct PlannedConvolution: Sendable {
  /// [output channel][input channel of the group][kernel row][kernel column]; of a linear layer [component][channel ·
  /// row · column], or with `isConvolution` the same with two more axes of length 1.
  var weights: String
  var isConvolution = true
  var bias: String?
  /// The BatchNorm after it.
  var norm: String?
  /// Those of the PReLU after that.
  var slopes: String?
}

/// A tensor that a plan needs.
struct PlannedTensor {
  var name: String
  var shape: [Int]
  var isLearnable = true
  /// One number may stand for all.
  var mayBeSingle = false
  /// The tensor is there, or neither it nor this other one is.
  var companion: String?
}

extension NetworkPlan {
  /// Every tensor the network is built from, in the order of the data's flow.
  var tensors: [PlannedTensor] {
    graph.nodes.flatMap { node in node.layer.map { $0.planned(node.operation) } ?? [] }
  }
}

extension PlannedLayer {
  fileprivate func planned(_ operation: Operation) -> [PlannedTensor] {
    switch (tensors, operation) {
    case (.norm(let name), _): return Self.norm(name, channels: inputs)
    case (.gate(let reduce, let expand), .gate(let gate)):
      return [
        PlannedTensor(name: reduce, shape: [gate.hidden, inputs, 1, 1]),
        PlannedTensor(name: expand, shape: [inputs, gate.hidden, 1, 1]),
      ]
    case (.convolution(let layer), .convolution(let convolution)):
      let kernel = convolution.window.kernel
      let perOutput = inputs / convolution.grouping.count(inputs: inputs)
      return Self.planned(layer, convolution, shape: [convolution.outputs, perOutput, kernel.height, kernel.width])
    case (.convolution(let layer), .linear(let convolution)):
      let row = convolution.weightsPerOutput(inputs: inputs)
      return Self.planned(
        layer, convolution, shape: [convolution.outputs, row] + (layer.isConvolution ? [1, 1] : []))
    default: return []
    }
  }

  private static func planned(
    _ layer: PlannedConvolution, _ convolution: Convolution, shape: [Int]
  ) -> [PlannedTensor] {
    let outputs = convolution.outputs
    return [PlannedTensor(name: layer.weights, shape: shape)]
      + (layer.bias.map { [PlannedTensor(name: $0, shape: [outputs])] } ?? []) + norm(layer.norm, channels: outputs)
      + (layer.slopes.map { [PlannedTensor(name: $0, shape: [outputs], mayBeSingle: true)] } ?? [])
  }

  private static func norm(_ name: String?, channels: Int) -> [PlannedTensor] {
    guard let name else { return [] }
    return [
      // A BatchNorm without them (affine=False) neither scales nor shifts.
      PlannedTensor(name: name + ".weight", shape: [channels], companion: name + ".bias"),
      PlannedTensor(name: name + ".bias", shape: [channels], companion: name + ".weight"),
      PlannedTensor(name: name + ".running_mean", shape: [channels], isLearnable: false),
      PlannedTensor(name: name + ".running_var", shape: [channels], isLearnable: false),
    ]
  }
}
