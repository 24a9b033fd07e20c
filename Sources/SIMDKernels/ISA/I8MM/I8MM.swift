import CSIMD
import KernelsDotProd
import KernelsNEON
import SIMDKernels

/// ARMv8.6 with SMMLA (Cortex-A510, A710, Neoverse N2 and later): 32 MACs in one instruction.
enum I8MM: InstructionSetKernels {
  static var instructionSet: InstructionSet { .i8mm }

  /// Weights in the order of all instruction sets: ZIP1 and ZIP2 bring those of two steps into SMMLA's.
  enum Int8Dot: SMMLADot {
    @inline(__always)
    static func loadWeights(_ weights: UnsafeRawPointer, lane: Int) -> Halves<SIMD16<Int8>> {
      let steps = weights + (lane / 4 &* 128 &+ lane % 4 &* 16)
      let (first, second) = (
        steps.loadUnaligned(as: SIMD16<Int8>.self), (steps + 64).loadUnaligned(as: SIMD16<Int8>.self)
      )
      return Halves(first: csimd_zip1_4_bytes(first, second), second: csimd_zip2_4_bytes(first, second))
    }
  }

  /// Products with weights that are stored in SMMLA's order.
  enum PackedInt8Dot: SMMLADot {
    @inline(__always)
    static func loadWeights(_ weights: UnsafeRawPointer, lane: Int) -> Halves<SIMD16<Int8>> {
      let pairs = weights + lane &* 32
      return Halves(
        first: pairs.loadUnaligned(as: SIMD16<Int8>.self), second: (pairs + 16).loadUnaligned(as: SIMD16<Int8>.self))
    }
  }

  /// A single pixel would leave half of SMMLA's products unused.
  enum LinearDot: SDOTByStep {}
  enum Int8GroupDot: SDOTGroups {}
  enum Int8Columns: SDOTColumns {}

  typealias Winograd = WinogradByPoints<Int8Dot, NEONTransformedDot, 4, 4, 4>
  typealias FloatDot = NEONFloatDot
}

/// The kernels of this module.
@export(interface)
public func i8mmKernels() -> KernelTable {
  KernelTable(
    I8MM.self,
    int8: IntegerKernels(
      I8MM.self, dense: InterleavedInt8Convolution<I8MM.Int8Dot, 0, 3>.self,
      linear: DirectConvolution<I8MM.LinearDot, 1, 1>.self,
      depthwise: DepthwiseByColumns<I8MM.Int8Columns, DepthwiseInt8<I8MM.Int8Dot>>.self,
      grouped: GroupedConvolution<GroupsByDots<I8MM.Int8GroupDot>, I8MM.Int8Dot, 3>.self),
    others: neonKernels())
}

/// The kernels of this module for int8 weights in SMMLA's order.
@export(interface)
public func packedI8MMKernels() -> KernelTable {
  KernelTable(
    I8MM.self, packedOrder: .eights,
    int8: IntegerKernels(
      I8MM.self, dense: InterleavedInt8Convolution<I8MM.PackedInt8Dot, 1, 3>.self,
      linear: DirectConvolution<I8MM.PackedInt8Dot, 1, 1>.self,
      depthwise: DepthwiseByColumns<I8MM.Int8Columns, DepthwiseInt8<I8MM.Int8Dot>>.self,
      grouped: GroupedConvolution<GroupsByDots<I8MM.Int8GroupDot>, I8MM.Int8Dot, 3>.self),
    others: neonKernels())
}
