/// One output of a detector's network: [row][column][channel], row-major, for cells of the picture that are `stride`
/// pixels apart.
package struct DetectorOutput: Sendable, Equatable {
  package let stride: Int
  package let rows: Int
  package let columns: Int
  package let channels: Int
  private let values: [Float]
  /// Values from one cell to the next, and in front of a cell's first channel: more than `channels` and 0 where several
  /// outputs share their cells.
  private let pitch: Int
  private let first: Int

  /// `values` must hold `rows · columns · channels` elements.
  package init(stride: Int, rows: Int, columns: Int, channels: Int, values: [Float]) {
    precondition(
      stride > 0 && rows >= 0 && columns >= 0 && channels > 0 && values.count == rows * columns * channels,
      "[rows][columns][channels] values are needed")
    self.stride = stride
    self.rows = rows
    self.columns = columns
    self.channels = channels
    self.values = values
    pitch = channels
    first = 0
  }

  private init(_ shared: DetectorOutput, channels: Range<Int>) {
    stride = shared.stride
    rows = shared.rows
    columns = shared.columns
    self.channels = channels.count
    values = shared.values
    pitch = shared.pitch
    first = shared.first + channels.lowerBound
  }

  /// Some of the channels, not copied: heads that were computed as one convolution.
  package func channels(_ part: Range<Int>) -> DetectorOutput {
    precondition(!part.isEmpty && part.lowerBound >= 0 && part.upperBound <= channels, "these channels must exist")
    return DetectorOutput(self, channels: part)
  }

  /// All values, [row][column][channel].
  package var all: [Float] {
    if pitch == channels { return values }
    return (0..<cells).flatMap { cell in (0..<channels).map { self[cell, $0] } }
  }

  var cells: Int { rows * columns }

  /// `cell` is `row · columns + column`.
  subscript(cell: Int, channel: Int) -> Float { values[cell * pitch + first + channel] }

  package subscript(row row: Int, column column: Int, channel channel: Int) -> Float {
    self[row * columns + column, channel]
  }

  func hasCells(of other: DetectorOutput) -> Bool {
    stride == other.stride && rows == other.rows && columns == other.columns
  }
}
