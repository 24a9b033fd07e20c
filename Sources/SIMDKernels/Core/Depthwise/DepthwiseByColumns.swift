import CSIMD

/// Computes 3×3 windows side by side, and two rows at a time where columns are for two, with columns that neighbours share,
/// each of which is loaded once; all other windows by `Products`.
public enum DepthwiseByColumns<Columns: DepthwiseColumns, Products: DepthwiseProducts>: DepthwiseWay
where Products.Sum == Int32 {
  @inlinable
  public static var name: String { "depthwise " + Products.values.rawValue }

  /// Whole rows, where they are computed by columns.
  @inlinable
  public static func tilePixels(_ layer: DepthwiseLayer) -> Int {
    covers(layer) ? Columns.rows &* layer.outputWidth : DepthwiseLayer.tilePixels
  }

  @inlinable @inline(__always)
  static func covers(_ layer: DepthwiseLayer) -> Bool {
    layer.kernelHeight == 3 && layer.kernelWidth == 3 && layer.pixelBytes == layer.channels
      && layer.rowBytes == layer.windowRowBytes
  }

  /// Whether outputs are bytes, or int16 of which no multiplier is chosen by a sign. All others are rare after a depthwise
  /// convolution, and not worth the size of their loops.
  @inlinable @inline(__always)
  static func hasLoops<Output: RequantisedOutput>(for output: Output) -> Bool {
    Output.blockBytes == 16 || Output.blockBytes == 32 && output.requantisation.isLinear
  }

  /// Pixels of a row whose channels are computed one block after the other: their columns stay in the cache.
  @inlinable @inline(__always)
  static var segment: Int { 24 }

  @inlinable @inline(__always)
  public static func convolve<Output: RequantisedOutput>(
    _ layer: DepthwiseLayer, _ output: Output, _ slice: ConvolutionSlice
  ) {
    guard covers(layer), hasLoops(for: output) else {
      return convolveDepthwise(Products.self, layer, output, slice)
    }
    var first = slice.pixels.lowerBound
    while first < slice.pixels.upperBound {
      let row = first / layer.outputWidth
      let start = first &- row &* layer.outputWidth
      let count = min(layer.outputWidth &- start, slice.pixels.upperBound &- first)
      var (top, rows) = (row, 1)
      if Columns.rows == 2, count == layer.outputWidth {
        if first &+ 2 &* count <= slice.pixels.upperBound {
          rows = 2
        } else if first &- count >= slice.pixels.lowerBound {
          // A last row is computed with the one above, which is there already.
          (top, rows) = (row &- 1, 2)
        }
      }
      var column = start
      while column < start &+ count {
        let rest = start &+ count &- column
        // What would be left of a row is part of its last segment.
        let width = rest < segment &+ 3 ? rest : segment
        if width < 3 || rows != Columns.rows {
          for row in top..<top &+ rows {
            let pixel = row &* layer.outputWidth &+ column
            convolveDepthwise(
              Products.self, layer, output, ConvolutionSlice(blocks: slice.blocks, pixels: pixel..<pixel &+ width))
          }
        } else if output.requantisation.isLinear, Output.blockBytes <= 32 {
          convolveSegment(
            layer, output, slice.blocks, row: top, column: column, count: width, ColumnEpilogue<1>())
        } else if Output.blockBytes == 16 {
          convolveSegment(
            layer, output, slice.blocks, row: top, column: column, count: width, ColumnEpilogue<0>())
        }
        column &+= width
      }
      first = (top &+ rows &- 1) &* layer.outputWidth &+ start &+ count
    }
  }

  /// Computes neighbours of one row, at least three, and those below where columns are for two.
  @inlinable @inline(never)
  static func convolveSegment<Output: RequantisedOutput, let linear: Int>(
    _ layer: DepthwiseLayer, _ output: Output, _ blocks: Range<Int>, row: Int, column: Int, count: Int,
    _: ColumnEpilogue<linear>
  ) {
    let (pixelBytes, rowBytes) = (layer.pixelBytes, layer.windowRowBytes)
    let stored = output.plane.pixelBytes
    for block in blocks {
      let constants = output.constants(block: block)
      let weights = layer.weights + block &* 16
      let upper = Columns.loadWeights(weights, columnBytes: layer.channels, row: 0)
      let lower = Columns.loadWeights(weights, columnBytes: layer.channels, row: Columns.rows &- 1)
      let start = Columns.start(constants.requantisation.bias, upper)
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
        store(output, start, a, b, c, upper, lower, isLinear: linear == 1, constants, at: target)
        a = Columns.loadColumn(next + pixelBytes, rowBytes: rowBytes)
        store(output, start, b, c, a, upper, lower, isLinear: linear == 1, constants, at: target + stored)
        b = Columns.loadColumn(next + 2 &* pixelBytes, rowBytes: rowBytes)
        store(output, start, c, a, b, upper, lower, isLinear: linear == 1, constants, at: target + 2 &* stored)
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

  /// Stores the output of three columns, and the one below where columns are for two.
  @inlinable @inline(__always)
  static func store<Output: RequantisedOutput>(
    _ output: Output, _ start: SIMD16<Int32>, _ left: Columns.Column, _ middle: Columns.Column,
    _ right: Columns.Column, _ upper: ColumnWeights<Columns.Column>, _ lower: ColumnWeights<Columns.Column>,
    isLinear: Bool, _ constants: Output.Constants, at target: UnsafeMutableRawPointer
  ) {
    output.store(
      biased: csimd_float_from_int(Columns.sums(start, left, middle, right, upper)), isLinear: isLinear, constants,
      at: target)
    if Columns.rows == 2 {
      output.store(
        biased: csimd_float_from_int(Columns.sums(start, left, middle, right, lower)), isLinear: isLinear, constants,
        at: target + output.plane.rowBytes)
    }
  }
}

/// Whether the requantisation is linear (1) or not (0), as a constant of a loop.
@usableFromInline
struct ColumnEpilogue<let linear: Int> {
  @inlinable @inline(__always)
  init() {}
}
