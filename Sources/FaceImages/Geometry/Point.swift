/// A place in a picture, in pixels: (0, 0) is the centre of the top left pixel, x grows to the right and y downwards.
public struct Point: Sendable, Equatable {
  public var x: Float
  public var y: Float

  public init(x: Float, y: Float) {
    self.x = x
    self.y = y
  }
}
