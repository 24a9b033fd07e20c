extension Graph<FloatLayer> {
  /// Folds copies with an activation into the operation before: a convolution, a linear layer, an affine, an addition.
  /// An activation behind a maximum pool, an upsampling or a concatenation goes before it, where it means the same and
  /// an operation there can take it.
  package func foldingActivations() -> Graph {
    var editor = GraphEditor(self)
    for index in nodes.indices {
      guard case .copy(let activation) = editor.nodes[index].operation, activation != .none else { continue }
      let before = editor.nodes[index].inputs[0]
      guard editor.isRead(before, onlyBy: index), editor.canActivate(before, activation) else { continue }
      editor.activate(before, activation, slopes: editor.nodes[index].layer?.slopes)
      // Slopes hang on a name.
      if editor.nodes[before].layer != nil, editor.nodes[before].name.isEmpty {
        editor.nodes[before].name = editor.nodes[index].name
      }
      editor.redirect(index, to: before)
    }
    return editor.finished
  }
}

extension GraphEditor<FloatLayer> {
  /// Whether the operation that writes a value, or those before it, can apply an activation to it.
  fileprivate func canActivate(_ value: Int, _ activation: Activation) -> Bool {
    switch nodes[value].operation {
    case .convolution(let convolution), .transposedConvolution(let convolution), .linear(let convolution):
      return convolution.activation == .none
    case .affine(.none): return true
    case .add(let addition): return addition.activation == .none
    case .maxPool, .upsample, .concatenate:
      return activation.isMonotone
        && nodes[value].inputs.allSatisfy { isRead($0, onlyBy: value) && canActivate($0, activation) }
    default: return false
    }
  }

  fileprivate mutating func activate(_ value: Int, _ activation: Activation, slopes: [Float]?) {
    switch nodes[value].operation {
    case .convolution(var convolution):
      convolution.activation = activation
      nodes[value].operation = .convolution(convolution)
    case .transposedConvolution(var convolution):
      convolution.activation = activation
      nodes[value].operation = .transposedConvolution(convolution)
    case .linear(var linear):
      linear.activation = activation
      nodes[value].operation = .linear(linear)
    case .affine: nodes[value].operation = .affine(activation)
    case .add(var addition):
      addition.activation = activation
      nodes[value].operation = .add(addition)
      if let slopes { nodes[value].layer = .slopes(slopes) }
    default:
      for input in nodes[value].inputs { activate(input, activation, slopes: nil) }
      return
    }
    guard let slopes else { return }
    switch nodes[value].layer {
    case .convolution(let weights, let bias, _):
      nodes[value].layer = .convolution(weights: weights, bias: bias, slopes: slopes)
    case .affine(let scale, let shift, _): nodes[value].layer = .affine(scale: scale, shift: shift, slopes: slopes)
    default: break
    }
  }
}
