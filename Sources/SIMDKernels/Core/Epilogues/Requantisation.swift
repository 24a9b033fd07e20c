import CSIMD

/// Per-channel numbers of a requantisation, all in the packed channel order (a multiple of 16 of them).
///
/// `q = clamp(roundToNearestEven(Float(sum + bias) · m) + zero)` with `m = sum + bias < 0 ? negative : positive`: one
/// conversion, one multiplication, one rounding, so that there is nothing that a machine could do differently. PReLU is
/// the choice of `m`.
public struct Requantisation: @unchecked Sendable {
  public var bias: UnsafePointer<Int32>
  public var positive: UnsafePointer<Float>
  public var negative: UnsafePointer<Float>
  /// Whether `positive` and `negative` are known to be equal: without PReLU there is nothing to choose.
  public var isLinear: Bool

  @inlinable
  public init(
    bias: UnsafePointer<Int32>, positive: UnsafePointer<Float>, negative: UnsafePointer<Float>, isLinear: Bool = false
  ) {
    self.bias = bias
    self.positive = positive
    self.negative = negative
    self.isLinear = isLinear
  }

  /// Asks for those of 16 channels, which is harmless behind the last.
  @inlinable @inline(__always)
  func prefetch(block: Int) {
    csimd_prefetch_near(bias + block &* 16)
    csimd_prefetch_near(positive + block &* 16)
    csimd_prefetch_near(negative + block &* 16)
  }

  /// Those of 16 channels.
  @inlinable @inline(__always)
  func block(_ block: Int) -> RequantisationBlock {
    let channel = block &* 16
    return RequantisationBlock(
      bias: load(bias + channel), positive: load(positive + channel), negative: load(negative + channel))
  }
}

/// The numbers of 16 channels, in registers.
public struct RequantisationBlock: BitwiseCopyable {
  @usableFromInline let bias: SIMD16<Int32>
  @usableFromInline let positive: SIMD16<Float>
  @usableFromInline let negative: SIMD16<Float>

  @inlinable @inline(__always)
  init(bias: SIMD16<Int32>, positive: SIMD16<Float>, negative: SIMD16<Float>) {
    (self.bias, self.positive, self.negative) = (bias, positive, negative)
  }

  @inlinable @inline(__always)
  func scaled(_ sums: SIMD16<Int32>) -> SIMD16<Float> {
    let biased = sums &+ bias
    return csimd_float_from_int(biased) * csimd_select_by_sign(biased, positive, negative)
  }
  /// Of sums with their bias.
  @inlinable @inline(__always)
  func scaled(_ biased: SIMD16<Float>, isLinear: Bool) -> SIMD16<Float> {
    biased * (isLinear ? positive : csimd_select_by_float_sign(biased, positive, negative))
  }
}

/// Where a layer's output goes: one pixel is `pixelBytes` long, one row `rowBytes`.
public struct OutputPlane: @unchecked Sendable {
  public var base: UnsafeMutableRawPointer
  public var pixelBytes: Int
  public var rowBytes: Int

  @inlinable
  public init(base: UnsafeMutableRawPointer, pixelBytes: Int, rowBytes: Int) {
    self.base = base
    self.pixelBytes = pixelBytes
    self.rowBytes = rowBytes
  }

  @inlinable @inline(__always)
  func pixel(row: Int, column: Int) -> UnsafeMutableRawPointer {
    base + (row &* rowBytes &+ column &* pixelBytes)
  }
}

/// An epilogue that also takes sums that already have their bias, as floats.
public protocol RequantisedOutput: ConvolutionOutput where Sum == Int32 {
  var requantisation: Requantisation { get }
  /// - Parameter isLinear: as the requantisation says.
  func store(biased: SIMD16<Float>, isLinear: Bool, _ constants: Constants, at address: UnsafeMutableRawPointer)
}

extension RequantisedOutput {
  @inlinable @inline(__always)
  func store(biased: SIMD16<Float>, isLinear: Bool, _ constants: Constants, block: Int, row: Int, column: Int) {
    store(
      biased: biased, isLinear: isLinear, constants,
      at: plane.pixel(row: row, column: column) + block &* Self.blockBytes)
  }
}

/// Requantises to int8 (stored XOR `flip`): the input of the next convolution.
public struct Int8Output: RequantisedOutput {
  public var plane: OutputPlane
  public var requantisation: Requantisation
  /// Zero points, one per channel.
  public var zero: UnsafePointer<Int8>
  public var flip: Int8

  @inlinable
  public init(plane: OutputPlane, requantisation: Requantisation, zero: UnsafePointer<Int8>, flip: Int8) {
    self.plane = plane
    self.requantisation = requantisation
    self.zero = zero
    self.flip = flip
  }

  @inlinable @inline(__always)
  public static var blockBytes: Int { 16 }
  @inlinable @inline(__always)
  public func constants(block: Int) -> Constants {
    Constants(requantisation: requantisation.block(block), zero: load(zero + block &* 16))
  }
  @inlinable @inline(__always)
  public func store(_ sums: SIMD16<Int32>, _ constants: Constants, at address: UnsafeMutableRawPointer) {
    store(scaled: constants.requantisation.scaled(sums), constants, at: address)
  }
  @inlinable @inline(__always)
  public func store(
    biased: SIMD16<Float>, isLinear: Bool, _ constants: Constants, at address: UnsafeMutableRawPointer
  ) {
    store(scaled: constants.requantisation.scaled(biased, isLinear: isLinear), constants, at: address)
  }
  @inlinable @inline(__always)
  func store(scaled: SIMD16<Float>, _ constants: Constants, at address: UnsafeMutableRawPointer) {
    let quantised = roundedToInt8(scaled, zero: constants.zero)
    address.storeBytes(of: quantised ^ SIMD16(repeating: flip), as: SIMD16<Int8>.self)
  }

