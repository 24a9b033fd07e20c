/// The rectangle around a face, in pixels of a picture, counted from 0 as those of `Point`.
public struct FaceBox: Sendable, Equatable {
  public var left: Float
  public var top: Float
  public var right: Float
  public var bottom: Float

  public init(left: Float, top: Float, right: Float, bottom: Float) {
    self.left = left
    self.top = top
    self.right = right
    self.bottom = bottom
  }

  public var width: Float { right - left }
  public var height: Float { bottom - top }

  /// What both boxes cover by what either of them covers, 0…1; of finite boxes with positive sides.
  package func overlap(with other: FaceBox) -> Double {
    let columns = Double(min(right, other.right)) - Double(max(left, other.left))
    let rows = Double(min(bottom, other.bottom)) - Double(max(top, other.top))
    guard columns > 0, rows > 0 else { return 0 }
    let shared = columns * rows
    return shared / (area + other.area - shared)
  }

  /// In double precision, in which no sides of finite boxes are too long.
  private var area: Double { (Double(right) - Double(left)) * (Double(bottom) - Double(top)) }
}
