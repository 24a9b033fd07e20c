/// Adds every byte of a row to its sum, at most 257 times.
public func addRow(_ row: UnsafeBufferPointer<UInt8>, to sums: UnsafeMutableBufferPointer<UInt16>) {
  for index in 0..<row.count { sums[index] &+= UInt16(row[index]) }
}

/// The rounded mean of every `group` pixels of three channels, whose columns were summed up over `rows` rows; the last
/// group may be smaller. `means` has room for ⌈pixels / group⌉ · 3 bytes, and `group · rows` is at most 65,536.
public func averageColumns(
  _ sums: UnsafeBufferPointer<UInt16>, pixels: Int, group: Int, rows: Int,
  into means: UnsafeMutableBufferPointer<UInt8>
) {
  var first = 0
  var mean = 0
  while first < pixels {
    let end = min(first + group, pixels)
    var sum = SIMD4<UInt32>()
    for pixel in first..<end {
      sum &+= SIMD4(UInt32(sums[3 * pixel]), UInt32(sums[3 * pixel + 1]), UInt32(sums[3 * pixel + 2]), 0)
    }
    // A sum is at most 255 · count, so that the product stays below 2³² with what is added for rounding.
    let reciprocal = (1 << 24) / UInt32((end - first) * rows)
    sum = (sum &* reciprocal &+ (1 << 23)) &>> 24
    for channel in 0..<3 { means[mean + channel] = UInt8(truncatingIfNeeded: sum[channel]) }
    mean += 3
    first = end
  }
}

/// `upper · (256 − weight) + lower · weight`, `weight` being 0…256, for as many bytes as `upper` has.
public func blendRows(
  _ upper: UnsafeBufferPointer<UInt8>, _ lower: UnsafeBufferPointer<UInt8>, weight: Int,
  into blended: UnsafeMutableBufferPointer<UInt16>
) {
  let toLower = UInt16(weight)
  let toUpper = 256 - toLower
  for index in 0..<upper.count { blended[index] = UInt16(upper[index]) &* toUpper &+ UInt16(lower[index]) &* toLower }
}

/// Where in a row of pixels a pixel of the resized row lies.
public struct ColumnTap: Sendable, Equatable {
  /// The pixel to the left.
  public var first: Int32
  /// How much the next one counts, 0…256.
  public var toNext: UInt32

  public init(first: Int32, toNext: UInt32) {
    self.first = first
    self.toNext = toNext
  }
}

/// A pixel of three channels for each tap, between those of a row that `blendRows` made, rounded to bytes.
///
/// Reads four elements behind the row's last pixel.
public func blendColumns(
  _ blended: UnsafeBufferPointer<UInt16>, taps: UnsafeBufferPointer<ColumnTap>,
  into pixels: UnsafeMutableBufferPointer<UInt8>
) {
  let bytes = UnsafeRawBufferPointer(blended)
  for (index, tap) in taps.enumerated() {
    let left = 6 * Int(tap.first)
    let here = SIMD4<UInt32>(truncatingIfNeeded: bytes.loadUnaligned(fromByteOffset: left, as: SIMD4<UInt16>.self))
    let next = SIMD4<UInt32>(truncatingIfNeeded: bytes.loadUnaligned(fromByteOffset: left + 6, as: SIMD4<UInt16>.self))
    // At most 255 · 2¹⁶ and what is added for rounding.
    let pixel = (here &* (256 &- tap.toNext) &+ next &* tap.toNext &+ (1 << 15)) &>> 16
    for channel in 0..<3 { pixels[3 * index + channel] = UInt8(truncatingIfNeeded: pixel[channel]) }
  }
}
