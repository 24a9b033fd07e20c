import FaceqSupport

extension Graph {
  /// Reads a graph from its listing; its nodes have no layers yet.
  ///
  /// Besides the signs that `listing` writes, `->`, `x`, `/`, `*`, `-` and `..` or `...` are read for →, ×, ÷, ·, − and
  /// …. Empty lines, and what follows two spaces and a #, are skipped. A name stands after at least two spaces.
  ///
  /// - Throws: what is wrong with which line, or which node does not fit what it reads.
  package init(listing text: String) throws(FaceqError) {
    let bytes = Array(text.utf8)
    guard bytes.count <= 1 << 22 else { throw FaceqError("a listing of \(bytes.count) bytes is too long") }
    var reader = ListingReader<Layer>()
    var start = 0
    var line = 1
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      try reader.read(bytes[start..<end], line: line)
      start = end + 1
      line += 1
    }
    guard let outputs = reader.outputs else { throw FaceqError("line \(line) of the graph: the outputs are missing") }
    self.init(nodes: reader.nodes, outputs: outputs)
    _ = try shapes()
  }
}

private struct ListingReader<Layer: Sendable> {
  var nodes: [Node<Layer>] = []
  var outputs: [Int]?
  private var names: Set<String> = []

  mutating func read(_ bytes: ArraySlice<UInt8>, line: Int) throws(FaceqError) {
    let parts = columns(bytes)
    guard let statement = parts.first else { return }
    var scanner = ListingScanner(statement, line: line)
    guard outputs == nil else { throw FaceqError("line \(line) of the graph: the outputs are the last line") }
    if scanner.accept("outputs") {
      var values: [Int] = []
      repeat {
        values.append(try scanner.value(before: nodes.count))
        guard values.count <= GraphLimits.nodes else { throw scanner.failure(expected: "the end of the line") }
      } while scanner.accept(",")
      outputs = values
      guard scanner.isAtEnd, parts.count == 1 else { throw scanner.failure(expected: "the end of the line") }
      return
    }
    guard nodes.count < GraphLimits.nodes else { throw FaceqError("the graph has too many nodes") }
    guard scanner.accept("%\(nodes.count)"), scanner.accept("=") else {
      throw scanner.failure(expected: "\"%\(nodes.count) =\"")
    }
    let (operation, inputs) = try scanner.operation(before: nodes.count)
    guard scanner.isAtEnd else { throw scanner.failure(expected: "a comma, or two spaces and the name,") }
    guard parts.count <= 2 else { throw FaceqError("line \(line) of the graph has more than a name at its end") }
    let name = parts.count == 2 ? String(decoding: parts[1], as: UTF8.self) : ""
    guard name.utf8.count <= 200, name.utf8.elementsEqual(parts.count == 2 ? parts[1] : []),
      !name.unicodeScalars.contains(where: { isUnsafe($0) })
    else { throw FaceqError("line \(line) of the graph: the name is no text of up to 200 bytes") }
    guard name.isEmpty || names.insert(name).inserted else {
      throw FaceqError("line \(line) of the graph: an earlier node is called \"\(name)\", too")
    }
    nodes.append(Node(name, operation, inputs: inputs))
  }

  /// What at least two spaces separate, up to what begins with a #.
  private func columns(_ line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var columns: [ArraySlice<UInt8>] = []
    var start: Int?
    var spaces = 2
    for index in line.indices {
      // Files from Windows end a line with a carriage return, too.
      let isSpace = line[index] == UInt8(ascii: " ") || (line[index] == 13 && index + 1 == line.endIndex)
      spaces = isSpace ? spaces + 1 : line[index] == 9 ? 2 : 0
      if spaces == 0, start == nil {
        if line[index] == UInt8(ascii: "#") { return columns }
        start = index
      } else if spaces >= 2, let first = start {
        columns.append(trimmed(line[first..<index]))
        start = nil
      }
    }
    if let start { columns.append(trimmed(line[start...])) }
    return columns
  }

  private func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var bytes = bytes
    while let last = bytes.last, last == UInt8(ascii: " ") || last == 13 || last == 9 { bytes.removeLast() }
    return bytes
  }
}

