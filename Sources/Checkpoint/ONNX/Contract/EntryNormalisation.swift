/// What a network does to its input before anything else: it brings the axes into order, reverses the channels, and
/// normalises each by `x · scale + shift`.
package struct EntryNormalisation: Sendable, Equatable {
  package var reversesChannels = false
  /// Three each, in the order in which the network sees the channels.
  package var scale: [Float] = [1, 1, 1]
  package var shift: [Float] = [0, 0, 0]

  package init() {}

  package var isNone: Bool { self == Self() }

  /// Whether it expects 0…1 rather than pixels 0…255: its means and deviations are fractions.
  var expectsFractions: Bool {
    zip(scale, shift).allSatisfy { scale, shift in abs(scale) > 0.5 && abs(shift / scale) <= 1 }
  }
}

extension OperatorGraph {
  /// Takes the normalisation at the entry off the graph, whose image is then channels first.
  package mutating func removeEntryNormalisation() -> EntryNormalisation {
    var entry = EntryNormalisation()
    // An entry is a handful of operations; a file that is all entry would take time as the square of its length.
    for _ in 0..<16 {
      guard let position = soleReader(of: Self.image), fold(operations[position], into: &entry) else { break }
      let value = operations[position].output
      shapes[Self.image] = shapes[value]
      operations.remove(at: position)
      for index in operations.indices {
        operations[index].inputs = operations[index].inputs.map { $0 == value ? Self.image : $0 }
      }
    }
    self = withoutUnread()
    return entry
  }

  /// The one operation that reads a value; nil where several do or the value is an output.
  private func soleReader(of value: Int) -> Int? {
    let readers = operations.indices.filter { operations[$0].inputs.contains(value) }
    return readers.count == 1 && !outputs.contains { $0.value == value } ? readers[0] : nil
  }

  private func fold(_ operation: ONNXOperation, into entry: inout EntryNormalisation) -> Bool {
    let isOutput = outputs.contains { $0.value == operation.output }
    guard !isOutput, operation.inputs.count == 1 else { return false }
    let channelAxis = shapes[Self.image][1] == 3 ? 1 : 3
    switch operation.kind {
    case .transpose([0, 3, 1, 2]): return channelAxis == 3
    case .slice(channelAxis, 2, -1) where shapes[operation.output][channelAxis] == 3:
      entry.reversesChannels.toggle()
      entry.scale.reverse()
      entry.shift.reverse()
      return true
    case .affine(let scale, let shift):
      guard scale.count == 1 || channelAxis == 1, scale.allSatisfy({ $0 != 0 }) else { return false }
      for channel in 0..<3 {
        let (scale, shift) = scale.count == 1 ? (scale[0], shift[0]) : (scale[channel], shift[channel])
        entry.scale[channel] *= scale
        entry.shift[channel] = entry.shift[channel] * scale + shift
      }
      return true
    default: return false
    }
  }
}
