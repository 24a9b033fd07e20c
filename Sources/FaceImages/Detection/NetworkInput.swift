/// A picture as the detection networks see it.
package struct NetworkInput: Sendable, Equatable {
  package let width: Int
  package let height: Int
  /// [row][column][red, green, blue], row-major: `(pixel − 127.5) / 128`.
  package let values: [Float]

  /// `values` must hold `height · width · 3` elements.
  package init(width: Int, height: Int, values: [Float]) {
    precondition(values.count == height * width * 3, "[height][width][3] values are needed")
    self.width = width
    self.height = height
    self.values = values
  }

  /// A part of `image`, averaged to `width` × `height`; of that only the rows `part` where it is given.
  init(
    _ image: RGBImage, rows: Range<Int>, columns: Range<Int>, width: Int, height: Int, part: Range<Int>? = nil
  ) {
    self.width = width
    self.height = part?.count ?? height
    values = image.resampled(
      rows: rows, columns: columns, width: width, height: height, part: part ?? 0..<height, .touchedArea
    ).map { ($0 - 127.5) / 128 }
  }
}
