import CSIMD

/// Sums over all pixels, one for each channel: of integers without their zero points, exact where there are at most 65,535
/// pixels.
///
/// Layout: sums [channel].
public struct PlaneSums<Sum>: @unchecked Sendable {
  public var input: InputPlane
  public var height: Int
  public var width: Int
  /// The zero points [channel] of a plane of bytes; nil where all are 0.
  public var zero: UnsafePointer<Int8>?
  public var sums: UnsafeMutablePointer<Sum>

  @inlinable
  public init(
    input: InputPlane, height: Int, width: Int, zero: UnsafePointer<Int8>? = nil, sums: UnsafeMutablePointer<Sum>
  ) {
    self.input = input
    self.height = height
    self.width = width
    self.zero = zero
    self.sums = sums
  }

  /// Calls `body` with the place of each pixel's 16 channels, which it moves on to the next pixel. Rows without a gap
  /// between them are one long row.
  @inlinable @inline(__always)
  func forEach(offset: Int, _ body: (inout UnsafeRawPointer) -> Void) {
    let isOneRow = input.rowBytes == width &* input.pixelBytes
    let (rows, pixels) = isOneRow ? (1, height &* width) : (height, width)
    for row in 0..<rows {
      var place = input.pixel(row: row, column: 0) + offset
      for _ in 0..<pixels { body(&place) }
    }
  }
}

/// - Parameter blocks: blocks of 16 channels.
@inlinable @inline(__always)
func sumPlane<Values: PlaneIntegers>(_: Values.Type, _ pass: PlaneSums<Int32>, blocks: Range<Int>) {
  for block in blocks {
    var sum = SIMD16<Int32>()
    if let zero = pass.zero {
      sum = csimd_widen_i8(load(zero + block &* 16)) &* SIMD16(repeating: Int32(0 &- pass.height &* pass.width))
    }
    pass.forEach(offset: block &* Values.blockBytes) {
      sum = sum &+ csimd_widen_i16(Values.shorts(Values.load($0)))
      $0 = moved($0, by: pass.input.pixelBytes)
    }
    UnsafeMutableRawPointer(pass.sums + block &* 16).storeBytes(of: sum, as: SIMD16<Int32>.self)
  }
}

@inlinable @inline(__always)
func sumFloatPlane<Dot: DotProducts>(_: PlaneFloat<Dot>.Type, _ pass: PlaneSums<Float>, blocks: Range<Int>) {
  for block in blocks {
    var sum = SIMD16<Float>()
    // The pointer moves as the compiler likes: it takes four pixels at a time.
    pass.forEach(offset: block &* 64) {
      sum += $0.loadUnaligned(as: SIMD16<Float>.self)
      $0 += pass.input.pixelBytes
    }
    UnsafeMutableRawPointer(pass.sums + block &* 16).storeBytes(of: sum, as: SIMD16<Float>.self)
  }
}
