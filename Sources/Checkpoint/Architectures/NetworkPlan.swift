import QuantRuntime

/// What a checkpoint's names and shapes say about its network: `Network` with the names of tensors where it has
/// weights.
///
/// Recognising an architecture means making its plan; checking the tensors against a plan and building the network from
/// it are the same for all.
struct NetworkPlan {
  /// `ir_se50`, or `ir_se (8 blocks)` where no published network has this depth and these widths.
  var architecture: String
  var input: InputFormat
  var stem: [ConvolutionPlan]
  var blocks: [BlockPlan]
  var tail: [ConvolutionPlan] = []
  var head: HeadPlan
}

struct ConvolutionPlan {
  var geometry: ConvolutionGeometry
  /// [output channel][input channel of the group][kernel row][kernel column]
  var weights: String
  /// The BatchNorm behind it.
  var norm: String?
  /// PReLU's, behind that.
  var slopes: String?
}

struct SqueezeExcitePlan {
  /// [hidden][channel][1][1]
  var reduce: String
  /// [channel][hidden][1][1]
  var expand: String
  var channels: Int
  var hidden: Int
}

enum ShortcutPlan {
  case none
  case identity
  case subsample(stride: Int)
  case convolution(ConvolutionPlan)
}

struct BlockPlan {
  /// The BatchNorm in front.
  var input: String?
  var body: [ConvolutionPlan]
  var squeezeExcite: SqueezeExcitePlan?
  var shortcut: ShortcutPlan
}

struct HeadPlan {
  /// The BatchNorm in front.
  var input: String?
  var inputHeight: Int
  var inputWidth: Int
  var inputChannels: Int
  /// [embedding component][channel · row · column], or with `isConvolution` the same with two more axes of length 1.
  var weights: String
  var isConvolution = false
  var bias: String?
  /// The BatchNorm behind the linear layer.
  var norm: String
  var embeddingSize: Int
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

// MARK: - The tensors of a plan

extension NetworkPlan {
  /// Every tensor the network is built from, in the order of the data's flow.
  var tensors: [PlannedTensor] {
    stem.flatMap(\.tensors) + blocks.flatMap(\.tensors) + tail.flatMap(\.tensors) + head.tensors
  }

  fileprivate static func norm(_ name: String?, channels: Int) -> [PlannedTensor] {
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

extension ConvolutionPlan {
  var tensors: [PlannedTensor] {
    let outputs = geometry.outputChannels
    let shape = [outputs, geometry.inputChannels / geometry.groups, geometry.kernelHeight, geometry.kernelWidth]
    return [PlannedTensor(name: weights, shape: shape)] + NetworkPlan.norm(norm, channels: outputs)
      + (slopes.map { [PlannedTensor(name: $0, shape: [outputs], mayBeSingle: true)] } ?? [])
  }
}

extension BlockPlan {
  var tensors: [PlannedTensor] {
    var tensors: [PlannedTensor] = []
    if case .convolution(let convolution) = shortcut { tensors += convolution.tensors }
    tensors += NetworkPlan.norm(input, channels: body[0].geometry.inputChannels)
    tensors += body.flatMap(\.tensors)
    if let gate = squeezeExcite {
      tensors.append(PlannedTensor(name: gate.reduce, shape: [gate.hidden, gate.channels, 1, 1]))
      tensors.append(PlannedTensor(name: gate.expand, shape: [gate.channels, gate.hidden, 1, 1]))
    }
    return tensors
  }
}

extension HeadPlan {
  var tensors: [PlannedTensor] {
    let inputs = inputChannels * inputHeight * inputWidth
    return NetworkPlan.norm(input, channels: inputChannels)
      + [PlannedTensor(name: weights, shape: [embeddingSize, inputs] + (isConvolution ? [1, 1] : []))]
      + (bias.map { [PlannedTensor(name: $0, shape: [embeddingSize])] } ?? [])
      + NetworkPlan.norm(norm, channels: embeddingSize)
  }
}
