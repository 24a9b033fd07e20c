import CSIMD

/// Computes 3×3 windows side by side with columns that neighbours share, each of which is loaded once; all other windows by
/// `Products`.
public enum DepthwiseByColumns<Columns: DepthwiseColumns, Products: DepthwiseProducts>: DepthwiseWay
where Products.Sum == Int32 {
  @inlinable
  public static var name: String { "depthwise " + Products.values.rawValue }

  /// Whole rows, where they are computed by columns.
  @inlinable
  public static func tilePixels(_ layer: DepthwiseLayer) -> Int {
    covers(layer) ? layer.outputWidth : DepthwiseLayer.tilePixels
  }

  @inlinable @inline(__always)
  static func covers(_ layer: DepthwiseLayer) -> Bool {
    layer.kernelHeight == 3 && layer.kernelWidth == 3 && layer.pixelBytes == layer.channels
  }

  /// Pixels of a row whose channels are computed one block after the other: their columns stay in the cache.
  @inlinable @inline(__always)
  static var segment: Int { 24 }

  @inlinable @inline(__always)
  public static func convolve<Output: RequantisedOutput>(
    _ layer: DepthwiseLayer, _ output: Output, _ slice: ConvolutionSlice
  ) {
    guard covers(layer) else { return convolveDepthwise(Products.self, layer, output, slice) }
    var first = slice.pixels.lowerBound
    while first < slice.pixels.upperBound {
      let row = first / layer.outputWidth
      let column = first &- row &* layer.outputWidth
      let rest = min(layer.outputWidth &- column, slice.pixels.upperBound &- first)
      // What would be left of a row is part of its last segment.
      let count = rest < segment &+ 3 ? rest : segment
      if count < 3 {
        convolveDepthwise(
          Products.self, layer, output, ConvolutionSlice(blocks: slice.blocks, pixels: first..<first &+ count))
      } else {
        convolveSegment(layer, output, slice.blocks, row: row, column: column, count: count)
      }
      first &+= count
    }
  }

  /// Computes neighbours of one row, at least three. There is one loop for all activations: nearly all have one.
  @inlinable @inline(__always)
  static func convolveSegment<Output: RequantisedOutput>(
    _ layer: DepthwiseLayer, _ output: Output, _ blocks: Range<Int>, row: Int, column: Int, count: Int
  ) {
    let (pixelBytes, rowBytes) = (layer.pixelBytes, layer.windowRowBytes)
    let stored = output.plane.pixelBytes
    for block in blocks {
      let weights = Columns.loadWeights(layer.weights + block &* 16, columnBytes: layer.channels)
      let constants = output.constants(block: block)
      let start = Columns.start(constants.requantisation.bias, weights)
      let input = layer.input + (row &* layer.rowBytes &+ column &* pixelBytes &+ block &* 16)
      let place = output.plane.pixel(row: row, column: column) + block &* Output.blockBytes
      var pixel = 0
      var window = input
      var a = Columns.loadColumn(window, rowBytes: rowBytes)
      var b = Columns.loadColumn(window + pixelBytes, rowBytes: rowBytes)
      while true {
        let target = place + pixel &* stored
        let next = window + 2 &* pixelBytes
        let c = Columns.loadColumn(next, rowBytes: rowBytes)
        output.store(
          biased: csimd_float_from_int(Columns.sums(start, a, b, c, weights)), isLinear: false, constants, at: target)
        a = Columns.loadColumn(next + pixelBytes, rowBytes: rowBytes)
        output.store(
          biased: csimd_float_from_int(Columns.sums(start, b, c, a, weights)), isLinear: false, constants,
          at: target + stored)
        b = Columns.loadColumn(next + 2 &* pixelBytes, rowBytes: rowBytes)
        output.store(
          biased: csimd_float_from_int(Columns.sums(start, c, a, b, weights)), isLinear: false, constants,
          at: target + 2 &* stored)
        pixel &+= 3
        window += 3 &* pixelBytes
        if pixel &+ 3 > count {
          if pixel == count { break }
          // The last three windows, of which one or two are there already.
          pixel = count &- 3
          window = input + pixel &* pixelBytes
          a = Columns.loadColumn(window, rowBytes: rowBytes)
          b = Columns.loadColumn(window + pixelBytes, rowBytes: rowBytes)
        }
      }
    }
  }
}
