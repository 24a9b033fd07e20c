package import FaceImages
package import FaceqSupport
package import QuantRuntime

/// What a search consists of, for measuring it.
extension NetworkDetector {
  /// Multiply-accumulates of the search of a picture, all its levels and parts together.
  ///
  /// - Parameter topology: the network's.
  package func multiplyAccumulates(searching size: Size, by topology: Graph<Never>) throws(FaceqError) -> Int {
    var sum = 0
    for level in plan(width: size.width, height: size.height).levels {
      for part in level.parts {
        let height = roundedUp(part.rows.count, to: level.alignment)
        let width = roundedUp(part.columns.count, to: level.alignment)
        sum += try topology.multiplyAccumulates(height: height, width: width).reduce(0, +)
      }
    }
    return sum
  }

  /// The layers of the network's run on the first part of a picture's finest level, which is most of the search of a
  /// picture of usual size.
  package func layers(searching picture: RGBImage) throws(FaceqError) -> [LayerDescription] {
    let part = firstPart(of: picture)
    return try session.layers(height: part.height, width: part.width)
  }

  /// Runs what `layers(searching:)` tells of, with the seconds of each layer in `seconds`, which has as many elements.
  package func run(searching picture: RGBImage, layerSeconds seconds: inout [Double]) throws(FaceqError) {
    let part = firstPart(of: picture)
    try session.run(part.pixels, height: part.height, width: part.width, layerSeconds: &seconds)
  }

  private func firstPart(of picture: RGBImage) -> RGBImage {
    let level = plan(width: picture.width, height: picture.height).levels[0]
    return level.input(level.parts[0], of: picture)
  }
}
