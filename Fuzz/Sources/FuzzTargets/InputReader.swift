/// Takes what decides a run from the front of an input; behind its end all is zero.
struct InputReader {
  private(set) var rest: UnsafeRawBufferPointer.SubSequence

  init(_ bytes: UnsafeRawBufferPointer) { rest = bytes[...] }

  mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

  mutating func integer(_ count: Int) -> Int {
    var value = 0
    for _ in 0..<count { value = value << 8 | Int(byte()) }
    return value
  }

  /// Everything that is left.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: rest) }
}
