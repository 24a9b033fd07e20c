import FaceqSupport

/// Where the values of a graph lie while a program runs, for one size of picture.
struct ValueLayout {
  /// For each value; its border is as wide as any convolution that reads it wants.
  private(set) var planes: [Plane] = []
  /// For each value how it is stored.
  let forms: [Form]
  /// For each node whether it computes nothing, because what it writes is what it reads, or a part of it.
  let isAlias: [Bool]
  /// For each node whether the next one, which converts what it writes, is done together with it, row by row, while the
  /// row is in the cache.
  let joinsNext: [Bool]
  /// Bytes of all values.
  let byteCount: Int
  /// For each value the last node that reads it, or a value in the same place.
  private let lastReaders: [Int]

  /// - Parameters:
  ///   - forms: of each value.
  ///   - observing: values are handed out when they are written, so no node waits for another.
  ///   - memory: where the values go.
  ///   - limit: the bytes that there may be in all.
  /// - Throws: where they are not enough.
  init<Layer>(
    _ graph: Graph<Layer>, shapes: [Extent], forms: [Form], observing: Bool, memory: ProgramMemory, limit: Int
  ) throws(FaceqError) {
    self.forms = forms
    let isPart = observing ? graph.nodes.map { _ in false } : graph.parts(forms)
    let isAlias = graph.nodes.indices.map { index in
      graph.nodes[index].operation.isPlainCopy && forms[index] == forms[graph.nodes[index].inputs[0]]
        && forms[index] == .float || isPart[index]
    }
    self.isAlias = isAlias
    joinsNext = graph.nodes.indices.map { !observing && graph.joinsNext($0, forms) }
    lastReaders = graph.lastReaders(through: isAlias)

    var places = DisjointSets(graph.nodes.count)
    for (index, node) in graph.nodes.enumerated() where isAlias[index] { places.unite(index, node.inputs[0]) }
    // What is no longer needed makes room for what is computed from it, pixel by pixel.
    for (index, node) in graph.nodes.enumerated() {
      guard let input = graph.replaceableInput(of: index), places.root(input) != places.root(0),
        lastReaders[graph.original(of: input, isAlias)] == index,
        !isPart[input], shapes[input] == shapes[index], forms[input].valueBytes == forms[index].valueBytes,
        !node.inputs.dropFirst().contains(where: { places.root($0) == places.root(input) })
      else { continue }
      places.unite(index, input)
    }

    let roots = graph.nodes.indices.map { places.root($0) }
    var borders = [Padding](repeating: Padding(0), count: graph.nodes.count)
    for node in graph.nodes {
      guard let window = node.operation.slidingWindow else { continue }
      let root = roots[node.inputs[0]]
      borders[root] = borders[root].union(window.padding)
    }
    var lifetimes = graph.nodes.indices.map { $0...$0 }
    for index in graph.nodes.indices {
      let (first, last) = (lifetimes[roots[index]].lowerBound, lifetimes[roots[index]].upperBound)
      lifetimes[roots[index]] = min(first, index)...max(last, lastReaders[index])
    }
    for (index, node) in graph.nodes.enumerated() where joinsNext[index] {
      for input in node.inputs {
        let lifetime = lifetimes[roots[input]]
        lifetimes[roots[input]] = lifetime.lowerBound...max(lifetime.upperBound, index + 1)
      }
    }

    let pictureChannels = graph.pictureChannels(isFloat: forms[0] == .float)
    // Where each plane lies is known when all have been measured.
    let nowhere = memory.values(0)
    var arena = Arena()
    var numbers = [Int?](repeating: nil, count: graph.nodes.count)
    for index in graph.nodes.indices {
      let isPicture = roots[index] == roots[0]
      let storedChannels =
        isPicture
        ? pictureChannels
        : isPart[index] ? planes[graph.nodes[index].inputs[0]].storedChannels : paddedChannels(shapes[index].channels)
      let plane = Plane(
        shapes[index], storedChannels: storedChannels, valueBytes: forms[index].valueBytes,
        border: borders[roots[index]], base: nowhere)
      planes.append(plane)
      if numbers[roots[index]] == nil {
        numbers[roots[index]] = arena.reserve(bytes: plane.byteCount, nodes: lifetimes[roots[index]])
      }
    }
    try arena.place(limit: limit)
    byteCount = arena.byteCount
    let base = try memory.checkedValues(byteCount)
    for index in planes.indices {
      if isPart[index], case .slice(let first, _) = graph.nodes[index].operation {
        planes[index].base = planes[graph.nodes[index].inputs[0]].base + first * forms[index].valueBytes
      } else if let number = numbers[roots[index]] {
        planes[index].base = base + arena.offset(number)
      }
    }
  }

  /// The values that are written before `node` and needed from it on.
  func alive(before node: Int) -> [Int] { (0..<node).filter { lastReaders[$0] >= node } }
}

extension Form {
  var valueBytes: Int {
    switch self {
    case .bytes: 1
    case .int16: 2
    case .float: 4
    }
  }
}

extension Padding {
  fileprivate func union(_ other: Padding) -> Padding {
    Padding(max(top, other.top), max(left, other.left), max(bottom, other.bottom), max(right, other.right))
  }
}

extension Operation {
  /// Of a convolution, whose windows reach into the border of what it reads.
  fileprivate var slidingWindow: Window? {
    switch self {
    case .convolution(let convolution), .linear(let convolution): convolution.window
    default: nil
    }
  }
}

extension Graph {
  /// The value in whose place a node could write: it reads it pixel by pixel.
  fileprivate func replaceableInput(of index: Int) -> Int? {
    let node = nodes[index]
    return switch node.operation {
    case .add(let addition) where addition.base == .none: node.inputs[0]
    case .normalise, .sigmoid, .softmax: node.inputs[0]
    default: nil
    }
  }

  /// Whether a node is an addition of integers and the next one converts its sum for others.
  fileprivate func joinsNext(_ index: Int, _ forms: [Form]) -> Bool {
    guard index + 1 < nodes.count, case .add = nodes[index].operation, forms[index] == .sum,
      nodes[index + 1].inputs == [index], forms[index + 1] != .float
    else { return false }
    return switch nodes[index + 1].operation {
    case .copy, .affine: true
    default: false
    }
  }

  /// For each node whether its value is some channels of what it reads, where they are: of floats that only sigmoids and
  /// outputs read.
  fileprivate func parts(_ forms: [Form]) -> [Bool] {
    let readers = readers
    return nodes.enumerated().map { index, node in
      guard case .slice = node.operation, forms[index] == .float, forms[node.inputs[0]] == .float else { return false }
      return readers[index].allSatisfy { nodes[$0].operation == .sigmoid }
    }
  }

  /// The value that another one is an alias of, or itself.
  fileprivate func original(of value: Int, _ isAlias: [Bool]) -> Int {
    var value = value
    while isAlias[value] { value = nodes[value].inputs[0] }
    return value
  }

  /// As `lastReaders`, where the readers of an alias read what it stands for.
  fileprivate func lastReaders(through isAlias: [Bool]) -> [Int] {
    var last = Array(nodes.indices)
    for output in outputs { last[output] = nodes.count }
    for (index, node) in nodes.enumerated().reversed() {
      for input in node.inputs { last[input] = max(last[input], isAlias[index] ? last[index] : index) }
    }
    return last
  }
}
