import FaceqSupport

extension Graph {
  /// The graph as text, one line for each node and one for the outputs: what model files store and tests are written
  /// in. `init(listing:)` reads it back.
  ///
  ///     %0 = image 112×112 rgb (x − 127.5) / 127.5
  ///     %1 = convolution %0 → 64, 3×3, padding 1, prelu            stem.0
  ///     outputs %1
  package var listing: String { listing { _ in "" } }

  /// As `listing`, with a comment at the end of each line that `comment` has one for.
  package func listing(comment: (_ index: Int) -> String) -> String {
    var text = ""
    for (index, node) in nodes.enumerated() {
      var line = Line("%\(index) = \(node.operation.text(node.inputs))")
      line.append(node.name, column: 60)
      let remark = comment(index)
      if !remark.isEmpty { line.append("# \(remark)", column: 90) }
      text += line.text + "\n"
    }
    return text + "outputs \(valueList(outputs))\n"
  }
}

/// Text in columns, of which the later ones begin at least two spaces after the earlier.
private struct Line {
  var text: String
  private var width: Int

  init(_ text: String) {
    self.text = text
    width = characters(text)
  }

  mutating func append(_ part: String, column: Int) {
    guard !part.isEmpty else { return }
    let spaces = max(2, column - width)
    text += String(repeating: " ", count: spaces) + part
    width += spaces + characters(part)
  }
}

/// Code points: the text is in no script where that is not what one counts as columns.
private func characters(_ text: String) -> Int { text.utf8.count { $0 & 0xC0 != 0x80 } }

private func valueList(_ values: [Int]) -> String {
  var text = ""
  for value in values { text += text.isEmpty ? "%\(value)" : ", %\(value)" }
  return text
}

extension Operation {
  /// The word that a line of the listing begins with.
  package var word: String {
    switch self {
    case .image: "image"
    case .convolution: "convolution"
    case .transposedConvolution: "transposed convolution"
    case .linear: "linear"
    case .affine: "affine"
    case .copy: "copy"
    case .add: "add"
    case .multiply: "multiply"
    case .gate: "gate"
    case .maxPool: "max pool"
    case .averagePool: "average pool"
    case .globalAverage: "global average"
    case .upsample: "upsample"
    case .concatenate: "concatenate"
    case .slice: "slice"
    case .depthToSpace: "depth to space"
    case .sigmoid: "sigmoid"
    case .softmax: "softmax"
    case .normalise: "normalise"
    }
  }

  fileprivate func text(_ inputs: [Int]) -> String {
    let start = inputs.isEmpty ? word : "\(word) \(valueList(inputs))"
    return switch self {
    case .image(let format): "\(word) \(format.height)×\(format.width) \(format.channels.rawValue)\(format.formula)"
    case .convolution(let convolution), .transposedConvolution(let convolution), .linear(let convolution):
      "\(start) → \(convolution.outputs), \(convolution.window.text)\(convolution.grouping.text)"
        + convolution.activation.text
    case .affine(let activation), .copy(let activation): start + activation.text
    case .add(let addition):
      "\(word) \(addition.base.text)%\(inputs[0]), \(addition.branch.text)%\(inputs[1])"
        + (addition.isGated ? " · %\(inputs[2])" : "") + addition.activation.text
    case .gate(let gate): "\(start), hidden \(gate.hidden)\(gate.hasBiases ? ", biases" : "")"
    case .maxPool(let pool), .averagePool(let pool):
      "\(start), \(pool.window.text)\(pool.isCeil ? ", ceil" : "")\(pool.countsPadding ? ", padding counts" : "")"
    case .slice(let first, let count): "\(start) → \(count), from \(first)"
    case .depthToSpace(let rearrangement):
      "\(start), \(rearrangement.factor)×\(rearrangement.factor)"
        + (rearrangement.crop == 0 ? "" : ", crop \(rearrangement.crop)")
    case .multiply, .globalAverage, .upsample, .concatenate, .sigmoid, .softmax, .normalise: start
    }
  }
}

extension Window {
  fileprivate var text: String {
    var text = kernel.text
    if stride != Size(1, 1) {
      text += stride.height == stride.width ? ", stride \(stride.height)" : ", stride \(stride.text)"
    }
    if !padding.isEmpty {
      text +=
        padding == Padding(padding.top)
        ? ", padding \(padding.top)"
        : ", padding \(padding.top) \(padding.left) \(padding.bottom) \(padding.right)"
    }
    return text
  }
}

extension Grouping {
  fileprivate var text: String {
    switch self {
    case .dense: ""
    case .depthwise: ", depthwise"
    case .groups(let count): ", groups \(count)"
    }
  }
}

extension Activation {
  fileprivate var text: String {
    switch self {
    case .none: ""
    case .relu: ", relu"
    case .leaky(let slope): ", leaky \(shortest(slope))"
    case .prelu: ", prelu"
    case .clamp(let low, let high): ", clamp \(shortest(low))…\(shortest(high))"
    }
  }
}

extension Resampling {
  fileprivate var text: String {
    switch self {
    case .none: ""
    case .subsample(let stride): "subsample \(stride) "
    case .upsample: "upsample "
    }
  }
}

extension ImageFormat {
  /// How the network sees a pixel x; nothing where it is as it is.
  fileprivate var formula: String {
    let isCentred = mean != [0, 0, 0]
    let isScaled = deviation != [1, 1, 1]
    return switch (isCentred, isScaled) {
    case (false, false): ""
    case (true, false): " x − \(numbers(mean))"
    case (false, true): " x / \(numbers(deviation))"
    case (true, true): " (x − \(numbers(mean))) / \(numbers(deviation))"
    }
  }

  /// One number where all three are equal, or [a, b, c].
  private func numbers(_ values: [Float]) -> String {
    values == [values[0], values[0], values[0]]
      ? shortest(values[0]) : "[\(shortest(values[0])), \(shortest(values[1])), \(shortest(values[2]))]"
  }
}

/// As few digits as identify the number.
func shortest(_ value: Float) -> String {
  for digits in 1..<9 {
    let text = formatSignificant(Double(value), digits: digits)
    if parsedFloat(Array(text.utf8)) == value { return text }
  }
  return formatSignificant(Double(value), digits: 9)
}
