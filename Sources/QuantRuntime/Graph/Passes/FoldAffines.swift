import FaceqSupport

extension Graph<FloatLayer> {
  /// Folds affines (BatchNorms, multiplications by numbers) into what stands before them: the image's format, a
  /// convolution or linear layer without activation, or another affine. The operation before takes over the affine's
  /// activation.
  package func foldingAffines() -> Graph {
    var editor = GraphEditor(self)
    for index in nodes.indices {
      guard case .affine(let activation) = editor.nodes[index].operation,
        case .affine(let scale, let shift, let slopes) = editor.nodes[index].layer
      else { continue }
      let before = editor.nodes[index].inputs[0]
      guard editor.isRead(before, onlyBy: index),
        let folded = editor.nodes[before].followed(by: scale, shift, activation, slopes: slopes)
      else { continue }
      editor.nodes[before] = folded
      editor.redirect(index, to: before)
    }
    return editor.finished
  }

  /// Folds affines without activation into all that read them, where these are convolutions without padding or linear
  /// layers: padding zeros would have to be other numbers. An affine that reads a sum stays, because in a quantised
  /// network something has to convert the sum, and the affine costs nothing there.
  package func foldingAffinesForward() throws(FaceqError) -> Graph {
    let shapes = try shapes()
    var editor = GraphEditor(self)
    for index in nodes.indices {
      guard case .affine(.none) = editor.nodes[index].operation,
        case .affine(let scale, let shift, _) = editor.nodes[index].layer
      else { continue }
      let before = editor.nodes[index].inputs[0]
      if case .add = editor.nodes[before].operation { continue }
      let readers = editor.readers[index]
      guard before > 0, editor.isRead(before, onlyBy: index), !readers.isEmpty,
        readers.allSatisfy({ $0 < nodes.count && editor.nodes[$0].operation.isUnpaddedConvolution(shift) })
      else { continue }
      for reader in readers {
        editor.nodes[reader].precede(by: scale, shift, inputs: shapes[index].channels)
      }
      editor.redirect(index, to: before)
    }
    return editor.finished
  }
}

extension Operation {
  fileprivate func isUnpaddedConvolution(_ shift: [Float]) -> Bool {
    switch self {
    case .convolution(let convolution), .linear(let convolution):
      convolution.window.padding.isEmpty || shift.allSatisfy { $0 == 0 }
    default: false
    }
  }
}

extension Node<FloatLayer> {
  /// The node with an affine behind it, where that is one operation.
  fileprivate func followed(
    by scale: [Float], _ shift: [Float], _ activation: Activation, slopes: [Float]?
  ) -> Node? {
    var node = self
    switch (operation, layer) {
    case (.image(let format), _):
      guard activation == .none, let format = format.followed(by: scale, shift) else { return nil }
      node.operation = .image(format)
    case (.convolution(var convolution), .convolution(let weights, let bias, _)) where convolution.activation == .none:
      convolution.activation = activation
      node.operation = .convolution(convolution)
      node.layer = .convolution(weights, bias, followedBy: scale, shift, slopes)
    case (.transposedConvolution(var convolution), .convolution(let weights, let bias, _))
    where convolution.activation == .none:
      convolution.activation = activation
      node.operation = .transposedConvolution(convolution)
      node.layer = .convolution(weights, bias, followedBy: scale, shift, slopes)
    case (.linear(var linear), .convolution(let weights, let bias, _)) where linear.activation == .none:
      linear.activation = activation
      node.operation = .linear(linear)
      node.layer = .convolution(weights, bias, followedBy: scale, shift, slopes)
    case (.affine(.none), .affine(let first, let firstShift, _)):
      node.operation = .affine(activation)
      node.layer = .affine(
        scale: zip(first, scale).map { $0 * $1 },
        shift: firstShift.indices.map { firstShift[$0] * scale[$0] + shift[$0] }, slopes: slopes)
    default: return nil
    }
    return node
  }

  /// Takes in an affine before this convolution.
  fileprivate mutating func precede(by scale: [Float], _ shift: [Float], inputs: Int) {
    guard case .convolution(var weights, var bias, let slopes) = layer else { return }
    let convolution: Convolution
    switch operation {
    case .convolution(let content), .linear(let content): convolution = content
    default: return
    }
    let groups = convolution.grouping.count(inputs: inputs)
    let (groupInputs, groupOutputs) = (inputs / groups, convolution.outputs / groups)
    let perOutput = convolution.weightsPerOutput(inputs: inputs)
    for output in 0..<convolution.outputs {
      var sum = Double(bias[output])
      for index in 0..<perOutput {
        let input = output / groupOutputs * groupInputs + index % groupInputs
        let weight = weights[output * perOutput + index]
        sum += Double(weight) * Double(shift[input])
        weights[output * perOutput + index] = weight * scale[input]
      }
      bias[output] = Float(sum)
    }
    layer = .convolution(weights: weights, bias: bias, slopes: slopes)
  }
}

extension FloatLayer {
  /// A convolution's layer with an affine behind it.
  fileprivate static func convolution(
    _ weights: [Float], _ bias: [Float], followedBy scale: [Float], _ shift: [Float], _ slopes: [Float]?
  ) -> FloatLayer {
    let perOutput = weights.count / bias.count
    return .convolution(
      weights: weights.indices.map { weights[$0] * scale[$0 / perOutput] },
      bias: bias.indices.map { bias[$0] * scale[$0] + shift[$0] }, slopes: slopes)
  }
}

extension ImageFormat {
  /// (x − m) / d · s + t is (x − (m − t · d / s)) / (d / s).
  fileprivate func followed(by scale: [Float], _ shift: [Float]) -> ImageFormat? {
    guard scale.allSatisfy({ $0 > 0 }) else { return nil }
    var format = self
    for channel in 0..<3 {
      let deviation = Double(deviation[channel]) / Double(scale[channel])
      format.mean[channel] = Float(Double(mean[channel]) - Double(shift[channel]) * deviation)
      format.deviation[channel] = Float(deviation)
    }
    return format.hasUsableNumbers ? format : nil
  }
}