  public struct Constants: BitwiseCopyable {
    @usableFromInline let requantisation: RequantisationBlock
    @usableFromInline let zero: SIMD16<Int8>

    @inlinable @inline(__always)
    init(requantisation: RequantisationBlock, zero: SIMD16<Int8>) {
      (self.requantisation, self.zero) = (requantisation, zero)
    }
  }
}

/// Requantises to int16: a residual branch, the trunk itself, or the input of the next convolution.
public struct Int16Output: RequantisedOutput {
  public var plane: OutputPlane
  public var requantisation: Requantisation
  /// What the values are clamped to: the sums of the next convolution rely on it.
  public var lowest: Int16
  public var highest: Int16

  @inlinable
  public init(
    plane: OutputPlane, requantisation: Requantisation, lowest: Int16 = -32768, highest: Int16 = 32767
  ) {
    self.plane = plane
    self.requantisation = requantisation
    self.lowest = lowest
    self.highest = highest
  }

  @inlinable @inline(__always)
  public static var blockBytes: Int { 32 }
  @inlinable @inline(__always)
  public func constants(block: Int) -> Constants {
    Constants(requantisation: requantisation.block(block), lowest: lowest, highest: highest)
  }
  @inlinable @inline(__always)
  public func store(_ sums: SIMD16<Int32>, _ constants: Constants, at address: UnsafeMutableRawPointer) {
    store(scaled: constants.requantisation.scaled(sums), constants, at: address)
  }
  @inlinable @inline(__always)
  public func store(
    biased: SIMD16<Float>, isLinear: Bool, _ constants: Constants, at address: UnsafeMutableRawPointer
  ) {
    store(scaled: constants.requantisation.scaled(biased, isLinear: isLinear), constants, at: address)
  }
  @inlinable @inline(__always)
  func store(scaled: SIMD16<Float>, _ constants: Constants, at address: UnsafeMutableRawPointer) {
    address.storeBytes(
      of: roundedToInt16(scaled, lowest: constants.lowest, highest: constants.highest), as: SIMD16<Int16>.self)
  }

  public struct Constants: BitwiseCopyable {
    @usableFromInline let requantisation: RequantisationBlock
    @usableFromInline let lowest, highest: Int16

    @inlinable @inline(__always)
    init(requantisation: RequantisationBlock, lowest: Int16, highest: Int16) {
      (self.requantisation, self.lowest, self.highest) = (requantisation, lowest, highest)
    }
  }
}

/// Keeps `Float(sum + bias) · m`: the embedding before its norm.
public struct DequantisedOutput: RequantisedOutput {
  public var plane: OutputPlane
  public var requantisation: Requantisation

  @inlinable
  public init(plane: OutputPlane, requantisation: Requantisation) {
    self.plane = plane
    self.requantisation = requantisation
  }

  @inlinable @inline(__always)
  public static var blockBytes: Int { 64 }
  @inlinable @inline(__always)
  public func constants(block: Int) -> RequantisationBlock { requantisation.block(block) }
  @inlinable @inline(__always)
  public func store(_ sums: SIMD16<Int32>, _ constants: RequantisationBlock, at address: UnsafeMutableRawPointer) {
    address.storeBytes(of: constants.scaled(sums), as: SIMD16<Float>.self)
  }
  @inlinable @inline(__always)
  public func store(
    biased: SIMD16<Float>, isLinear: Bool, _ constants: RequantisationBlock, at address: UnsafeMutableRawPointer
  ) {
    address.storeBytes(of: constants.scaled(biased, isLinear: isLinear), as: SIMD16<Float>.self)
  }
}

/// The float engine's epilogue: bias and PReLU (slopes of 1 where there is none).
public struct FloatOutput: ConvolutionOutput, @unchecked Sendable {
  public var plane: OutputPlane
  public var bias: UnsafePointer<Float>
  public var slopes: UnsafePointer<Float>

  @inlinable
  public init(plane: OutputPlane, bias: UnsafePointer<Float>, slopes: UnsafePointer<Float>) {
    self.plane = plane
    self.bias = bias
    self.slopes = slopes
  }

  @inlinable @inline(__always)
  public static var blockBytes: Int { 64 }
  @inlinable @inline(__always)
  public func constants(block: Int) -> Constants {
    Constants(bias: load(bias + block &* 16), slopes: load(slopes + block &* 16))
  }
  @inlinable @inline(__always)
  public func store(_ sums: SIMD16<Float>, _ constants: Constants, at address: UnsafeMutableRawPointer) {
    let value = sums + constants.bias
    address.storeBytes(
      of: csimd_select_by_float_sign(value, value, value * constants.slopes), as: SIMD16<Float>.self)
  }

  public struct Constants: BitwiseCopyable {
    @usableFromInline let bias: SIMD16<Float>
    @usableFromInline let slopes: SIMD16<Float>

    @inlinable @inline(__always)
    init(bias: SIMD16<Float>, slopes: SIMD16<Float>) { (self.bias, self.slopes) = (bias, slopes) }
  }
}
