import CSIMD

/// The largest Σ|w| of an output channel, of weights packed [block][step][16 output channels][4], `blockBytes` a block.
@inlinable @inline(__always)
func largestWeightSum<ISA: InstructionSetKernels>(
  _: ISA.Type, _ weights: UnsafeRawPointer, blocks: Int, blockBytes: Int
) -> Int32 {
  var largest = SIMD16<Int32>()
  for block in 0..<blocks {
    var sums = SIMD16<Int32>()
    var step = weights + block &* blockBytes
    let end = step + blockBytes
    while step < end {
      let magnitudes = csimd_widen_i8x64(csimd_abs_i8x64(step.loadUnaligned(as: SIMD64<Int8>.self)))
      let pairs = csimd_widen_i16x32(csimd_even_i16(magnitudes) &+ csimd_odd_i16(magnitudes))
      sums = sums &+ csimd_even_i32(pairs) &+ csimd_odd_i32(pairs)
      step += 64
    }
    largest.replace(with: sums, where: sums .> largest)
  }
  return largest.max()
}
