import SIMDKernels

// The definitions of the passes over planes, one value at a time.

/// The sum of integers, the definition: `activation(base + round(branch · factor))` in int16, of operands without zero points.
func sumReference(
  branch: Int, factor: Float, base: Int?, ratio: Float?, slope: Float?, limits: ClosedRange<Int>
) -> Int16 {
  var sum = roundedToEven(Float(branch) * factor)
  if let base { sum += ratio.map { roundedToEven(Float(base) * $0) } ?? base }
  if let slope, sum < 0 { sum = roundedToEven(Float(sum) * slope) }
  return Int16(clamping: min(max(sum, limits.lowerBound), limits.upperBound))
}

/// The conversion, the definition: `q · scale + offset`, in two roundings.
func convertedReference(_ value: Int, scale: Float, offset: Float) -> Float {
  let scaled = Float(value) * scale
  return scaled + offset
}

/// The activation of floats, the definition: `clamp(v < 0 ? v · slope : v)`.
func activatedReference(_ value: Double, slope: Double, _ limits: FloatLimits) -> Double {
  min(max(value < 0 ? value * slope : value, Double(limits.lowest)), Double(limits.highest))
}

/// A pool as numbers: its window slides over `height` × `width` values.
struct PoolShape {
  var height: Int
  var width: Int
  var channels: Int
  var kernel: (height: Int, width: Int)
  var stride: (height: Int, width: Int)
  /// The padding on the four sides.
  var padding: (top: Int, left: Int, bottom: Int, right: Int)
  var outputHeight: Int
  var outputWidth: Int
  /// Whether a mean counts the padding.
  var countsPadding: Bool

  /// Calls `inside` with the index of each value of a channel in a window, and `outside` for each in the padding that
  /// counts.
  func forEach(row: Int, column: Int, channel: Int, inside: (Int) -> Void, outside: () -> Void) {
    for kernelRow in 0..<kernel.height {
      for kernelColumn in 0..<kernel.width {
        let y = row * stride.height + kernelRow - padding.top
        let x = column * stride.width + kernelColumn - padding.left
        if y >= 0, y < height, x >= 0, x < width {
          inside((y * width + x) * channels + channel)
        } else if countsPadding, y < height + padding.bottom, x < width + padding.right {
          outside()
        }
      }
    }
  }

  func maximum<Value: Comparable & Numeric>(_ input: [Value]) -> [Value] {
    forEachOutput { row, column, channel in
      var largest: Value?
      forEach(row: row, column: column, channel: channel, inside: { largest = max(largest ?? input[$0], input[$0]) }) {}
      return largest ?? 0
    }
  }

  /// The means of integers, rounded.
  ///
  /// - Parameter zero: the number [channel] that a value in the padding counts as.
  func mean(_ input: [Int], zero: [Int]) -> [Int] {
    forEachOutput { row, column, channel in
      var (sum, count) = (0, 0)
      forEach(
        row: row, column: column, channel: channel,
        inside: {
          sum += input[$0]
          count += 1
        },
        outside: {
          sum += zero[channel]
          count += 1
        })
      return roundedToEven(Float(sum) * (1 / Float(count)))
    }
  }

  /// The means of floats, and the means of their magnitudes.
  func mean(_ input: [Float]) -> [(mean: Double, magnitude: Double)] {
    forEachOutput { row, column, channel in
      var (sum, magnitude, count) = (0.0, 0.0, 0.0)
      forEach(
        row: row, column: column, channel: channel,
        inside: {
          sum += Double(input[$0])
          magnitude += abs(Double(input[$0]))
          count += 1
        }, outside: { count += 1 })
      return (sum / count, magnitude / count)
    }
  }

  private func forEachOutput<Value>(_ value: (_ row: Int, _ column: Int, _ channel: Int) -> Value) -> [Value] {
    var output: [Value] = []
    for row in 0..<outputHeight {
      for column in 0..<outputWidth {
        for channel in 0..<channels { output.append(value(row, column, channel)) }
      }
    }
    return output
  }
}
