/// The kernels of one instruction set. Tests, checks and benchmarks walk tables of these.
public struct KernelTable: Sendable {
  public var instructionSet: InstructionSet
  /// The order of the weights that `int8`'s dense convolutions read.
  public var packedOrder: PackedOrder
  /// The number that int8 activations are XORed with in memory (`Int8DotProducts.pixelFlip`).
  public var pixelFlip: Int8
  /// The convolutions of int8.
  public var int8: IntegerKernels
  /// The convolutions of int16.
  public var int16: IntegerKernels
  public var winograd: WinogradKernels
  public var float: FloatKernels
  public var planes: PlaneKernels
  /// Computes the gates of a squeeze-and-excitation.
  public var squeezeExcite: @Sendable (SqueezeExciteGate) -> Void
}

extension KernelTable {
  /// A table whose kernels are compiled in the calling module, and so with that module's target flags.
  ///
  /// Therefore closures of a table stand in initialisers that are generic over `ISA` (here and in the structs of
  /// its fields), and what they call takes `ISA` or a part of it, even where it has no use for it: a function
  /// that does not depend on the calling module's own types is the same symbol for all instruction sets, of which the
  /// linker keeps any one.
  @inlinable @inline(__always)
  public init<ISA: InstructionSetKernels>(
    _: ISA.Type, packedOrder: PackedOrder = .fours, int8: IntegerKernels, int16: IntegerKernels,
    float: FloatKernels
  ) {
    instructionSet = ISA.instructionSet
    self.packedOrder = packedOrder
    pixelFlip = ISA.Int8Dot.pixelFlip
    self.int8 = int8
    self.int16 = int16
    winograd = WinogradKernels(ISA.self)
    self.float = float
    planes = PlaneKernels(ISA.self)
    squeezeExcite = { computeSqueezeExciteGate(ISA.self, $0) }
  }

  /// A table that takes all kernels but the convolutions of int8 from one of fewer instructions, because its own would be
  /// the same instructions once more.
  @inlinable @inline(__always)
  public init<ISA: InstructionSetKernels>(
    _: ISA.Type, packedOrder: PackedOrder = .fours, int8: IntegerKernels, others: KernelTable
  ) {
    self = others
    instructionSet = ISA.instructionSet
    self.packedOrder = packedOrder
    pixelFlip = ISA.Int8Dot.pixelFlip
    self.int8 = int8
  }
}
