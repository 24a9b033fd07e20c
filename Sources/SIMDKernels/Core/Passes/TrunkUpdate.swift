import CSIMD

/// Trunk → int8, the block's leading BatchNorm folded in: `q = clamp(roundToNearestEven(Float(t) · scale + offset))`,
/// where `offset` already holds the zero point. Two roundings, not fused.
///
/// Layouts: trunk int16 [row][column][channel]; output int8 [row][column][channel], rows as far apart as its plane
/// says.
public struct TrunkQuantisation: @unchecked Sendable {
  public var trunk: UnsafePointer<Int16>
  public var height: Int
  public var width: Int
  /// A multiple of 16.
  public var channels: Int
  public var scale: UnsafePointer<Float>
  public var offset: UnsafePointer<Float>
  public var output: OutputPlane
  public var flip: Int8

  @inlinable
  public init(
    trunk: UnsafePointer<Int16>, height: Int, width: Int, channels: Int, scale: UnsafePointer<Float>,
    offset: UnsafePointer<Float>, output: OutputPlane, flip: Int8
  ) {
    self.trunk = trunk
    self.height = height
    self.width = width
    self.channels = channels
    self.scale = scale
    self.offset = offset
    self.output = output
    self.flip = flip
  }
}

@inlinable @inline(__always)
func quantiseTrunk<Arithmetics: KernelArithmetics>(
  _: Arithmetics.Type, _ pass: TrunkQuantisation, rows: Range<Int>
) {
  forEachTrunkVector(
    pass.trunk, pass.width, pass.channels, pass.scale, pass.offset, pass.output, valueBytes: 1, rows: rows
  ) {
    $1.storeBytes(of: roundedToInt8($0) ^ SIMD16(repeating: pass.flip), as: SIMD16<Int8>.self)
  }
}

/// Trunk → int16, the block's leading BatchNorm folded in: `q = clamp(roundToNearestEven(Float(t) · scale + offset))`
/// to ±`limit`, for a convolution of int16. Two roundings, not fused.
///
/// Layouts: as of `TrunkQuantisation`.
public struct TrunkScaling: @unchecked Sendable {
  public var trunk: UnsafePointer<Int16>
  public var height: Int
  public var width: Int
  /// A multiple of 16.
  public var channels: Int
  public var scale: UnsafePointer<Float>
  public var offset: UnsafePointer<Float>
  public var output: OutputPlane
  /// 1…32767.
  public var limit: Int16

  @inlinable
  public init(
    trunk: UnsafePointer<Int16>, height: Int, width: Int, channels: Int, scale: UnsafePointer<Float>,
    offset: UnsafePointer<Float>, output: OutputPlane, limit: Int16
  ) {
    self.trunk = trunk
    self.height = height
    self.width = width
    self.channels = channels
    self.scale = scale
    self.offset = offset
    self.output = output
    self.limit = limit
  }
}

@inlinable @inline(__always)
func scaleTrunk<Arithmetics: KernelArithmetics>(
  _: Arithmetics.Type, _ pass: TrunkScaling, rows: Range<Int>
) {
  forEachTrunkVector(
    pass.trunk, pass.width, pass.channels, pass.scale, pass.offset, pass.output, valueBytes: 2, rows: rows
  ) {
    $1.storeBytes(of: roundedToInt16($0, lowest: 0 &- pass.limit, highest: pass.limit), as: SIMD16<Int16>.self)
  }
}

/// Calls `store` with `Float(t) · scale + offset` of every 16 channels in `rows`, and their place in the output, whose
/// values have `valueBytes`.
@inlinable @inline(__always)
func forEachTrunkVector(
  _ trunk: UnsafePointer<Int16>, _ width: Int, _ channels: Int, _ scale: UnsafePointer<Float>,
  _ offset: UnsafePointer<Float>, _ output: OutputPlane, valueBytes: Int, rows: Range<Int>,
  _ store: (SIMD16<Float>, _ place: UnsafeMutableRawPointer) -> Void
) {
  for row in rows {
    // The channels' numbers stay in registers while a row's pixels pass.
    var channel = 0
    while channel < channels {
      let (scale, offset) = (load(scale + channel), load(offset + channel))
      var input = trunk + (row &* width &* channels &+ channel)
      var place = output.pixel(row: row, column: 0) + channel &* valueBytes
      for _ in 0..<width {
        store(csimd_float_from_int(csimd_widen_i16(csimd_load_16_shorts(input))) * scale + offset, place)
        input = moved(input, by: channels)
        place += output.pixelBytes
      }
      channel &+= 16
    }
  }
}

/// `trunk = clamp(shortcut + roundToNearestEven(Float(branch) · gate))`, all int16 [row][column][channel].
///
/// `shortcut` is the trunk itself (an integer addition), another buffer of the same shape, or, with `rescale`, every
/// `shortcutStride`-th pixel of the previous stage's trunk, brought to this stage's scale first.
public struct TrunkUpdate: @unchecked Sendable {
  public var branch: UnsafePointer<Int16>
  public var gate: UnsafePointer<Float>
  /// Nil where the branch becomes the trunk.
  public var shortcut: UnsafePointer<Int16>?
  public var shortcutStride: Int
  public var shortcutWidth: Int
  public var rescale: UnsafePointer<Float>?
  public var trunk: UnsafeMutablePointer<Int16>
  public var width: Int
  public var channels: Int

