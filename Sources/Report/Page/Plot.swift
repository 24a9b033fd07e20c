import FaceqSupport

/// The frame of a chart: 360 × 210 units, so that letters stay readable on a phone's width.
struct Plot {
  let x: ClosedRange<Double>
  let y: ClosedRange<Double>
  private let left = 44.0
  private let right = 344.0
  private let top = 12.0
  private let bottom = 168.0

  func px(_ value: Double) -> Double {
    left + (min(max(value, x.lowerBound), x.upperBound) - x.lowerBound) / (x.upperBound - x.lowerBound) * (right - left)
  }

  func py(_ value: Double) -> Double {
    bottom - (min(max(value, y.lowerBound), y.upperBound) - y.lowerBound) / (y.upperBound - y.lowerBound)
      * (bottom - top)
  }

  /// The chart with its axes.
  ///
  /// - Parameters:
  ///   - description: of the whole, for who cannot see it.
  ///   - xTicks: where on x, with what is written there.
  func svg(
    _ description: String, xLabel: String, yLabel: String, xTicks: [(Double, String)], yTicks: [(Double, String)],
    _ content: HTML
  ) -> HTML {
    var axes: HTML = ""
    for (value, label) in yTicks {
      axes +=
        "<line class=\"grid\" x1=\"\(unit(left))\" x2=\"\(unit(right))\" y1=\"\(unit(py(value)))\" y2=\"\(unit(py(value)))\"/>"
      axes += "<text x=\"\(unit(left - 5))\" y=\"\(unit(py(value) + 3.5))\" text-anchor=\"end\">\(label)</text>"
    }
    for (value, label) in xTicks {
      axes +=
        "<line class=\"axis\" x1=\"\(unit(px(value)))\" x2=\"\(unit(px(value)))\" y1=\"\(unit(bottom))\" y2=\"\(unit(bottom + 4))\"/>"
      axes += "<text x=\"\(unit(px(value)))\" y=\"\(unit(bottom + 15))\" text-anchor=\"middle\">\(label)</text>"
    }
    let line: HTML =
      "<line class=\"axis\" x1=\"\(unit(left))\" x2=\"\(unit(right))\" y1=\"\(unit(bottom))\" y2=\"\(unit(bottom))\"/>"
    let names: HTML =
      "<text class=\"name\" x=\"\(unit((left + right) / 2))\" y=\"200\" text-anchor=\"middle\">\(xLabel)</text><text class=\"name\" transform=\"translate(11 \(unit((top + bottom) / 2))) rotate(-90)\" text-anchor=\"middle\">\(yLabel)</text>"
    return
      "<svg viewBox=\"0 0 360 210\" role=\"img\" aria-label=\"\(description)\" xmlns=\"http://www.w3.org/2000/svg\">\(axes)\(content)\(line)\(names)</svg>"
  }

  func bar(from low: Double, to high: Double, height: Double, _ style: String) -> HTML {
    let (a, b) = (px(low), px(high))
    return
      "<rect class=\"\(style)\" x=\"\(unit(a))\" y=\"\(unit(py(height)))\" width=\"\(unit(max(b - a - 0.6, 0.4)))\" height=\"\(unit(bottom - py(height)))\"/>"
  }

  func line(_ points: [(Double, Double)], _ style: String, dots: Bool = false) -> HTML {
    let path = points.map { "\(unit(px($0.0))),\(unit(py($0.1)))" }.joined(separator: " ")
    var marks: HTML = "<polyline class=\"\(style)\" points=\"\(path)\"/>"
    if dots {
      for point in points {
        marks += "<circle class=\"\(style)\" cx=\"\(unit(px(point.0)))\" cy=\"\(unit(py(point.1)))\" r=\"2.6\"/>"
      }
    }
    return marks
  }

  /// A vertical line through the whole chart, named at its top.
  func marker(at value: Double, _ label: String) -> HTML {
    let x = px(value)
    let isLeft = x < (left + right) / 2
    return
      "<line class=\"gate\" x1=\"\(unit(x))\" x2=\"\(unit(x))\" y1=\"\(unit(top - 4))\" y2=\"\(unit(bottom))\"/><text class=\"gate\" x=\"\(unit(x + (isLeft ? 4 : -4)))\" y=\"\(unit(top + 5))\" text-anchor=\"\(isLeft ? "start" : "end")\">\(label)</text>"
  }
}

/// A length in the drawing.
private func unit(_ value: Double) -> String { formatDecimal(value, fractionDigits: 1) }

/// Round numbers inside `range`, about `count` of them, with just the digits they need.
func roundTicks(_ range: ClosedRange<Double>, count: Int = 5) -> [(Double, String)] {
  let wanted = (range.upperBound - range.lowerBound) / Double(count)
  guard wanted > 0, wanted.isFinite else { return [] }
  var (power, digits) = (1.0, 0)
  while power > wanted { (power, digits) = (power / 10, digits + 1) }
  while power * 10 <= wanted { (power, digits) = (power * 10, digits - 1) }
  let step = [1.0, 2, 5, 10].first { $0 * power >= wanted }.map { $0 * power } ?? power
  if step >= power * 10 { digits -= 1 }
  let first = Int((range.lowerBound / step - 1e-9).rounded(.up))
  let last = Int((range.upperBound / step + 1e-9).rounded(.down))
  guard first <= last else { return [] }
  return (first...last).map { (Double($0) * step, decimal(Double($0) * step, max(digits, 0))) }
}

/// Counts of `values` in equal bins over `range`; what lies outside is in the outermost ones.
func histogram(_ values: [Float], over range: ClosedRange<Double>, bins: Int) -> [Int] {
  var counts = [Int](repeating: 0, count: bins)
  for value in values {
    let position = (Double(value) - range.lowerBound) / (range.upperBound - range.lowerBound) * Double(bins)
    counts[min(max(Int(position), 0), bins - 1)] += 1
  }
  return counts
}
