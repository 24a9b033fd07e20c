import CSIMD
import SIMDKernels

extension NEON {
  /// Columns as they are: SMULL and SMLAL leave the products of two pixels in 16 bits, SADDW adds them to the sums.
  enum Int8Columns: DepthwiseColumns {
    struct Column: BitwiseCopyable {
      var top, centre, bottom: SIMD16<Int8>
    }
    @inline(__always)
    static func loadColumn(_ pixel: UnsafeRawPointer, rowBytes: Int) -> Column {
      Column(
        top: pixel.loadUnaligned(as: SIMD16<Int8>.self),
        centre: (pixel + rowBytes).loadUnaligned(as: SIMD16<Int8>.self),
        bottom: (pixel + 2 &* rowBytes).loadUnaligned(as: SIMD16<Int8>.self))
    }
    @inline(__always)
    static func sums(
      _ start: SIMD16<Int32>, _ left: Column, _ middle: Column, _ right: Column, _ weights: ColumnWeights<Column>
    ) -> SIMD16<Int32> {
      var sums = Sums(low: start.lowHalf, high: start.highHalf)
      sums.add(left.top, weights.left.top, left.centre, weights.left.centre)
      sums.add(middle.top, weights.middle.top, middle.centre, weights.middle.centre)
      sums.add(right.top, weights.right.top, right.centre, weights.right.centre)
      sums.add(left.bottom, weights.left.bottom, middle.bottom, weights.middle.bottom)
      sums.add(csimd_smull(right.bottom, weights.right.bottom), csimd_smull2(right.bottom, weights.right.bottom))
      return SIMD16(lowHalf: sums.low, highHalf: sums.high)
    }

    private struct Sums {
      var low, high: SIMD8<Int32>

      // |weight| ≤ 127, so a sum of two products is at most 32,512 and fits 16 bits.
      @inline(__always)
      mutating func add(_ x: SIMD16<Int8>, _ w: SIMD16<Int8>, _ y: SIMD16<Int8>, _ v: SIMD16<Int8>) {
        add(csimd_smlal(csimd_smull(x, w), y, v), csimd_smlal2(csimd_smull2(x, w), y, v))
      }
      @inline(__always)
      mutating func add(_ lowProducts: SIMD8<Int16>, _ highProducts: SIMD8<Int16>) {
        low = low &+ csimd_widen_i16x8(lowProducts)
        high = high &+ csimd_widen_i16x8(highProducts)
      }
    }
  }
}
