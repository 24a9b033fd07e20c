import QuantRuntime

/// Makes our graph of an ONNX file's operators, one by one. Passes over graphs bring it into its final form.
struct GraphImport {
  private let source: OperatorGraph
  private(set) var builder = GraphBuilder<FloatLayer>()
  private var extents: [Extent] = []
  private var values: [ImportedValue?]
  private var names: Set<String> = []
  /// Weights that may still be made.
  private var allowance: Int

  /// - Parameters:
  ///   - source: of which the entry's normalisation is taken off.
  ///   - storedBytes: of the file's tensors, which says how many weights are in proportion.
  init(_ source: OperatorGraph, image: ImageFormat, storedBytes: Int) {
    self.source = source
    allowance = storedBytes + 1 << 20
    values = [ImportedValue?](repeating: nil, count: source.shapes.count)
    let extent = Extent(image.height, image.width, 3)
    extents.append(extent)
    var view = PlaneView(node: builder.add("", .image(image)), extent: extent)
    let shape = source.shapes[OperatorGraph.image]
    if shape != view.shape {
      view.order = .channelsLast
      view.shape = shape
    }
    values[OperatorGraph.image] = .view(view)
  }

  /// Adds every operation, and returns what cannot be in a graph.
  mutating func addOperations() -> NodeFaults {
    var faults = NodeFaults()
    for operation in source.operations {
      // What reads the result of a fault has no fault of its own.
      guard operation.inputs.allSatisfy({ values[$0] != nil }) else { continue }
      do throws(NodeFault) { values[operation.output] = try imported(operation) } catch {
        faults.add(operation: operation, error)
      }
    }
    return faults
  }

  /// The nodes that hold the outputs, in the file's order; an output of several scales is several nodes.
  var outputs: [(name: String, node: Int)] {
    source.outputs.flatMap { output -> [(name: String, node: Int)] in
      switch values[output.value] {
      case .view(let view): [(output.name, view.node)]
      case .row(let views): views.enumerated().map { ("\(output.name).\($0)", $1.node) }
      case nil: []
      }
    }
  }

  func extent(of node: Int) -> Extent { extents[node] }

  // MARK: - Adding nodes

  /// Adds a node, named as the file names it, and returns its plane.
  mutating func add(
    _ operation: ONNXOperation, _ kind: Operation, _ inputs: [Int], _ extent: Extent, layer: FloatLayer? = nil
  ) throws(NodeFault) -> PlaneView {
    for tensor in layer?.tensors ?? [] where !tensor.allSatisfy(\.isFinite) {
      throw NodeFault("with weights that are no finite numbers")
    }
    let node = builder.add(uniqueName(operation.name), kind, inputs, layer: layer)
    extents.append(extent)
    return PlaneView(node: node, extent: extent)
  }

  /// Accounts for weights that are brought into our order: nodes may share a tensor, but not ten thousand.
  mutating func spend(_ count: Int) throws(NodeFault) {
    guard count <= allowance else {
      throw NodeFault("that uses the file's weights far too often, or spreads them too far")
    }
    allowance -= count
  }

  /// A node's name in the file as a name of ours: short enough for model files, and no other node's.
  private mutating func uniqueName(_ name: String) -> String {
    let allowed = name.unicodeScalars.map { scalar in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".": Character(scalar)
      default: Character(scalar == "/" ? "." : "_")
      }
    }
    var base = String(allowed.drop { $0 == "." }.suffix(48).drop { $0 == "." })
    if base.isEmpty { base = "node" }
    var unique = base
    var count = 1
    while !names.insert(unique).inserted {
      count += 1
      unique = "\(base).\(count)"
    }
    return unique
  }

  // MARK: - Reading operands

  func value(_ operation: ONNXOperation, _ index: Int = 0) throws(NodeFault) -> ImportedValue {
    guard let value = values[operation.inputs[index]] else { throw NodeFault("of an unknown value") }
    return value
  }

  func view(_ operation: ONNXOperation, _ index: Int = 0) throws(NodeFault) -> PlaneView {
    guard case .view(let view) = try value(operation, index) else {
      throw NodeFault("of several planes one behind the other")
    }
    return view
  }

  /// An operand with channels and pixels where they belong.
  func plane(_ operation: ONNXOperation, _ index: Int = 0) throws(NodeFault) -> PlaneView {
    let view = try view(operation, index)
    guard view.isPlane else { throw NodeFault("of a plane of the shape \(view.shape)") }
    return view
  }

  func shape(of value: Int) -> [Int] { source.shapes[value] }
}

extension NodeFaults {
  mutating func add(operation: ONNXOperation, _ fault: NodeFault) {
    add(ONNXNode(type: operation.kind.word, name: operation.name), fault)
  }
}
