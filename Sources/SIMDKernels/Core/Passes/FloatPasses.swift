import CSIMD

/// Float trunk → the bordered float input of a convolution: `y = x · scale + shift`, the border 0.
///
/// Layouts as in `TrunkQuantisation`, float32.
public struct FloatNormalisation: @unchecked Sendable {
  public var trunk: UnsafePointer<Float>
  public var height: Int
  public var width: Int
  public var channels: Int
  public var scale: UnsafePointer<Float>
  public var shift: UnsafePointer<Float>
  public var output: OutputPlane

  @inlinable
  public init(
    trunk: UnsafePointer<Float>, height: Int, width: Int, channels: Int, scale: UnsafePointer<Float>,
    shift: UnsafePointer<Float>, output: OutputPlane
  ) {
    self.trunk = trunk
    self.height = height
    self.width = width
    self.channels = channels
    self.scale = scale
    self.shift = shift
    self.output = output
  }
}

@inlinable @inline(__always)
func normaliseFloat<Arithmetics: KernelArithmetics>(
  _: Arithmetics.Type, _ pass: FloatNormalisation, rows: Range<Int>
) {
  for row in rows {
    var input = pass.trunk + (row &* pass.width &* pass.channels)
    var output = pass.output.pixel(row: row, column: 0)
    for _ in 0..<pass.width {
      var channel = 0
      while channel < pass.channels {
        output.storeBytes(
          of: load(input) * load(pass.scale + channel) + load(pass.shift + channel), as: SIMD16<Float>.self)
        input += 16
        output += 64
        channel &+= 16
      }
    }
  }
}

/// `trunk = shortcut + branch · gate`, float32, the fields as in `TrunkUpdate`.
public struct FloatTrunkUpdate: @unchecked Sendable {
  public var branch: UnsafePointer<Float>
  public var gate: UnsafePointer<Float>
  public var shortcut: UnsafePointer<Float>?
  public var shortcutStride: Int
  public var shortcutWidth: Int
  public var trunk: UnsafeMutablePointer<Float>
  public var width: Int
  public var channels: Int

  @inlinable
  public init(
    branch: UnsafePointer<Float>, gate: UnsafePointer<Float>, shortcut: UnsafePointer<Float>?, shortcutStride: Int,
    shortcutWidth: Int, trunk: UnsafeMutablePointer<Float>, width: Int, channels: Int
  ) {
    self.branch = branch
    self.gate = gate
    self.shortcut = shortcut
    self.shortcutStride = shortcutStride
    self.shortcutWidth = shortcutWidth
    self.trunk = trunk
    self.width = width
    self.channels = channels
  }
}

@inlinable @inline(__always)
func updateFloatTrunk<Arithmetics: KernelArithmetics>(
  _: Arithmetics.Type, _ pass: FloatTrunkUpdate, rows: Range<Int>
) {
  for row in rows {
    for column in 0..<pass.width {
      let pixel = (row &* pass.width &+ column) &* pass.channels
      let shortcutPixel =
        (row &* pass.shortcutStride &* pass.shortcutWidth &+ column &* pass.shortcutStride) &* pass.channels
      var channel = 0
      while channel < pass.channels {
        var sum = load(pass.branch + (pixel &+ channel)) * load(pass.gate + channel)
        if let shortcut = pass.shortcut { sum += load(shortcut + (shortcutPixel &+ channel)) }
        UnsafeMutableRawPointer(pass.trunk + (pixel &+ channel)).storeBytes(of: sum, as: SIMD16<Float>.self)
        channel &+= 16
      }
    }
  }
}

/// Sums over pixels per channel; layout as in `ChannelSums`.
public struct FloatChannelSums: @unchecked Sendable {
  public var values: UnsafePointer<Float>
  public var pixels: Int
  public var channels: Int
  public var sums: UnsafeMutablePointer<Float>

  @inlinable
  public init(values: UnsafePointer<Float>, pixels: Int, channels: Int, sums: UnsafeMutablePointer<Float>) {
    self.values = values
    self.pixels = pixels
    self.channels = channels
    self.sums = sums
  }
}

@inlinable @inline(__always)
func sumFloatChannels<Arithmetics: KernelArithmetics>(
  _: Arithmetics.Type, _ pass: FloatChannelSums, blocks: Range<Int>
) {
  for block in blocks {
    var sum = SIMD16<Float>()
    var value = pass.values + block &* 16
    for _ in 0..<pass.pixels {
      sum += load(value)
      value += pass.channels
    }
    UnsafeMutableRawPointer(pass.sums + block &* 16).storeBytes(of: sum, as: SIMD16<Float>.self)
  }
}
