/// An epilogue that requantises integers. It also takes sums that already have their bias, as floats.
public protocol RequantisedOutput: ConvolutionOutput where Sum == Int32, Constants: RequantisedConstants {
  var requantisation: Requantisation { get }
  /// Rounds and stores the values of 16 channels.
  func store(scaled: SIMD16<Float>, _ constants: Constants, at address: UnsafeMutableRawPointer)
}

/// The numbers of 16 channels that a `RequantisedOutput` keeps in registers.
public protocol RequantisedConstants: BitwiseCopyable {
  var requantisation: RequantisationBlock { get }
}

extension RequantisedOutput {
  @inlinable @inline(__always)
  public func store(_ sums: SIMD16<Int32>, _ constants: Constants, at address: UnsafeMutableRawPointer) {
    store(scaled: constants.requantisation.scaled(sums), constants, at: address)
  }

  /// - Parameter isLinear: as the requantisation says.
  @inlinable @inline(__always)
  func store(biased: SIMD16<Float>, isLinear: Bool, _ constants: Constants, at address: UnsafeMutableRawPointer) {
    store(scaled: constants.requantisation.scaled(biased, isLinear: isLinear), constants, at: address)
  }

  @inlinable @inline(__always)
  func store(biased: SIMD16<Float>, isLinear: Bool, _ constants: Constants, block: Int, row: Int, column: Int) {
    store(
      biased: biased, isLinear: isLinear, constants,
      at: plane.pixel(row: row, column: column) + block &* Self.blockBytes)
  }
}
