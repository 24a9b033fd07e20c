/// A rectangle that may hold a face, in pixels of the picture, columns and rows counted from 1 as in the published
/// MTCNN.
public struct CandidateBox: Sendable, Equatable {
  public var left: Float
  public var top: Float
  public var right: Float
  public var bottom: Float
  /// The network's probability that this is a face, 0…1.
  public var score: Float

  public init(left: Float, top: Float, right: Float, bottom: Float, score: Float) {
    self.left = left
    self.top = top
    self.right = right
    self.bottom = bottom
    self.score = score
  }

  /// The distance between the left and the right side, in pixels.
  public var width: Float { right - left }
  public var height: Float { bottom - top }
  /// How many columns of pixels the box covers, both sides counted in.
  public var columns: Float { right - left + 1 }
  public var rows: Float { bottom - top + 1 }

  /// The box with every side moved as the network says, `unitWidth` and `unitHeight` being its unit of length.
  package func moved(by offsets: BoxOffsets, unitWidth: Float, unitHeight: Float) -> CandidateBox {
    CandidateBox(
      left: left + offsets.left * unitWidth, top: top + offsets.top * unitHeight,
      right: right + offsets.right * unitWidth, bottom: bottom + offsets.bottom * unitHeight, score: score)
  }

  /// The square on the same centre with the longer side.
  package func squared() -> CandidateBox {
    let side = max(width, height)
    let squareLeft = left + width * 0.5 - side * 0.5
    let squareTop = top + height * 0.5 - side * 0.5
    return CandidateBox(
      left: squareLeft, top: squareTop, right: squareLeft + side, bottom: squareTop + side, score: score)
  }

  /// The rows and columns, counted from 0, of a picture of this size that the box covers; nil where there are none.
  package func covered(width: Int, height: Int) -> (rows: Range<Int>, columns: Range<Int>)? {
    guard let columns = Self.pixels(from: left, through: right, of: width),
      let rows = Self.pixels(from: top, through: bottom, of: height)
    else { return nil }
    return (rows, columns)
  }

  private static func pixels(from first: Float, through last: Float, of count: Int) -> Range<Int>? {
    let lower = max(first.rounded(.towardZero), 1)
    let upper = min(last.rounded(.towardZero), Float(count))
    guard lower <= upper else { return nil }
    return Int(lower) - 1..<Int(upper)
  }
}

/// How far a network wants the sides of a box moved, in fractions of the box.
package struct BoxOffsets: Sendable, Equatable {
  package var left: Float
  package var top: Float
  package var right: Float
  package var bottom: Float

  package init(left: Float, top: Float, right: Float, bottom: Float) {
    self.left = left
    self.top = top
    self.right = right
    self.bottom = bottom
  }
}
