/// The order of a dense int8 convolution's packed weights. The raw value is the name in model files.
public enum PackedOrder: String, Sendable, CaseIterable {
  /// The order [block of 16 output channels][kernel row][step][16 output channels][4 input channels], which every instruction set
  /// reads.
  case fours = "16x4"
  /// The order [block of 16 output channels][kernel row][two steps][16 output channels][8 input channels], which SMMLA
  /// multiplies.
  case eights = "16x8"

  /// Input channels of an output channel that lie side by side.
  public var inputs: Int { self == .fours ? 4 : 8 }
}

extension InstructionSet {
  /// The order that its int8 kernels are fastest with.
  public var packedOrder: PackedOrder { self == .i8mm ? .eights : .fours }
}
