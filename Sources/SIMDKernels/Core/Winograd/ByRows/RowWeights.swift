import CSIMD

#if arch(x86_64)
  /// A source of the weights of a row of points: three columns of four input channels at a time, transformed in one
  /// direction.
  @usableFromInline
  protocol RowWeights {
    /// The weights [16 output channels][2], of the first and third channel or of the second and fourth.
    func columns(isOdd: Bool) -> InlineArray<3, SIMD32<Int16>>
    mutating func advance()
  }

  /// Weights as `NextRowWeights` stored them, [pair of input channels][3 columns][16 output channels][2].
  @usableFromInline
  struct StoredRowWeights: RowWeights {
    @usableFromInline var weights: UnsafeRawPointer

    @inlinable @inline(__always)
    init(_ layer: WinogradLayer, _ weights: UnsafeMutableRawPointer, row: Int) {
      self.weights = UnsafeRawPointer(weights + (row &- 1) &* RowScratch(layer).planeBytes)
    }

    @inlinable @inline(__always)
    func columns(isOdd: Bool) -> InlineArray<3, SIMD32<Int16>> {
      let first = weights + (isOdd ? 192 : 0)
      return [
        first.load(as: SIMD32<Int16>.self), (first + 64).load(as: SIMD32<Int16>.self),
        (first + 128).load(as: SIMD32<Int16>.self),
      ]
    }
    @inlinable @inline(__always)
    mutating func advance() { weights += 384 }
  }

  /// Weights as they are packed, transformed where they are used: all rows of a layer whose tiles are a single group, which
  /// uses them once, and the first and last row of any layer, which need no more than widening.
  @usableFromInline
  struct PackedRowWeights<let row: Int>: RowWeights {
    @usableFromInline var weights: UnsafeRawPointer
    @usableFromInline let positionBytes: Int

    @inlinable @inline(__always)
    init(_ layer: WinogradLayer, block: Int) {
      weights = layer.weights + block &* layer.blockBytes
      positionBytes = layer.channels &* 16
    }

    @inlinable @inline(__always)
    func columns(isOdd: Bool) -> InlineArray<3, SIMD32<Int16>> {
      [column(0, isOdd: isOdd), column(1, isOdd: isOdd), column(2, isOdd: isOdd)]
    }
    @inlinable @inline(__always)
    mutating func advance() { weights += 64 }

    @inlinable @inline(__always)
    func column(_ column: Int, isOdd: Bool) -> SIMD32<Int16> {
      let first = weights + column &* positionBytes
      if row == 0 { return PackedRowWeights.widened(first, isOdd: isOdd) }
      let third = PackedRowWeights.widened(first + 6 &* positionBytes, isOdd: isOdd)
      if row == 5 { return third }
      return WinogradUnitStride.weights(
        PackedRowWeights.widened(first, isOdd: isOdd),
        PackedRowWeights.widened(first + 3 &* positionBytes, isOdd: isOdd), third)[unchecked: row]
    }

    @inlinable @inline(__always)
    static func widened(_ weights: UnsafeRawPointer, isOdd: Bool) -> SIMD32<Int16> {
      let bytes = weights.loadUnaligned(as: SIMD64<Int8>.self)
      return isOdd ? csimd_widen_odd_bytes(bytes) : csimd_widen_even_bytes(bytes)
    }
  }
#endif
