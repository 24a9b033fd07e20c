import QuantRuntime

extension GraphImport {
  mutating func imported(_ operation: ONNXOperation) throws(NodeFault) -> ImportedValue {
    switch operation.kind {
    case .convolution(let convolution): return .view(try self.convolution(operation, convolution))
    case .transposedConvolution(let convolution): return .view(try transposedConvolution(operation, convolution))
    case .linear(let weights, let bias): return .view(try linear(operation, weights, bias))
    case .affine(let scale, let shift): return try affine(operation, scale, shift, .none)
    case .hardSigmoid(let slope, let offset): return try affine(operation, [slope], [offset], .clamp(0, 1))
    case .prelu(let slopes):
      if slopes.count == 1 { return try elementwise(operation, .copy(.leaky(slopes[0]))) }
      let plane = try plane(operation)
      return .view(try add(operation, .copy(.prelu), [plane.node], plane.extent, layer: .slopes(slopes)).keeping(plane))
    case .clip(let minimum, let maximum):
      let largest = Float.greatestFiniteMagnitude
      let isRelu = minimum == 0 && maximum == .infinity
      return try elementwise(operation, .copy(isRelu ? .relu : .clamp(max(minimum, -largest), min(maximum, largest))))
    case .sigmoid: return try elementwise(operation, .sigmoid)
    case .softmax(let axes): return try softmax(operation, axes)
    case .binary(.add): return .view(try sum(operation, isDifference: false))
    case .binary(.subtract): return .view(try sum(operation, isDifference: true))
    case .binary(.multiply): return .view(try product(operation))
    case .reduce(.mean, let axes): return .view(try mean(operation, axes))
    case .normalise(let axes): return .view(try normalise(operation, axes))
    case .maxPool(let pool): return .view(try self.pool(operation, pool) { .maxPool($0) })
    case .averagePool(let pool, let countsPadding):
      return .view(
        try self.pool(operation, pool) {
          var pool = $0
          pool.countsPadding = countsPadding
          return .averagePool(pool)
        })
    case .resizeNearest(let rows, let columns): return .view(try resize(operation, rows, columns))
    case .concatenate(let axis): return try concatenate(operation, axis)
    case .slice(let axis, let start, let step): return .view(try slice(operation, axis, start, step))
    case .reshape: return .view(try view(operation).reshaped(shape(of: operation.output)))
    case .transpose(let order):
      let view = try view(operation)
      guard let transposed = view.transposed(order, shape: shape(of: operation.output)) else {
        throw NodeFault("of \(view.shape) to the order \(order)")
      }
      return .view(transposed)
    case .hardSwish, .squareRoot, .reciprocal, .binary(.divide), .reduce, .pad, .expand: throw NodeFault(nil)
    }
  }

  // MARK: - Element by element

  /// An operation that treats all elements alike works on the plane, however the file has it reshaped.
  private mutating func elementwise(_ operation: ONNXOperation, _ kind: Operation) throws(NodeFault) -> ImportedValue {
    func apply(_ view: PlaneView) throws(NodeFault) -> PlaneView {
      try add(operation, kind, [view.node], view.extent).keeping(view)
    }
    switch try value(operation) {
    case .view(let view): return .view(try apply(view))
    case .row(let views):
      var results: [PlaneView] = []
      for view in views { results.append(try apply(view)) }
      return .row(results)
    }
  }

  private mutating func affine(
    _ operation: ONNXOperation, _ scale: [Float], _ shift: [Float], _ activation: Activation
  ) throws(NodeFault) -> ImportedValue {
    let view = scale.count == 1 ? try view(operation) : try plane(operation)
    let channels = view.extent.channels
    func each(_ numbers: [Float]) -> [Float] {
      numbers.count == channels ? numbers : [Float](repeating: numbers[0], count: channels)
    }
    let layer = FloatLayer.affine(scale: each(scale), shift: each(shift), slopes: nil)
    return .view(try add(operation, .affine(activation), [view.node], view.extent, layer: layer).keeping(view))
  }

