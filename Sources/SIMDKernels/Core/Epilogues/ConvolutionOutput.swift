/// The epilogue of a convolution: it makes an output of sums, and stores it.
public protocol ConvolutionOutput {
  associatedtype Sum: SIMDScalar
  /// The numbers of 16 channels, which stay in registers while their pixels pass.
  associatedtype Constants: BitwiseCopyable
  var plane: OutputPlane { get }
  /// The number of bytes of 16 channels of a pixel.
  static var blockBytes: Int { get }
  func constants(block: Int) -> Constants
  func store(_ sums: SIMD16<Sum>, _ constants: Constants, at address: UnsafeMutableRawPointer)
}

extension ConvolutionOutput {
  @inlinable @inline(__always)
  func store(_ sums: SIMD16<Sum>, _ constants: Constants, block: Int, row: Int, column: Int) {
    store(sums, constants, at: plane.pixel(row: row, column: column) + block &* Self.blockBytes)
  }
}
