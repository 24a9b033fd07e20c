import CSIMD

// Passes that only move values, whatever they are: int8, int16 or float. Any machine can move sixteen bytes at a time, so
// there is one kernel of each for all instruction sets.

/// The bytes after the real channels of a pixel, up to the stored ones.
public struct ChannelPadding: Sendable {
  public var count: Int
  /// The byte that each of them becomes: the one that is stored for 0.
  public var byte: UInt8

  @inlinable
  public init(count: Int, byte: UInt8 = 0) { (self.count, self.byte) = (count, byte) }

  @inline(__always)
  func fill(_ place: UnsafeMutableRawPointer) {
    for index in 0..<count { (place + index).storeBytes(of: byte, as: UInt8.self) }
  }
}

/// Copies some neighbouring channels of every pixel: a concatenation is one for each of its inputs, a slice is one.
/// Channels may begin anywhere in a pixel; nothing but them and the padding is written.
public struct ChannelCopy: @unchecked Sendable {
  /// The input, from the first channel that is read.
  public var input: InputPlane
  public var width: Int
  /// The number of bytes of the channels that are copied.
  public var byteCount: Int
  /// The output, from the first channel that is written.
  public var output: OutputPlane
  /// The padding after the last channel that is written.
  public var padding: ChannelPadding

  @inlinable
  public init(
    input: InputPlane, width: Int, byteCount: Int, output: OutputPlane,
    padding: ChannelPadding = ChannelPadding(count: 0)
  ) {
    self.input = input
    self.width = width
    self.byteCount = byteCount
    self.output = output
    self.padding = padding
  }
}

@export(interface)
public func copyChannels(_ pass: ChannelCopy, rows: Range<Int>) {
  for row in rows {
    var place = pass.input.pixel(row: row, column: 0)
    var target = pass.output.pixel(row: row, column: 0)
    for _ in 0..<pass.width {
      copyBytes(place, to: target, count: pass.byteCount)
      pass.padding.fill(target + pass.byteCount)
      place += pass.input.pixelBytes
      target += pass.output.pixelBytes
    }
  }
}

/// Makes 2 × 2 equal pixels of each pixel.
public struct Upsampling: @unchecked Sendable {
  public var input: InputPlane
  /// The number of bytes of a pixel as stored: a multiple of 16.
  public var byteCount: Int
  public var output: OutputPlane
  /// The width of the output: twice the input's.
  public var outputWidth: Int

  @inlinable
  public init(input: InputPlane, byteCount: Int, output: OutputPlane, outputWidth: Int) {
    self.input = input
    self.byteCount = byteCount
    self.output = output
    self.outputWidth = outputWidth
  }
}

/// - Parameter rows: the rows of the output to compute.
@export(interface)
public func upsample(_ pass: Upsampling, rows: Range<Int>) {
  for row in rows {
    var place = pass.input.pixel(row: row >> 1, column: 0)
    var target = pass.output.pixel(row: row, column: 0)
    for _ in 0..<pass.outputWidth >> 1 {
      var offset = 0
      repeat {
        let values = (place + offset).loadUnaligned(as: SIMD16<UInt8>.self)
        (target + offset).storeBytes(of: values, as: SIMD16<UInt8>.self)
        (target + (offset &+ pass.output.pixelBytes)).storeBytes(of: values, as: SIMD16<UInt8>.self)
        offset &+= 16
      } while offset < pass.byteCount
      place += pass.input.pixelBytes
      target += 2 &* pass.output.pixelBytes
    }
  }
}

/// Blocks of channels become pixels: channels [row in block][column in block][channel] of input pixel (y, x) those of
/// output pixels (y · factor + row − crop, x · factor + column − crop).
public struct Spreading: @unchecked Sendable {
  public var input: InputPlane
  public var factor: Int
  /// Pixels that are cut off at the top and at the left.
  public var crop: Int
  /// The number of bytes of an output pixel's channels; the blocks of an input pixel lie side by side.
  public var byteCount: Int
  public var output: OutputPlane
  public var outputWidth: Int
  public var padding: ChannelPadding

  @inlinable
  public init(
    input: InputPlane, factor: Int, crop: Int, byteCount: Int, output: OutputPlane, outputWidth: Int,
    padding: ChannelPadding = ChannelPadding(count: 0)
  ) {
    self.input = input
    self.factor = factor
    self.crop = crop
    self.byteCount = byteCount
    self.output = output
    self.outputWidth = outputWidth
    self.padding = padding
  }
}

