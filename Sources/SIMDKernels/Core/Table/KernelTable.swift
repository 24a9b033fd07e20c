/// The kernels of one instruction set. Tests, checks and benchmarks walk tables of these.
public struct KernelTable: Sendable {
  public var instructionSet: InstructionSet
  /// The order of the weights that `int8`'s dense convolutions read.
  public var packedOrder: PackedOrder
  /// What int8 activations are XORed with in memory (`Int8Arithmetic.pixelFlip`).
  public var pixelFlip: Int8
  /// The convolutions of int8.
  public var int8: IntegerKernels
  /// The convolutions of int16.
  public var int16: IntegerKernels
  public var winograd: WinogradKernels
  public var float: FloatKernels
  public var passes: PassKernels
  public var planes: PlaneKernels
}

/// The arithmetics of one instruction set.
public protocol KernelArithmetics: SendableMetatype {
  associatedtype Int8Dot: Int8Arithmetic
  associatedtype Winograd: WinogradArithmetic
  associatedtype FloatDot: DotArithmetic where FloatDot.Sum == Float
  static var instructionSet: InstructionSet { get }
}

extension KernelTable {
  /// A table whose kernels are compiled in the calling module, and so with that module's target flags.
  ///
  /// For that, closures of a table stand in initialisers that are generic over `Arithmetics` (here and in the structs of
  /// its fields), and what they call takes `Arithmetics` or a part of it, even where it has no use for it: a function
  /// that does not depend on the calling module's own types is the same symbol for all instruction sets, of which the
  /// linker keeps any one.
  @inlinable @inline(__always)
  public init<Arithmetics: KernelArithmetics>(
    _: Arithmetics.Type, packedOrder: PackedOrder = .fours, int8: IntegerKernels, int16: IntegerKernels,
    float: FloatKernels
  ) {
    instructionSet = Arithmetics.instructionSet
    self.packedOrder = packedOrder
    pixelFlip = Arithmetics.Int8Dot.pixelFlip
    self.int8 = int8
    self.int16 = int16
    winograd = WinogradKernels(Arithmetics.self)
    self.float = float
    passes = PassKernels(Arithmetics.self)
    planes = PlaneKernels(Arithmetics.self)
  }
}

extension KernelArithmetics {
  /// The name of a kernel of this instruction set.
  @inlinable
  static func kernelName(_ form: String) -> String { form + ", " + instructionSet.rawValue }
}