  @inlinable
  public init(
    branch: UnsafePointer<Int16>, gate: UnsafePointer<Float>, shortcut: UnsafePointer<Int16>?, shortcutStride: Int,
    shortcutWidth: Int, rescale: UnsafePointer<Float>?, trunk: UnsafeMutablePointer<Int16>, width: Int, channels: Int
  ) {
    self.branch = branch
    self.gate = gate
    self.shortcut = shortcut
    self.shortcutStride = shortcutStride
    self.shortcutWidth = shortcutWidth
    self.rescale = rescale
    self.trunk = trunk
    self.width = width
    self.channels = channels
  }
}

@inlinable @inline(__always)
func updateTrunk<Arithmetics: KernelArithmetics>(
  _: Arithmetics.Type, _ pass: TrunkUpdate, rows: Range<Int>
) {
  for row in rows {
    var channel = 0
    while channel < pass.channels {
      updateTrunk(Arithmetics.self, pass, row: row, channel: channel)
      channel &+= 16
    }
  }
}

/// 16 channels of a row.
@inlinable @inline(__always)
func updateTrunk<Arithmetics: KernelArithmetics>(
  _: Arithmetics.Type, _ pass: TrunkUpdate, row: Int, channel: Int
) {
  guard let shortcut = pass.shortcut else {
    return forEachUpdate(pass, row, channel, pass.branch) { gated, _ in roundedToInt16(gated) }
  }
  guard let rescale = pass.rescale else {
    return forEachUpdate(pass, row, channel, shortcut) { roundedToInt16($0, adding: $1) }
  }
  let ratio = load(rescale + channel)
  forEachUpdate(pass, row, channel, shortcut) { gated, value in
    let rescaled = csimd_float_from_int(csimd_widen_i16(value)) * ratio
    return csimd_narrow_to_i16(
      csimd_clamp_i32(
        roundToNearestEven(gated, limit: 65536) &+ roundToNearestEven(rescaled, limit: 65536), -32768, 32767))
  }
}

/// Calls `sum` with the gated branch and the shortcut of each pixel, and stores what it returns.
@inlinable @inline(__always)
func forEachUpdate(
  _ pass: TrunkUpdate, _ row: Int, _ channel: Int, _ shortcut: UnsafePointer<Int16>,
  _ sum: (SIMD16<Float>, SIMD16<Int16>) -> SIMD16<Int16>
) {
  let gate = load(pass.gate + channel)
  let first = row &* pass.width &* pass.channels &+ channel
  var (branch, trunk) = (pass.branch + first, pass.trunk + first)
  var value = shortcut + (row &* pass.shortcutStride &* pass.shortcutWidth &* pass.channels &+ channel)
  for _ in 0..<pass.width {
    let gated = csimd_float_from_int(csimd_widen_i16(csimd_load_16_shorts(branch))) * gate
    csimd_store_16_shorts(trunk, sum(gated, csimd_load_16_shorts(value)))
    branch = moved(branch, by: pass.channels)
    trunk = UnsafeMutablePointer(mutating: moved(UnsafePointer(trunk), by: pass.channels))
    value = moved(value, by: pass.shortcutStride &* pass.channels)
  }
}

/// Each pointer moves by itself: loads and stores of ARM can do that on the way.
@inlinable @inline(__always)
func moved(_ pointer: UnsafePointer<Int16>, by count: Int) -> UnsafePointer<Int16> {
  UnsafePointer(
    csimd_opaque_pointer(UnsafeMutableRawPointer(mutating: pointer + count)).assumingMemoryBound(to: Int16.self))
}

/// Sums over pixels per channel, for squeeze-and-excitation: exact as long as there are at most 65,535 pixels.
///
/// Layout: values [pixel][channel].
public struct ChannelSums: @unchecked Sendable {
  public var values: UnsafePointer<Int16>
  public var pixels: Int
  public var channels: Int
  public var sums: UnsafeMutablePointer<Int32>

  @inlinable
  public init(values: UnsafePointer<Int16>, pixels: Int, channels: Int, sums: UnsafeMutablePointer<Int32>) {
    self.values = values
    self.pixels = pixels
    self.channels = channels
    self.sums = sums
  }
}

@inlinable @inline(__always)
func sumChannels<Arithmetics: KernelArithmetics>(
  _: Arithmetics.Type, _ pass: ChannelSums, blocks: Range<Int>
) {
  for block in blocks {
    var sum = SIMD16<Int32>()
    var value = pass.values + block &* 16
    for _ in 0..<pass.pixels {
      sum = sum &+ csimd_widen_i16(csimd_load_16_shorts(value))
      value = moved(value, by: pass.channels)
    }
    UnsafeMutableRawPointer(pass.sums + block &* 16).storeBytes(of: sum, as: SIMD16<Int32>.self)
  }
}
