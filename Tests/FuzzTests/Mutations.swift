import FaceqSupport

/// Inputs that are others with a few bytes changed, cut out, repeated, or put in from another.
struct Mutations {
  private let inputs: [[UInt8]]
  private var random: SplitMix64

  /// - Parameter inputs: at least one.
  init(of inputs: [[UInt8]], seed: UInt64) {
    self.inputs = inputs
    random = SplitMix64(state: seed)
  }

  mutating func next() -> [UInt8] {
    var input = inputs[Int.random(in: inputs.indices, using: &random)]
    for _ in 0..<Int.random(in: 1...4, using: &random) { change(&input) }
    return input
  }

  private mutating func change(_ input: inout [UInt8]) {
    let range = range(in: input)
    switch Int.random(in: 0..<6, using: &random) {
    case 0 where !input.isEmpty:
      input[Int.random(in: input.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1 where !input.isEmpty:
      let extremes: [UInt8] = [0, 1, 0x7f, 0x80, 0xff, UInt8.random(in: 0...255, using: &random)]
      input[Int.random(in: input.indices, using: &random)] = extremes[Int.random(in: 0..<6, using: &random)]
    case 2: input.removeSubrange(range)
    case 3: input.insert(contentsOf: input[range], at: range.lowerBound)
    case 4:
      let other = inputs[Int.random(in: inputs.indices, using: &random)]
      input.insert(contentsOf: other[self.range(in: other)], at: range.lowerBound)
    default:
      for index in range { input[index] = UInt8.random(in: 0...255, using: &random) }
    }
  }

  /// Mostly a few bytes, and now and then many.
  private mutating func range(in input: [UInt8]) -> Range<Int> {
    let start = Int.random(in: 0...input.count, using: &random)
    let longest = Bool.random(using: &random) ? 8 : 256
    return start..<min(input.count, start + Int.random(in: 0...longest, using: &random))
  }
}
