/// The 3×3 convolutions of int8 as Winograd.
public struct WinogradKernels: Sendable {
  /// The largest stride: 1, or 2 where convolutions with stride 2 are computed, too.
  public var largestStride: Int
  /// Each call computes all pixels of a layer, for some blocks of output channels; so the number of pixels has no
  /// meaning.
  public var toInt8: ConvolutionKernel<WinogradLayer, Int8Output>
  public var toInt16: ConvolutionKernel<WinogradLayer, Int16Output>
  /// The largest Σ|w| of an output channel, of blocks of int8 weights packed in fours.
  public var largestWeightSum: @Sendable (UnsafeRawPointer, _ blocks: Int, _ blockBytes: Int) -> Int32

  @inlinable @inline(__always)
  public init<ISA: InstructionSetKernels>(_: ISA.Type) {
    let name = ISA.kernelName(ISA.Winograd.name)
    largestStride = ISA.Winograd.largestStride
    toInt8 = ConvolutionKernel(
      name: name, tilePixels: { _ in 1 }, scratchBytes: { layer, _ in ISA.Winograd.scratchBytes(layer) },
      compute: { layer, output, slice in
        guard let scratch = slice.scratch else { return }
        ISA.Winograd.convolve(layer.pointee, output.pointee, blocks: slice.blocks, scratch: scratch)
      })
    toInt16 = ConvolutionKernel(
      name: name, tilePixels: { _ in 1 }, scratchBytes: { layer, _ in ISA.Winograd.scratchBytes(layer) },
      compute: { layer, output, slice in
        guard let scratch = slice.scratch else { return }
        ISA.Winograd.convolve(layer.pointee, output.pointee, blocks: slice.blocks, scratch: scratch)
      })
    largestWeightSum = { SIMDKernels.largestWeightSum(ISA.self, $0, blocks: $1, blockBytes: $2) }
  }
}
