/// The dot products of one register tile `rounds` times on data in the nearest cache: as many as the instruction set
/// can do, for comparison with the convolutions.
///
/// - Returns: the multiply-accumulates done.
@inlinable @inline(__always)
func repeatDotsOfTile<Products: DotProducts, let groups: Int, let vectors: Int>(
  _: Products.Type, rounds: Int, tile: Tile<groups, vectors>
) -> Int {
  // 0x3F3F3F3F is 0.75 as a float: products do not vanish.
  var bytes = InlineArray<20, SIMD64<Int8>>(repeating: SIMD64(repeating: 0x3F))
  var accumulators = InlineArray<groups, InlineArray<vectors, Products.Accumulator>>(
    repeating: InlineArray(repeating: Products.zero()))
  withUnsafeMutableBytes(of: &bytes) { bytes in
    guard let base = bytes.baseAddress else { return }
    var round = 0
    repeat {
      // Other pixels each time and for each accumulator: the compiler would compute the products of the same ones once.
      let address = UnsafeRawPointer(base + (round & 15) &* 16)
      let pixels = InlineArray<groups, Products.PixelVector> { group in
        Products.loadPixels(address + group &* 8, address + group &* 8)
      }
      forEachConstant(Products.dotsPerLoad) { lane in
        let weights = Products.loadWeights(UnsafeRawPointer(base), lane: lane)
        for vector in 0..<vectors {
          for group in 0..<groups {
            Products.dot(
              &accumulators[unchecked: group][unchecked: vector], pixels[unchecked: group], lane: lane, weights)
          }
        }
      }
      round &+= 1
    } while round < rounds
  }
  // Sums that nobody asks for would not be computed.
  var sum = SIMD16<Products.Sum>()
  for group in 0..<groups {
    for vector in 0..<vectors {
      let sums = Products.sums(accumulators[unchecked: group][unchecked: vector], pixel: 0)
      sum.replace(with: sums, where: sums .!= sum)
    }
  }
  let products = Products.pixelBytesPerLoad / Products.values.bytes &* Products.pixelsPerAccumulator &* 16
  return sum == SIMD16() ? 0 : rounds &* products &* groups &* vectors
}
