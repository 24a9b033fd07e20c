import CSIMD

/// The products of a group's tiles at the points of one row.
@usableFromInline
struct RowProducts {
  /// [block of 16 input channels][6 columns][4 tiles][16].
  @usableFromInline let input: UnsafeRawPointer
  /// [pair of input channels][3 columns][16 output channels][2].
  @usableFromInline let weights: UnsafeRawPointer
  @usableFromInline let channels: Int
  /// What the sums of the second column begin at.
  @usableFromInline let bias: SIMD16<Int32>
  /// [4 tiles][4 columns].
  @usableFromInline let sums: UnsafeMutablePointer<SIMD16<Int32>>

  @inlinable @inline(__always)
  init(
    input: UnsafeRawPointer, weights: UnsafeRawPointer, channels: Int, bias: SIMD16<Int32>,
    sums: UnsafeMutablePointer<SIMD16<Int32>>
  ) {
    (self.input, self.weights, self.channels, self.bias, self.sums) = (input, weights, channels, bias, sums)
  }
}

/// A register tile: so many tiles of 4 × 4 outputs, of which those with a bit in `narrow` have three across and lack a column.
@usableFromInline
struct RowTile<let tiles: Int, let narrow: Int> {
  @inlinable @inline(__always)
  init() {}
  @inlinable @inline(__always)
  func isNarrow(_ tile: Int) -> Bool { narrow &>> tile & 1 == 1 }
}

/// Aᵀ of the products in one direction: for every tile four sums, or three.
@inlinable @inline(never)
func multiply<Arithmetic: RowArithmetic, let tiles: Int, let narrow: Int>(
  _: Arithmetic.Type, _ row: RowProducts, _ next: inout NextWeights, _ tile: RowTile<tiles, narrow>
) {
  // Each column by its name: an array of them would be kept in memory.
  let zeros = InlineArray<tiles, SIMD16<Int32>>(repeating: SIMD16())
  var (a, c, d, e, f) = (zeros, zeros, zeros, zeros, zeros)
  var b = InlineArray<tiles, SIMD16<Int32>>(repeating: row.bias)
  var (weights, input) = (row.weights, row.input)
  var rest = row.channels
  repeat {
    next.advance(Arithmetic.self)
    var pair = input
    repeat {
      let points = WinogradUnitStride.weights(
        weights.load(as: SIMD32<Int16>.self), (weights + 64).load(as: SIMD32<Int16>.self),
        (weights + 128).load(as: SIMD32<Int16>.self))
      for group in 0..<tiles { Arithmetic.add(&a[unchecked: group], pair: pair + group &* 32, points[unchecked: 0]) }
      for group in 0..<tiles {
        Arithmetic.add(&b[unchecked: group], pair: pair + (128 &+ group &* 32), points[unchecked: 1])
      }
      for group in 0..<tiles {
        Arithmetic.add(&c[unchecked: group], pair: pair + (256 &+ group &* 32), points[unchecked: 2])
      }
      for group in 0..<tiles {
        Arithmetic.add(&d[unchecked: group], pair: pair + (384 &+ group &* 32), points[unchecked: 3])
      }
      for group in 0..<tiles where !tile.isNarrow(group) {
        Arithmetic.add(&e[unchecked: group], pair: pair + (512 &+ group &* 32), points[unchecked: 4])
      }
      for group in 0..<tiles {
        Arithmetic.add(&f[unchecked: group], pair: pair + (640 &+ group &* 32), points[unchecked: 5])
      }
      pair += 4
      weights += 192
    } while pair != input + 32
    input += 768
    rest &-= 16
  } while rest != 0
  let factors = WinogradFactors()
  for group in 0..<tiles {
    let products: InlineArray<6, SIMD16<Int32>> = [
      a[unchecked: group], b[unchecked: group], c[unchecked: group], d[unchecked: group], e[unchecked: group],
      f[unchecked: group],
    ]
    let outputs = WinogradUnitStride.outputs(narrow: tile.isNarrow(group), factors) { products[unchecked: $0] }
    for column in 0..<4 { row.sums[group &* 4 &+ column] = outputs[unchecked: column] }
  }
}
