/// Adds `count` bytes to `count` sums, at most 257 times.
public func addRow(_ row: UnsafePointer<UInt8>, to sums: UnsafeMutablePointer<UInt16>, count: Int) {
  for index in 0..<count { sums[index] &+= UInt16(row[index]) }
}

/// The rounded mean of every `group` pixels of three channels, whose columns were summed up over `rows` rows; the last
/// group may be smaller. `means` has room for ⌈pixels / group⌉ · 3 bytes, and `group · rows` is at most 65,536.
public func averageColumns(
  _ sums: UnsafePointer<UInt16>, pixels: Int, group: Int, rows: Int, into means: UnsafeMutablePointer<UInt8>
) {
  var first = 0
  var mean = means
  while first < pixels {
    let end = min(first + group, pixels)
    var sum = SIMD4<UInt32>()
    for pixel in first..<end {
      let channels = sums + 3 * pixel
      sum &+= SIMD4(UInt32(channels[0]), UInt32(channels[1]), UInt32(channels[2]), 0)
    }
    // A sum is below 2⁸ · count, so that the product is below 2³² with what is added for rounding.
    let reciprocal = (1 << 24) / UInt32((end - first) * rows)
    sum = (sum &* reciprocal &+ (1 << 23)) &>> 24
    for channel in 0..<3 { mean[channel] = UInt8(truncatingIfNeeded: sum[channel]) }
    mean += 3
    first = end
  }
}

/// `upper · (256 − weight) + lower · weight`, `weight` being 0…256.
public func blendRows(
  _ upper: UnsafePointer<UInt8>, _ lower: UnsafePointer<UInt8>, weight: Int, count: Int,
  into blended: UnsafeMutablePointer<UInt16>
) {
  let toLower = UInt16(weight)
  let toUpper = 256 - toLower
  for index in 0..<count { blended[index] = UInt16(upper[index]) &* toUpper &+ UInt16(lower[index]) &* toLower }
}

/// Where in a row of pixels a pixel of the resized row lies.
public struct ColumnTap: Sendable, Equatable {
  /// The pixel to the left; the next one is there, too.
  public var first: Int32
  /// How much the next one counts, 0…256.
  public var toNext: UInt32

  public init(first: Int32, toNext: UInt32) {
    self.first = first
    self.toNext = toNext
  }
}

/// Pixels of three channels between those of a row that `blendRows` made, rounded to bytes.
///
/// Reads one element behind the row's last pixel.
public func blendColumns(
  _ blended: UnsafePointer<UInt16>, taps: UnsafePointer<ColumnTap>, count: Int, into pixels: UnsafeMutablePointer<UInt8>
) {
  for index in 0..<count {
    let tap = taps[index]
    let left = UnsafeRawPointer(blended + 3 * Int(tap.first))
    let here = SIMD4<UInt32>(truncatingIfNeeded: left.loadUnaligned(as: SIMD4<UInt16>.self))
    let next = SIMD4<UInt32>(truncatingIfNeeded: (left + 6).loadUnaligned(as: SIMD4<UInt16>.self))
    // At most 255 · 2¹⁶ and what is added for rounding.
    let pixel = (here &* (256 &- tap.toNext) &+ next &* tap.toNext &+ (1 << 15)) &>> 16
    for channel in 0..<3 { pixels[3 * index + channel] = UInt8(truncatingIfNeeded: pixel[channel]) }
  }
}
