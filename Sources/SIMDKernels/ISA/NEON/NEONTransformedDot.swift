import CSIMD
import SIMDKernels

/// int16 by SMLAL and SMLAL2 by element: four MACs in one instruction. A load takes 16 input channels of two tiles, or
/// the weights of two of them.
public enum NEONTransformedDot: TransformedProducts {
  @inlinable @inline(__always)
  public static var interleavesChannels: Bool { false }
  @inlinable @inline(__always)
  public static var multipliesRestSingly: Bool { true }
  @inlinable @inline(__always)
  public static var prefetchesInLoop: Bool { false }

  @inlinable @inline(__always)
  public static func products<let groups: Int>(
    _ matrix: TransformedMatrix, _ input: UnsafeRawPointer, _ prefetch: inout WeightPrefetch
  ) -> InlineArray<groups, SIMD16<Int32>> {
    let sums: InlineArray<groups, SumsByElement> = products(matrix, matrix.weights, input)
    return InlineArray { sums[unchecked: $0].total }
  }

  /// The loop takes 32 input channels. With four tiles: 512 SMLAL, 16 loads of weights, four of tiles, and two
  /// instructions for the loop.
  @inlinable @inline(__always)
  static func products<let groups: Int>(
    _ matrix: TransformedMatrix, _ weights: UnsafeRawPointer, _ input: UnsafeRawPointer
  ) -> InlineArray<groups, SumsByElement> {
    var state = Products<groups>(weights, input, blockBytes: matrix.blockBytes)
    // What is added to nothing need not be zeroed first.
    state.addSixteenChannels()
    var rest = matrix.channels &- 16
    if rest & 16 != 0 {
      state.addSixteenChannels()
      rest &-= 16
    }
    if rest > 0 {
      repeat {
        state.addSixteenChannels()
        state.addSixteenChannels()
        rest &-= 32
      } while rest != 0
    }
    return state.sums
  }

  @usableFromInline
  struct Products<let groups: Int> {
    @usableFromInline var sums = InlineArray<groups, SumsByElement>(repeating: SumsByElement())
    @usableFromInline var weights: UnsafeRawPointer
    @usableFromInline var input: UnsafeRawPointer
    @usableFromInline let blockBytes: Int

    @inlinable @inline(__always)
    init(_ weights: UnsafeRawPointer, _ input: UnsafeRawPointer, blockBytes: Int) {
      (self.weights, self.input, self.blockBytes) = (weights, input, blockBytes)
    }

    @inlinable @inline(__always)
    mutating func addSixteenChannels() {
      var pixels = InlineArray<groups, SIMD16<Int16>>(repeating: SIMD16())
      if groups == 4 {
        let first = csimd_load_32_shorts(input)
        input = sums[unchecked: 0].afterInOrder(input + 64)
        let second = csimd_load_32_shorts(input)
        input += blockBytes &- 64
        pixels[unchecked: 0] = first.lowHalf
        pixels[unchecked: 1] = first.highHalf
        pixels[unchecked: 2] = second.lowHalf
        pixels[unchecked: 3] = second.highHalf
      } else {
        for group in 0..<groups {
          pixels[unchecked: group] = (input + group &* 32).loadUnaligned(as: SIMD16<Int16>.self)
        }
        input += blockBytes
      }
      input = sums[unchecked: 0].afterInOrder(input)
      forEachConstant(8) { pair in
        let pairWeights = csimd_load_32_shorts(weights)
        weights += 64
        for group in 0..<groups {
          sums[unchecked: group].add(pairWeights, pixels[unchecked: group], pair: pair)
          weights = sums[unchecked: group].afterInOrder(weights)
        }
      }
    }
  }
}