extension ListingScanner {
  /// An operation and the values that it reads, up to the end of the line.
  fileprivate mutating func operation(before count: Int) throws(FaceqError) -> (Operation, [Int]) {
    if accept("image") { return (.image(try imageFormat()), []) }
    if accept("convolution") {
      let (input, convolution) = try convolution(before: count)
      return (.convolution(convolution), [input])
    }
    if accept("transposed convolution") {
      let (input, convolution) = try convolution(before: count)
      return (.transposedConvolution(convolution), [input])
    }
    if accept("linear") {
      let (input, convolution) = try convolution(before: count)
      return (.linear(convolution), [input])
    }
    if accept("add") { return try addition(before: count) }
    let kind = try otherKind()
    var inputs = [try value(before: count)]
    switch kind {
    case .affine: return (.affine(try lastActivation()), inputs)
    case .copy: return (.copy(try lastActivation()), inputs)
    case .gate:
      try expect(",", as: "a comma")
      try expect("hidden", as: "\"hidden\" and a number")
      let hidden = try number(1...GraphLimits.hidden, "the number of hidden values")
      return (.gate(ChannelGate(hidden: hidden, hasBiases: accept(", biases", ",biases"))), inputs)
    case .maxPool: return (.maxPool(try pool(isAverage: false)), inputs)
    case .averagePool: return (.averagePool(try pool(isAverage: true)), inputs)
    case .slice:
      try expect("→", "->", as: "→")
      let channels = try number(1...GraphLimits.channels, "the number of channels")
      try expect(",", as: "a comma")
      try expect("from", as: "\"from\" and a number")
      return (.slice(first: try number(0...GraphLimits.channels, "the first channel"), count: channels), inputs)
    case .depthToSpace:
      try expect(",", as: "a comma")
      let factor = try size(1...GraphLimits.stride, "the factors")
      guard factor.height == factor.width else {
        throw failure(expected: "a factor that is the same in both directions")
      }
      let isCropped = accept(", crop", ",crop")
      let crop = isCropped ? try number(1...GraphLimits.padding, "the pixels to crop") : 0
      return (.depthToSpace(DepthToSpace(factor: factor.height, crop: crop)), inputs)
    case .concatenate, .multiply, .globalAverage, .upsample, .sigmoid, .softmax, .normalise:
      while accept(",") { inputs.append(try value(before: count)) }
      guard kind.accepts(inputs: inputs.count) else { throw failure(expected: "another number of values") }
      return (kind, inputs)
    case .image, .convolution, .transposedConvolution, .linear, .add: preconditionFailure("read above")
    }
  }

  /// The operation, without its numbers, of those that begin with their values.
  private mutating func otherKind() throws(FaceqError) -> Operation {
    let pool = Pool(Window(Size(1, 1)))
    let kinds: [Operation] = [
      .affine(.none), .copy(.none), .multiply, .gate(ChannelGate(hidden: 1)), .maxPool(pool), .averagePool(pool),
      .globalAverage, .upsample, .concatenate, .slice(first: 0, count: 1), .depthToSpace(DepthToSpace(factor: 1)),
      .sigmoid, .softmax, .normalise,
    ]
    for kind in kinds where accept(kind.word) { return kind }
    throw failure(expected: "an operation")
  }

  private mutating func imageFormat() throws(FaceqError) -> ImageFormat {
    let size = try size(1...GraphLimits.pictureSide, "a size such as 112×112")
    let channels: ImageFormat.ChannelOrder
    if accept("rgb") {
      channels = .rgb
    } else if accept("bgr") {
      channels = .bgr
    } else {
      throw failure(expected: "rgb or bgr")
    }
    var format = ImageFormat(height: size.height, width: size.width, channels: channels)
    guard !isAtEnd else { return format }
    let isBracketed = accept("(")
    try expect("x", as: "x, the pixel's value,")
    if accept("-", "−") {
      format.mean = try perChannel("a mean")
    } else if isBracketed {
      throw failure(expected: "−")
    }
    if isBracketed { try expect(")", as: "a closing bracket") }
    if accept("/", "÷") { format.deviation = try perChannel("a standard deviation") }
    guard format.hasUsableNumbers else {
      throw failure(expected: "positive deviations, and means of up to 65536")
    }
    return format
  }

  /// One number for all three channels, or [a, b, c].
  private mutating func perChannel(_ name: String) throws(FaceqError) -> [Float] {
    guard accept("[") else {
      let value = try float(name)
      return [value, value, value]
    }
    var values: [Float] = []
    for end in [",", ",", "]"] {
      values.append(try float(name))
      try expect(end, as: "\"\(end)\"")
    }
    return values
  }

