/// How a pixel of a resized picture is made from the pixels it covers, the same along rows and columns.
enum Resampling {
  /// Pixels are interpolated between the two nearest centres (OpenCV's INTER_LINEAR); border pixels go on outside.
  case bilinear
  /// Every source pixel counts by how much of it is covered (OpenCV's INTER_AREA when it shrinks).
  case coveredArea
  /// Every source pixel that is touched counts the same (PyTorch's `interpolate(mode="area")`).
  case touchedArea

  /// Which of the `sourceCount` source pixels make each of `count` pixels, and with which weights, whose sum is 1.
  func taps(from sourceCount: Int, to count: Int) -> [ResamplingTaps] {
    (0..<count).map { index in
      switch self {
      case .bilinear:
        let scale = Double(sourceCount) / Double(count)
        let centre = min(max((Double(index) + 0.5) * scale - 0.5, 0), Double(sourceCount - 1))
        let first = min(Int(centre), max(sourceCount - 2, 0))
        let toNext = Float(centre - Double(first))
        return ResamplingTaps(first: first, weights: sourceCount == 1 ? [1] : [1 - toNext, toNext])
      case .coveredArea:
        let (start, end) = (index * sourceCount, (index + 1) * sourceCount)
        let first = start / count
        let weights = (first..<(end + count - 1) / count).map { pixel in
          Float(min(end, (pixel + 1) * count) - max(start, pixel * count)) / Float(sourceCount)
        }
        return ResamplingTaps(first: first, weights: weights)
      case .touchedArea:
        let first = index * sourceCount / count
        let touched = ((index + 1) * sourceCount + count - 1) / count - first
        return ResamplingTaps(first: first, weights: Array(repeating: 1 / Float(touched), count: touched))
      }
    }
  }
}

/// Consecutive source pixels and their weights.
struct ResamplingTaps {
  var first: Int
  var weights: [Float]
}

extension RGBImage {
  /// The `columns` × `rows` part of the picture at the size `width` × `height`, and of that the rows `part`:
  /// [row][column][3], row-major, 0…255, not rounded.
  func resampled(
    rows: Range<Int>, columns: Range<Int>, width: Int, height: Int, part: Range<Int>, _ kind: Resampling
  ) -> [Float] {
    let rowTaps = kind.taps(from: rows.count, to: height)[part]
    let columnTaps = kind.taps(from: columns.count, to: width)
    var resampled: [Float] = []
    resampled.reserveCapacity(part.count * width * 3)
    var blended = [Float](repeating: 0, count: columns.count * 3)
    for row in rowTaps {
      for index in blended.indices { blended[index] = 0 }
      for (offset, weight) in row.weights.enumerated() {
        let start = 3 * ((rows.lowerBound + row.first + offset) * self.width + columns.lowerBound)
        for index in blended.indices { blended[index] += weight * Float(pixels[start + index]) }
      }
      for column in columnTaps {
        for channel in 0..<3 {
          var value: Float = 0
          var index = 3 * column.first + channel
          for weight in column.weights {
            value += weight * blended[index]
            index += 3
          }
          resampled.append(value)
        }
      }
    }
    return resampled
  }
}