  /// Of two values. In a channels-last view they are neighbours; a plane that has only two has them there as well.
  private mutating func softmax(_ operation: ONNXOperation, _ axes: [Int]) throws(NodeFault) -> ImportedValue {
    let views: [PlaneView]
    switch try value(operation) {
    case .view(let view): views = [view]
    case .row(let row): views = row
    }
    for view in views {
      let isPair = view.endsInChannels && axes == [view.shape.count - 1] && view.shape.last == 2
      guard isPair || view.isPlane && axes == [1] && view.extent.channels == 2 else {
        throw NodeFault("of anything but two neighbouring channels")
      }
    }
    return try elementwise(operation, .softmax)
  }

  // MARK: - Two planes

  private mutating func sum(_ operation: ONNXOperation, isDifference: Bool) throws(NodeFault) -> PlaneView {
    let (base, branch) = (try view(operation, 0), try view(operation, 1))
    guard base.extent == branch.extent, base.order == branch.order || base.extent.pixels == 1,
      base.shape == branch.shape
    else { throw NodeFault("of \(base.shape) and \(branch.shape)") }
    var node = branch.node
    if isDifference {
      let count = branch.extent.channels
      let negative = FloatLayer.affine(
        scale: [Float](repeating: -1, count: count), shift: [Float](repeating: 0, count: count), slopes: nil)
      node = try add(operation, .affine(.none), [node], branch.extent, layer: negative).node
    }
    return try add(operation, .add(Addition()), [base.node, node], base.extent).keeping(base)
  }

  /// Of a plane and one number for each channel.
  private mutating func product(_ operation: ONNXOperation) throws(NodeFault) -> PlaneView {
    var (value, gate) = (try view(operation, 0), try view(operation, 1))
    if value.extent.pixels == 1 { swap(&value, &gate) }
    let fits = gate.extent == Extent(1, 1, value.extent.channels)
    guard fits, value.isPlane && gate.isPlane || value.isChannelsLast && gate.isChannelsLast else {
      throw NodeFault("of \(value.shape) and \(gate.shape), which is not one number for each channel")
    }
    return try add(operation, .multiply, [value.node, gate.node], value.extent).keeping(value)
  }

  // MARK: - Pools

  private mutating func mean(_ operation: ONNXOperation, _ axes: [Int]) throws(NodeFault) -> PlaneView {
    let view = try view(operation)
    let isWhole = view.isPlane && axes == Array(2..<max(2, view.shape.count)) || view.isChannelsLast && axes == [1, 2]
    guard isWhole else { throw NodeFault("over the axes \(axes) of \(view.shape)") }
    return try add(operation, .globalAverage, [view.node], Extent(1, 1, view.extent.channels))
      .reshaped(shape(of: operation.output))
  }

  private mutating func pool(
    _ operation: ONNXOperation, _ pool: ONNXPool, _ kind: (Pool) -> Operation
  ) throws(NodeFault) -> PlaneView {
    let plane = try plane(operation)
    guard pool.window.dilations == RowsAndColumns(rows: 1, columns: 1) else { throw NodeFault("with dilations") }
    let result = extent(operation)
    let kind = kind(Pool(Window(pool.window), isCeil: pool.roundsUp))
    if case .averagePool(let pool) = kind, result.pixels == 1,
      pool.window.kernel == Size(plane.extent.height, plane.extent.width), pool.window.padding.isEmpty
    {
      return try add(operation, .globalAverage, [plane.node], result)
    }
    return try add(operation, kind, [plane.node], result)
  }

  private mutating func normalise(_ operation: ONNXOperation, _ axes: [Int]) throws(NodeFault) -> PlaneView {
    let view = try view(operation)
    guard view.extent.pixels == 1, axes.reduce(1, { $0 * view.shape[$1] }) == view.extent.channels else {
      throw NodeFault("over the axes \(axes) of \(view.shape)")
    }
    return try add(operation, .normalise, [view.node], view.extent).keeping(view)
  }