  private mutating func convolution(before count: Int) throws(FaceqError) -> (Int, Convolution) {
    let input = try value(before: count)
    try expect("→", "->", as: "→")
    let outputs = try number(1...GraphLimits.channels, "the number of channels")
    try expect(",", as: "a comma")
    var attributes = WindowAttributes(Window(try size(1...GraphLimits.kernel, "a kernel such as 3×3")))
    var convolution = Convolution(outputs: outputs, attributes.window)
    var (isGrouped, isActivated) = (false, false)
    while accept(",") {
      if try attributes.accept(&self) { continue }
      if !isGrouped, accept("depthwise") {
        convolution.grouping = .depthwise
        isGrouped = true
      } else if !isGrouped, accept("groups") {
        convolution.grouping = .groups(try number(2...GraphLimits.channels, "the number of groups"))
        isGrouped = true
      } else if !isActivated, let activation = try activation() {
        convolution.activation = activation
        isActivated = true
      } else {
        throw failure(expected: "stride, padding, depthwise, groups or an activation, each once,")
      }
    }
    convolution.window = attributes.window
    return (input, convolution)
  }

  private mutating func addition(before count: Int) throws(FaceqError) -> (Operation, [Int]) {
    var addition = Addition()
    addition.base = try resampling()
    var inputs = [try value(before: count)]
    try expect(",", as: "a comma")
    addition.branch = try resampling()
    inputs.append(try value(before: count))
    if accept("·", "*") {
      inputs.append(try value(before: count))
      addition.isGated = true
    }
    addition.activation = try lastActivation()
    return (.add(addition), inputs)
  }

  private mutating func resampling() throws(FaceqError) -> Resampling {
    if accept("subsample") { return .subsample(try number(1...GraphLimits.stride, "a stride")) }
    return accept("upsample") ? .upsample : .none
  }

  private mutating func pool(isAverage: Bool) throws(FaceqError) -> Pool {
    try expect(",", as: "a comma")
    var attributes = WindowAttributes(Window(try size(1...GraphLimits.kernel, "a kernel such as 3×3")))
    var pool = Pool(attributes.window)
    while accept(",") {
      if !pool.isCeil, accept("ceil") {
        pool.isCeil = true
      } else if isAverage, !pool.countsPadding, accept("padding counts") {
        pool.countsPadding = true
      } else if !(try attributes.accept(&self)) {
        throw failure(expected: "stride, padding or ceil, each once,")
      }
    }
    pool.window = attributes.window
    return pool
  }

  /// Nothing more, or a comma and an activation.
  private mutating func lastActivation() throws(FaceqError) -> Activation {
    guard accept(",") else { return .none }
    guard let activation = try activation() else { throw failure(expected: "relu, leaky, prelu or clamp") }
    return activation
  }

  private mutating func activation() throws(FaceqError) -> Activation? {
    if accept("relu") { return .relu }
    if accept("prelu") { return .prelu }
    if accept("leaky") { return .leaky(try float("a slope")) }
    guard accept("clamp") else { return nil }
    let low = try float("a lower bound")
    try expect("…", "...", "..", as: "…")
    let high = try float("an upper bound")
    guard low < high else { throw failure(expected: "an upper bound above the lower one") }
    return .clamp(low, high)
  }

  fileprivate mutating func size(_ range: ClosedRange<Int>, _ name: String) throws(FaceqError) -> Size {
    let height = try number(range, name)
    try expect("×", "x", as: "×")
    return Size(height, try number(range, name))
  }
}

/// The stride and the padding of a window, each at most once.
private struct WindowAttributes {
  var window: Window
  private var (hasStride, hasPadding) = (false, false)

  init(_ window: Window) { self.window = window }

  mutating func accept(_ scanner: inout ListingScanner) throws(FaceqError) -> Bool {
    if !hasStride, scanner.accept("stride") {
      hasStride = true
      let height = try scanner.number(1...GraphLimits.stride, "a stride")
      window.stride = Size(height, height)
      if scanner.accept("×", "x") { window.stride.width = try scanner.number(1...GraphLimits.stride, "a stride") }
      return true
    }
    if !hasPadding, scanner.accept("padding") {
      hasPadding = true
      let range = 0...GraphLimits.padding
      window.padding = Padding(try scanner.number(range, "padding"))
      if scanner.isAtNumber {
        window.padding.left = try scanner.number(range, "the padding of the left side")
        window.padding.bottom = try scanner.number(range, "the padding below")
        window.padding.right = try scanner.number(range, "the padding of the right side")
      }
      return true
    }
    return false
  }
}
