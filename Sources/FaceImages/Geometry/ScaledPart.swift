internal import SIMDKernels

extension RGBImage {
  /// A part of the picture at another size, with integers alone, so that it is the same on every machine.
  ///
  /// Shrinking by two or more first takes means of whole blocks of pixels, so that fine patterns do not alias; the rest
  /// is bilinear between pixel centres, with weights of 1/256.
  /// - Parameters:
  ///   - scaledWidth: The whole picture's columns at that size, positive.
  ///   - scaledHeight: Its rows, positive.
  ///   - columns: Of these columns, which the part has.
  ///   - rows: Of these rows, which the part has.
  ///   - paddedWidth: The result's columns, of which those behind the part are black.
  ///   - paddedHeight: The result's rows, of which those below the part are black.
  package func part(
    scaledWidth: Int, scaledHeight: Int, columns: Range<Int>, rows: Range<Int>, paddedWidth: Int, paddedHeight: Int
  ) -> RGBImage {
    precondition(
      columns.lowerBound >= 0 && columns.upperBound <= scaledWidth && !columns.isEmpty
        && rows.lowerBound >= 0 && rows.upperBound <= scaledHeight && !rows.isEmpty,
      "the part must lie in the picture")
    precondition(paddedWidth >= columns.count && paddedHeight >= rows.count, "the part must fit")
    let isFullSize = scaledWidth == width && scaledHeight == height
    if isFullSize && paddedWidth == width && paddedHeight == height && rows.count == height { return self }
    var result = [UInt8](repeating: 0, count: paddedHeight * paddedWidth * 3)
    if isFullSize {
      let count = 3 * columns.count
      result.withUnsafeMutableBytes { result in
        pixels.withUnsafeBytes { pixels in
          guard let target = result.baseAddress, let source = pixels.baseAddress else { return }
          for (line, row) in rows.enumerated() {
            (target + 3 * line * paddedWidth).copyMemory(
              from: source + 3 * (row * width + columns.lowerBound), byteCount: count)
          }
        }
      }
    } else {
      let across = AxisScaling(from: width, to: scaledWidth)
      let down = AxisScaling(from: height, to: scaledHeight)
      var source = ReducedRows(self, across: across, down: down, columns: columns)
      let taps = columns.map { column in
        let (first, toNext) = across.position(column)
        return ColumnTap(first: Int32(first - source.columns.lowerBound), toNext: UInt32(toNext))
      }
      for (line, row) in rows.enumerated() {
        let (first, toNext) = down.position(row)
        source.blend(first, toNext: toNext)
        let place = 3 * line * paddedWidth
        result.withUnsafeMutableBufferPointer { result in
          source.blended.withUnsafeBufferPointer { blended in
            taps.withUnsafeBufferPointer { taps in
              blendColumns(blended, taps: taps, into: result.part(place..<place + 3 * taps.count))
            }
          }
        }
      }
    }
    return RGBImage(width: paddedWidth, height: paddedHeight, pixels: result)
  }
}

/// How one side of a picture is resized: in blocks of `block` pixels, of which means are taken, and then between these.
private struct AxisScaling {
  let source: Int
  let target: Int
  /// The sums of 256 rows fit into 16 bits.
  let block: Int

  init(from source: Int, to target: Int) {
    self.source = source
    self.target = target
    block = min(max(source / target, 1), 256)
  }

  var blocks: Int { (source + block - 1) / block }

  /// The block in front of the centre of a pixel of the result, and how much the next one counts, 0…256. There is a
  /// next one, if need be the same again.
  func position(_ index: Int) -> (first: Int, toNext: Int) {
    let centre = ((2 * index + 1) * source * 256 + target * block) / (2 * target * block) - 128
    let position = min(max(centre, 0), (blocks - 1) * 256)
    let first = min(position / 256, max(blocks - 2, 0))
    return (first, position - first * 256)
  }
}

/// Rows of blocks of a picture, two of which are kept.
private struct ReducedRows {
  private let image: RGBImage
  private let across: AxisScaling
  private let down: AxisScaling
  /// Blocks across that are needed.
  let columns: Range<Int>
  private var rows: [(index: Int, pixels: [UInt8])]
  private var sums: [UInt16]
  /// [column][3], of the last two rows that were blended.
  private(set) var blended: [UInt16]

  init(_ image: RGBImage, across: AxisScaling, down: AxisScaling, columns: Range<Int>) {
    self.image = image
    self.across = across
    self.down = down
    let last = across.position(columns.upperBound - 1).first
    self.columns = across.position(columns.lowerBound).first..<min(last + 2, across.blocks)
    let empty = [UInt8](repeating: 0, count: 3 * self.columns.count)
    rows = [(-1, empty), (-1, empty)]
    sums = Array(repeating: 0, count: 3 * across.block * self.columns.count)
    // A picture of one column is blended with what stands behind it, which does not count.
    blended = Array(repeating: 0, count: 3 * self.columns.count + 4)
  }

  mutating func blend(_ first: Int, toNext: Int) {
    let upper = load(first)
    let lower = load(min(first + 1, down.blocks - 1))
    blended.withUnsafeMutableBufferPointer { blended in
      rows[upper].pixels.withUnsafeBufferPointer { upper in
        rows[lower].pixels.withUnsafeBufferPointer { lower in
          blendRows(upper, lower, weight: toNext, into: blended)
        }
      }
    }
  }

  /// Where in `rows` the row of blocks is, after making it when it was not there.
  private mutating func load(_ index: Int) -> Int {
    // Rows come in order, so that of two neighbours one has an even index.
    let place = index % 2
    guard rows[place].index != index else { return place }
    rows[place].index = index
    let lines = index * down.block..<min((index + 1) * down.block, image.height)
    let first = columns.lowerBound * across.block
    let pixels = min(columns.upperBound * across.block, image.width) - first
    for place in sums.indices { sums[place] = 0 }
    image.pixels.withUnsafeBufferPointer { source in
      sums.withUnsafeMutableBufferPointer { sums in
        for line in lines {
          let start = 3 * (line * image.width + first)
          addRow(UnsafeBufferPointer(rebasing: source[start..<start + 3 * pixels]), to: sums)
        }
      }
    }
    sums.withUnsafeBufferPointer { sums in
      rows[place].pixels.withUnsafeMutableBufferPointer {
        averageColumns(sums, pixels: pixels, group: across.block, rows: lines.count, into: $0)
      }
    }
    return place
  }
}

extension UnsafeMutableBufferPointer {
  fileprivate func part(_ range: Range<Int>) -> UnsafeMutableBufferPointer {
    UnsafeMutableBufferPointer(rebasing: self[range])
  }
}