  // MARK: - Size and channels

  private mutating func resize(_ operation: ONNXOperation, _ rows: Int, _ columns: Int) throws(NodeFault) -> PlaneView {
    var plane = try plane(operation)
    guard rows == columns, rows.nonzeroBitCount == 1 else { throw NodeFault("by \(rows) × \(columns)") }
    for _ in 0..<rows.trailingZeroBitCount {
      let extent = Extent(2 * plane.extent.height, 2 * plane.extent.width, plane.extent.channels)
      plane = try add(operation, .upsample, [plane.node], extent)
    }
    return plane
  }

  private mutating func concatenate(_ operation: ONNXOperation, _ axis: Int) throws(NodeFault) -> ImportedValue {
    var views: [PlaneView] = []
    for index in operation.inputs.indices {
      switch try value(operation, index) {
      case .view(let view): views.append(view)
      case .row(let row): views += row
      }
    }
    let first = views[0]
    let areWhole = views.count == operation.inputs.count
    let extent = Extent(first.extent.height, first.extent.width, views.reduce(0) { $0 + $1.extent.channels })
    let haveOneSize = views.allSatisfy { $0.extent.height == extent.height && $0.extent.width == extent.width }
    let shape = shape(of: operation.output)
    if areWhole, haveOneSize, axis == 1, views.allSatisfy(\.isPlane) {
      return .view(try add(operation, .concatenate, views.map(\.node), extent).reshaped(shape))
    }
    if areWhole, haveOneSize, axis == shape.count - 1, views.allSatisfy(\.isChannelsLast) {
      var result = try add(operation, .concatenate, views.map(\.node), extent).reshaped(shape)
      result.order = .channelsLast
      return .view(result)
    }
    return .row(views)
  }

  private mutating func slice(
    _ operation: ONNXOperation, _ axis: Int, _ start: Int, _ step: Int
  ) throws(NodeFault) -> PlaneView {
    let view = try view(operation)
    let shape = shape(of: operation.output)
    let isChannels =
      view.isPlane && axis == 1
      || view.endsInChannels && axis == shape.count - 1 && view.shape.last == view.extent.channels
    if isChannels, step == 1 {
      let kind = Operation.slice(first: start, count: shape[axis])
      let extent = Extent(view.extent.height, view.extent.width, shape[axis])
      var result = try add(operation, kind, [view.node], extent).reshaped(shape)
      result.order = view.order
      return result
    }
    // Every second pixel, such as x[:, :, ::2, ::2], is a pool of windows of one pixel.
    guard view.isPlane, axis == 2 || axis == 3, start == 0, step > 1, shape[axis] == (view.shape[axis] - 1) / step + 1
    else { throw NodeFault("of axis \(axis) of \(view.shape)") }
    let window = Window(Size(1, 1), stride: axis == 2 ? Size(step, 1) : Size(1, step))
    return try add(operation, .maxPool(Pool(window)), [view.node], extent(operation))
  }

  /// The extent of a result that is a plane.
  func extent(_ operation: ONNXOperation) -> Extent {
    let shape = shape(of: operation.output)
    return Extent(shape[2], shape[3], shape[1])
  }
}

extension PlaneView {
  /// This plane under the shape and order of `other`, whose elements it was computed from one by one.
  func keeping(_ other: PlaneView) -> PlaneView {
    var view = other
    view.node = node
    return view
  }
}

extension Window {
  init(_ window: ONNXWindow) {
    let sides = window.padding
    self.init(
      Size(window.kernel.rows, window.kernel.columns), stride: Size(window.strides.rows, window.strides.columns),
      padding: Padding(sides.top, sides.left, sides.bottom, sides.right))
  }
}
