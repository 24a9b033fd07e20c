/// A convolution kernel of an instruction set: the function, and what a caller must know to feed it.
///
/// A call computes one slice of a layer's output, so threads share a layer by calling with disjoint slices. Buffers may
/// be read up to 64 bytes past their end.
public struct ConvolutionKernel<Layer, Output>: Sendable {
  /// The name in reports, such as `interleaved int8, i8mm`.
  public let name: String
  /// The best way to cut a layer into slices.
  public let cutting: ConvolutionCutting
  /// The number of pixels at whose multiples a layer should be cut.
  public let tilePixels: @Sendable (Layer) -> Int
  /// The bytes of scratch memory that a slice of up to so many pixels needs (`ConvolutionSlice.scratch`), or 0.
  public let scratchBytes: @Sendable (Layer, _ pixels: Int) -> Int
  /// Computes a slice. The closure takes pointers because the type of a closure over `Layer` and `Output` themselves is
  /// reached through a thunk, into which LLVM inlines nothing: not even single instructions.
  @usableFromInline let compute: Compute

  public typealias Compute =
    @Sendable (UnsafePointer<Layer>, UnsafePointer<Output>, ConvolutionSlice) -> Void

  @inlinable
  public init(
    name: String, cutting: ConvolutionCutting = .groupsOfBlocks, tilePixels: @escaping @Sendable (Layer) -> Int,
    scratchBytes: @escaping @Sendable (Layer, _ pixels: Int) -> Int,
    compute: @escaping Compute
  ) {
    self.name = name
    self.cutting = cutting
    self.tilePixels = tilePixels
    self.scratchBytes = scratchBytes
    self.compute = compute
  }

  /// Computes a slice.
  @inlinable
  public func run(_ layer: Layer, _ output: Output, _ slice: ConvolutionSlice) {
    withUnsafePointer(to: layer) { layer in withUnsafePointer(to: output) { compute(layer, $0, slice) } }
  }

  /// Returns this kernel with another function.
  public func computing(
    _ run: @escaping @Sendable (Layer, Output, ConvolutionSlice) -> Void
  ) -> ConvolutionKernel {
    ConvolutionKernel(name: name, cutting: cutting, tilePixels: tilePixels, scratchBytes: scratchBytes) {
      run($0.pointee, $1.pointee, $2)
    }
  }
}

/// The best way to cut a convolution into slices for several threads.
public enum ConvolutionCutting: Sendable {
  /// Into groups of few blocks of output channels, whose weights stay in the cache while the pixels pass, and then into
  /// ranges of pixels.
  case groupsOfBlocks
  /// Into ranges of pixels only, as long as there are enough of them: all channels of a pixel lie side by side.
  case pixels
  /// Into few large slices, because each copies its pixels into scratch memory first.
  case fewSlices
}
