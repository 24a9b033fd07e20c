/// Numbers that are the same on every machine: SplitMix64 (Steele, Lea, Flood 2014).
struct TestNumbers {
  private var state: UInt64

  init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func integer(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.upperBound - range.lowerBound + 1))
  }

  mutating func integers<Value: FixedWidthInteger>(_ count: Int, _ range: ClosedRange<Int>) -> [Value] {
    var values: [Value] = []
    for _ in 0..<count { values.append(Value(integer(range))) }
    return values
  }

  /// A number between −`magnitude` and `magnitude`.
  mutating func float(_ magnitude: Float) -> Float {
    (Float(next() >> 40) / Float(1 << 23) - 1) * magnitude
  }

  mutating func floats(_ count: Int, _ magnitude: Float) -> [Float] {
    var values: [Float] = []
    for _ in 0..<count { values.append(float(magnitude)) }
    return values
  }

  mutating func choice<Value>(_ values: [Value]) -> Value { values[integer(0...values.count - 1)] }
}
