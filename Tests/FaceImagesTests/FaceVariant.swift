import FaceImages
import Foundation

/// An aligned face made worse in one way, with its landmarks.
struct FaceVariant {
  var image: RGBImage
  var landmarks: [Point]

  /// An aligned face as it is, of 112 × 112.
  init(_ face: RGBImage) {
    image = face
    landmarks = FaceTemplate.arcFace112
  }

  /// By a Gaussian of this standard deviation in pixels.
  func blurred(_ deviation: Double) -> FaceVariant {
    let radius = Int(3 * deviation) + 1
    var kernel = (-radius...radius).map { exp(-Double($0 * $0) / (2 * deviation * deviation)) }
    let sum = kernel.reduce(0, +)
    kernel = kernel.map { $0 / sum }
    func convolved(_ values: [Double], _ step: (x: Int, y: Int)) -> [Double] {
      var result = [Double](repeating: 0, count: values.count)
      for y in 0..<image.height {
        for x in 0..<image.width {
          for (index, weight) in kernel.enumerated() {
            let offset = index - radius
            let column = min(max(x + offset * step.x, 0), image.width - 1)
            let row = min(max(y + offset * step.y, 0), image.height - 1)
            for channel in 0..<3 {
              result[3 * (y * image.width + x) + channel] += weight * values[3 * (row * image.width + column) + channel]
            }
          }
        }
      }
      return result
    }
    let values = convolved(convolved(image.pixels.map(Double.init), (1, 0)), (0, 1))
    return changed(values.map { UInt8($0.rounded()) })
  }

  /// A smaller photo, in which the eyes are this far apart.
  func small(eyeDistance: Double) -> FaceVariant {
    let side = max(Int((112 * eyeDistance / 35.24).rounded()), 1)
    let scale = Float(side) / 112
    var small = self
    small.image = image.shrunk(width: side, height: side)
    small.landmarks = landmarks.map { Point(x: ($0.x + 0.5) * scale - 0.5, y: ($0.y + 0.5) * scale - 0.5) }
    return small
  }

  /// Every channel times `factor`, about `centre`.
  func contrasted(_ factor: Double, about centre: Double) -> FaceVariant {
    changed(image.pixels.map { UInt8(min(max((Double($0) - centre) * factor + centre, 0), 255).rounded()) })
  }

  /// Without this part of the picture's left.
  func cutOff(_ part: Double) -> FaceVariant {
    let first = Int(Double(image.width) * part)
    var cut = self
    cut.image = image.part(
      scaledWidth: image.width, scaledHeight: image.height, columns: first..<image.width, rows: 0..<image.height,
      paddedWidth: image.width - first, paddedHeight: image.height)
    cut.landmarks = landmarks.map { Point(x: $0.x - Float(first), y: $0.y) }
    return cut
  }

  /// As an ellipsoid with a nose, by angles in degrees; what was not seen before is black.
  func turned(yaw: Double, pitch: Double) -> FaceVariant {
    let (sinYaw, cosYaw) = (sin(yaw * .pi / 180), cos(yaw * .pi / 180))
    let (sinPitch, cosPitch) = (sin(pitch * .pi / 180), cos(pitch * .pi / 180))
    func place(_ x: Double, _ y: Double) -> (x: Double, y: Double, depth: Double) {
      let (u, v) = (x - 56, y - 68)
      let bulge = 40 * max(1 - u * u / (46 * 46) - v * v / (62 * 62), 0).squareRoot()
      let nose = 9 * exp(-u * u / 49 - (v - 2) * (v - 2) / 121)
      let depth = bulge + nose
      let aside = u * cosYaw + depth * sinYaw
      let ahead = depth * cosYaw - u * sinYaw
      return (aside + 56, v * cosPitch - ahead * sinPitch + 68, v * sinPitch + ahead * cosPitch)
    }
    let side = 112
    var pixels = [UInt8](repeating: 0, count: side * side * 3)
    var depths = [Double](repeating: -.infinity, count: side * side)
    for sampleY in 0..<3 * side {
      for sampleX in 0..<3 * side {
        let (x, y, depth) = place(Double(sampleX) / 3, Double(sampleY) / 3)
        let (column, row) = (Int(x.rounded()), Int(y.rounded()))
        guard (0..<side).contains(column), (0..<side).contains(row), depth > depths[row * side + column] else {
          continue
        }
        depths[row * side + column] = depth
        let (from, to) = (3 * (sampleY / 3 * side + sampleX / 3), 3 * (row * side + column))
        for channel in 0..<3 { pixels[to + channel] = image.pixels[from + channel] }
      }
    }
    var turned = changed(pixels)
    turned.landmarks = landmarks.map { point in
      let (x, y, _) = place(Double(point.x), Double(point.y))
      return Point(x: Float(x), y: Float(y))
    }
    return turned
  }

  private func changed(_ pixels: [UInt8]) -> FaceVariant {
    var changed = self
    changed.image = RGBImage(width: image.width, height: image.height, pixels: pixels)
    return changed
  }
}
