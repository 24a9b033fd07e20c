import FaceqSupport

/// How a value of the quantised graph is stored.
package enum Form: Sendable, Equatable {
  /// int8 with a scale and a zero point for each channel: x ≈ scale · (q − zero).
  case bytes
  /// int16 with a scale for each channel and no zero point, of a magnitude up to `largest`: 32,768 for what is added,
  /// fewer for what a convolution of int16 multiplies, because activations and weights share the 31 bits of a sum.
  case int16(largest: Int)
  case float

  /// What an addition reads and writes.
  package static let sum = Form.int16(largest: 32_768)
}

/// How every value of a graph is stored.
package struct Representations: Sendable, Equatable {
  /// For each value.
  package var forms: [Form]
  /// For each value and channel the number of a class; channels of one class have the same scale and zero point. Empty
  /// for the image and for floats, whose scales nobody chooses.
  package var scaleClasses: [[Int]]
  package var scaleClassCount: Int
}

extension Graph {
  /// How every value is stored.
  ///
  /// - Parameter largestInput: of a convolution or linear layer (by its node) that is to have int16 weights, the
  ///   largest magnitude that its input may have; nil for one of int8. Layers that read one value have one precision:
  ///   where one of them is of int16, all are, with the smallest of their bounds.
  /// - Throws: where a node cannot read what it reads, naming it; `insertingCopies()` makes it possible for most.
  package func representations(largestInput: (_ index: Int) -> Int?) throws(FaceqError) -> Representations {
    let shapes = try shapes()
    let channels = shapes.reduce(0) { $0 + $1.channels }
    guard channels <= GraphLimits.allChannels else { throw FaceqError("the graph has \(channels) channels in all") }
    let kinds = ValueKinds(self)
    try checkCovered(kinds)
    for (value, misfit) in misfits(kinds).enumerated() {
      guard let reader = misfit.operands.first ?? misfit.floats.first else { continue }
      let name = reader < nodes.count ? label(reader) : "an output"
      throw FaceqError("\(name) needs a copy of \(label(value))")
    }
    // Values between which numbers only move have one form.
    var components = DisjointSets(nodes.count)
    for (index, node) in nodes.enumerated() where node.operation.movesValues {
      for input in node.inputs { components.unite(index, input) }
    }
    var bounds: [Int: Int] = [:]
    for (index, node) in nodes.enumerated() {
      guard let input = node.inputs.first, node.operation.demand(at: 0) == .products, !kinds.isSum[input],
        let bound = largestInput(index)
      else { continue }
      let component = components.root(input)
      bounds[component] = min(bounds[component] ?? bound, bound)
    }
    let imageComponent = components.root(0)
    var forms: [Form] = []
    for index in nodes.indices {
      let component = components.root(index)
      if kinds.isFloat[index] {
        forms.append(.float)
      } else if kinds.isSum[index] {
        forms.append(.sum)
      } else if component == imageComponent {
        forms.append(try image.form())
      } else {
        forms.append(bounds[component].map { .int16(largest: $0) } ?? .bytes)
      }
    }
    return Representations(forms, scaleClasses(shapes, forms, isImage: { components.root($0) == imageComponent }))
  }

  /// - Throws: where the graph has something that has no definition in integers.
  private func checkCovered(_ kinds: ValueKinds) throws(FaceqError) {
    guard !outputs.contains(0) else { throw FaceqError("int8 covers networks that do more than hand out the image") }
    for (index, node) in nodes.enumerated() {
      if node.inputs.contains(0) {
        guard case .convolution(let convolution) = node.operation, convolution.grouping == .dense else {
          throw FaceqError("int8 covers networks whose image only dense convolutions read, and not \(label(index))")
        }
      }
      for (position, input) in node.inputs.enumerated() where kinds.isFloat[input] {
        let demand = node.operation.demand(at: position)
        guard demand == .float || demand == .asWritten && kinds.isFloat[index] else {
          throw FaceqError("int8 does not cover \(label(index)), which reads \(label(input))")
        }
      }
      switch node.operation {
      case .transposedConvolution:
        throw FaceqError("\(label(index)) is a transposed convolution; replace it by a convolution first")
      case .affine(.leaky), .affine(.prelu), .copy(.leaky), .copy(.prelu):
        throw FaceqError("int8 does not cover the activation of \(label(index))")
      default: break
      }
    }
  }

  /// Unites the channels that have one scale: those that only move, and those of an addition's base and result.
  private func scaleClasses(_ shapes: [Extent], _ forms: [Form], isImage: (Int) -> Bool) -> DisjointChannels {
    var channels = DisjointChannels(shapes.indices.map { forms[$0] == .float || isImage($0) ? 0 : shapes[$0].channels })
    for (index, node) in nodes.enumerated() where channels.counts[index] > 0 {
      var first = 0
      switch node.operation {
      case .maxPool, .averagePool, .upsample, .concatenate:
        for input in node.inputs {
          for channel in 0..<channels.counts[input] { channels.unite((index, first + channel), (input, channel)) }
          first += channels.counts[input]
        }
      case .slice(let first, let count):
        for channel in 0..<count { channels.unite((index, channel), (node.inputs[0], first + channel)) }
      case .depthToSpace:
        for channel in 0..<channels.counts[node.inputs[0]] {
          channels.unite((index, channel % channels.counts[index]), (node.inputs[0], channel))
        }
      case .add(let addition) where addition.base == .none:
        for channel in 0..<channels.counts[index] { channels.unite((index, channel), (node.inputs[0], channel)) }
      default: break
      }
    }
    return channels
  }
}

extension Representations {
  fileprivate init(_ forms: [Form], _ channels: DisjointChannels) {
    self.forms = forms
    var channels = channels
    var numbers: [Int: Int] = [:]
    scaleClasses = channels.counts.indices.map { value in
      (0..<channels.counts[value]).map { channel in
        let root = channels.root((value, channel))
        if let number = numbers[root] { return number }
        numbers[root] = numbers.count
        return numbers.count - 1
      }
    }
    scaleClassCount = numbers.count
  }
}