/// - Parameter rows: the rows of the output to compute.
@export(interface)
public func spreadChannels(_ pass: Spreading, rows: Range<Int>) {
  for row in rows {
    let inputRow = (row &+ pass.crop) / pass.factor
    let firstBlock = (row &+ pass.crop &- inputRow &* pass.factor) &* pass.factor
    var column = pass.crop / pass.factor
    var inBlock = pass.crop &- column &* pass.factor
    var target = pass.output.pixel(row: row, column: 0)
    for _ in 0..<pass.outputWidth {
      copyBytes(
        pass.input.pixel(row: inputRow, column: column) + (firstBlock &+ inBlock) &* pass.byteCount, to: target,
        count: pass.byteCount)
      pass.padding.fill(target + pass.byteCount)
      target += pass.output.pixelBytes
      inBlock &+= 1
      if inBlock == pass.factor { (inBlock, column) = (0, column &+ 1) }
    }
  }
}

/// Repeats the channels of each group, so that a grouped convolution with `repeats` times as many outputs as inputs becomes
/// one with as many (`GroupedOrder.repeats`).
public struct ChannelRepetition: @unchecked Sendable {
  public var input: InputPlane
  public var width: Int
  public var groups: Int
  /// The number of bytes of a group's inputs.
  public var groupBytes: Int
  public var repeats: Int
  public var output: OutputPlane
  public var padding: ChannelPadding

  @inlinable
  public init(
    input: InputPlane, width: Int, groups: Int, groupBytes: Int, repeats: Int, output: OutputPlane,
    padding: ChannelPadding = ChannelPadding(count: 0)
  ) {
    self.input = input
    self.width = width
    self.groups = groups
    self.groupBytes = groupBytes
    self.repeats = repeats
    self.output = output
    self.padding = padding
  }
}

@export(interface)
public func repeatChannels(_ pass: ChannelRepetition, rows: Range<Int>) {
  let inputBytes = pass.groups &* pass.groupBytes
  // Whole vectors at once, where each is doubled by one instruction.
  let isDoubled = pass.repeats == 2 && inputBytes & 15 == 0 && [1, 2, 4, 8].contains(pass.groupBytes)
  for row in rows {
    var place = pass.input.pixel(row: row, column: 0)
    var target = pass.output.pixel(row: row, column: 0)
    for _ in 0..<pass.width {
      if isDoubled {
        for offset in stride(from: 0, to: inputBytes, by: 16) {
          let values = (place + offset).loadUnaligned(as: SIMD16<Int8>.self)
          (target + 2 &* offset).storeBytes(of: doubled(values, pass.groupBytes), as: SIMD32<Int8>.self)
        }
      } else {
        var output = target
        for group in 0..<pass.groups {
          for _ in 0..<pass.repeats {
            copyBytes(place + group &* pass.groupBytes, to: output, count: pass.groupBytes)
            output += pass.groupBytes
          }
        }
      }
      pass.padding.fill(target + inputBytes &* pass.repeats)
      place += pass.input.pixelBytes
      target += pass.output.pixelBytes
    }
  }
}

@inline(__always)
private func doubled(_ values: SIMD16<Int8>, _ unit: Int) -> SIMD32<Int8> {
  switch unit {
  case 1: csimd_double_bytes(values)
  case 2: csimd_double_2_bytes(values)
  case 4: csimd_double_4_bytes(values)
  default: csimd_double_8_bytes(values)
  }
}

/// Exactly `count` bytes, 16 at a time; the last ones overlap with those before.
@inline(__always)
func copyBytes(_ from: UnsafeRawPointer, to: UnsafeMutableRawPointer, count: Int) {
  if count >= 16 {
    copy(SIMD16<UInt8>.self, from, to, count)
  } else if count >= 8 {
    copy(UInt64.self, from, to, count)
  } else if count >= 4 {
    copy(UInt32.self, from, to, count)
  } else {
    for index in 0..<count { (to + index).storeBytes(of: (from + index).load(as: UInt8.self), as: UInt8.self) }
  }
}

/// - Parameter count: the number of bytes, at least the size of a unit.
@inline(__always)
private func copy<Unit: BitwiseCopyable>(
  _: Unit.Type, _ from: UnsafeRawPointer, _ to: UnsafeMutableRawPointer, _ count: Int
) {
  let last = count &- MemoryLayout<Unit>.size
  var offset = 0
  while offset < last {
    (to + offset).storeBytes(of: (from + offset).loadUnaligned(as: Unit.self), as: Unit.self)
    offset &+= MemoryLayout<Unit>.size
  }
  (to + last).storeBytes(of: (from + last).loadUnaligned(as: Unit.self), as: Unit.self)
}
