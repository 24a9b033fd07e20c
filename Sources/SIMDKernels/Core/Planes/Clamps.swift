import CSIMD

/// Clamps the slice that a convolution has just written, where its activation is a clamp that its epilogue does not
/// know.
public struct ClampPass<Limits: Sendable>: @unchecked Sendable {
  public var plane: OutputPlane
  public var width: Int
  public var limits: Limits

  @inlinable
  public init(plane: OutputPlane, width: Int, limits: Limits) {
    self.plane = plane
    self.width = width
    self.limits = limits
  }

  /// Calls `body` with the place of each pixel in the slice, of a block's 16 channels.
  @inlinable @inline(__always)
  func forEach(_ slice: ConvolutionSlice, block: Int, blockBytes: Int, _ body: (UnsafeMutableRawPointer) -> Void) {
    var row = slice.pixels.lowerBound / width
    var column = slice.pixels.lowerBound &- row &* width
    var rest = slice.pixels.count
    while rest > 0 {
      let count = min(rest, width &- column)
      var place = plane.pixel(row: row, column: column) + block &* blockBytes
      for _ in 0..<count {
        body(place)
        place += plane.pixelBytes
      }
      rest &-= count
      (row, column) = (row &+ 1, 0)
    }
  }
}

@inlinable @inline(__always)
func clampInt16<ISA: InstructionSetKernels>(
  _: ISA.Type, _ pass: ClampPass<IntegerLimits>, _ slice: ConvolutionSlice
) {
  for block in slice.blocks {
    let limits = pass.limits.block(block)
    pass.forEach(slice, block: block, blockBytes: 32) {
      let value = $0.loadUnaligned(as: SIMD16<Int16>.self)
      $0.storeBytes(of: csimd_limit_i16(value, limits.lowest, limits.highest), as: SIMD16<Int16>.self)
    }
  }
}

@inlinable @inline(__always)
func clampFloat<ISA: InstructionSetKernels>(
  _: ISA.Type, _ pass: ClampPass<FloatLimits>, _ slice: ConvolutionSlice
) {
  for block in slice.blocks {
    pass.forEach(slice, block: block, blockBytes: 64) {
      let value = $0.loadUnaligned(as: SIMD16<Float>.self)
      $0.storeBytes(of: csimd_clamp_f32(value, pass.limits.lowest, pass.limits.highest), as: SIMD16<Float>.self)
    }
  }
}
