import FaceqSupport
import QuantRuntime

/// How many faces have which cosine, with the gate as a line.
func driftHistogram(_ cosines: [Float], gate: Float?) -> HTML {
  let lowest = Double(min(cosines.min() ?? 0, gate ?? 1))
  let range = (lowest - (1 - lowest) * 0.04 - 1e-7)...1
  let bins = min(36, max(12, cosines.count / 3))
  let counts = histogram(cosines, over: range, bins: bins)
  let plot = Plot(x: range, y: 0...Double(max(counts.max() ?? 1, 1)) * 1.08)
  let width = (range.upperBound - range.lowerBound) / Double(bins)
  var content: HTML = ""
  for (bin, count) in counts.enumerated() where count > 0 {
    let low = range.lowerBound + Double(bin) * width
    content += plot.bar(from: low, to: low + width, height: Double(count), "int8")
  }
  if let gate { content += plot.marker(at: Double(gate), "gate \(significantCosine(gate))") }
  return plot.svg(
    "Histogram of \(cosines.count) cosines between float and int8 embeddings", xLabel: "cosine of int8 to float",
    yLabel: "faces", xTicks: roundTicks(range), yTicks: roundTicks(plot.y), content)
}

private func significantCosine(_ cosine: Float) -> String { formatSignificant(Double(cosine), digits: 6) }

/// Cosines of pairs of one person and of different persons, the model as areas, the reference as lines.
func pairDistributions(_ pairs: PairCosines) -> HTML {
  let bins = 48
  let all = pairs.genuine.model + pairs.impostor.model + pairs.genuine.reference + pairs.impostor.reference
  let range = Double(max(all.min() ?? -1, -1))...Double(min(all.max() ?? 1, 1) + 1e-6)
  func shares(_ values: [Float]) -> [Double] {
    histogram(values, over: range, bins: bins).map { Double($0) / Double(max(values.count, 1)) * 100 }
  }
  let kinds = [("impostor", pairs.impostor), ("genuine", pairs.genuine)]
  let measured = kinds.map { ($0.0, shares($0.1.model), shares($0.1.reference)) }
  let highest = measured.flatMap { $0.1 + $0.2 }.max() ?? 1
  let plot = Plot(x: range, y: 0...max(highest, 1e-6) * 1.08)
  let width = (range.upperBound - range.lowerBound) / Double(bins)
  var content: HTML = ""
  for (style, model, _) in measured {
    for (bin, share) in model.enumerated() where share > 0 {
      let low = range.lowerBound + Double(bin) * width
      content += plot.bar(from: low, to: low + width, height: share, style)
    }
  }
  for (style, _, reference) in measured {
    var points: [(Double, Double)] = []
    for (bin, share) in reference.enumerated() {
      points.append((range.lowerBound + Double(bin) * width, share))
      points.append((range.lowerBound + Double(bin + 1) * width, share))
    }
    content += plot.line(points, "\(style) step")
  }
  return plot.svg(
    "Cosines of pairs of one person and of different persons, float and int8", xLabel: "cosine of a pair",
    yLabel: "% of the pairs", xTicks: roundTicks(range, count: 6), yTicks: roundTicks(plot.y), content)
}

/// The signal-to-noise ratio after each addition.
func noiseChart(_ comparison: NetworkComparison) -> HTML {
  let series = [
    ("activations", comparison.activations.additions), ("weights", comparison.weights?.additions ?? []),
    ("whole", comparison.whole?.additions ?? []),
  ].map { ($0.0, $0.1.map { min($0, 120) }) }
  let values = series.flatMap(\.1)
  let (low, high) = (values.min() ?? 0, values.max() ?? 1)
  let count = comparison.additions.count
  let plot = Plot(x: -0.5...Double(max(count, 1)) - 0.5, y: (low - 2)...(high + 2))
  var content: HTML = ""
  for (style, values) in series where !values.isEmpty {
    content += plot.line(values.enumerated().map { (Double($0.offset), $0.element) }, "\(style) series", dots: true)
  }
  return plot.svg(
    "Signal-to-noise ratio after each of \(counted(count, "addition"))", xLabel: "addition",
    yLabel: "signal to noise, dB", xTicks: countTicks(count), yTicks: roundTicks(plot.y), content)
}

/// At most some eight of the numbers from 0 on.
private func countTicks(_ count: Int) -> [(Double, String)] {
  stride(from: 0, to: count, by: max(1, (count + 7) / 8)).map { (Double($0), "\($0)") }
}

/// What rounding each part's weights alone costs.
func partsChart(_ parts: [NetworkComparison.Part]) -> HTML {
  let highest = parts.map { $0.loss * 1000 }.max() ?? 1
  let plot = Plot(x: 0...Double(parts.count), y: 0...max(highest, 1e-9) * 1.08)
  var content: HTML = ""
  for (index, part) in parts.enumerated() {
    content += plot.bar(from: Double(index) + 0.1, to: Double(index) + 0.95, height: part.loss * 1000, "weights")
  }
  return plot.svg(
    "Loss of the embedding when only one part's weights are rounded", xLabel: "part whose weights alone are rounded",
    yLabel: "1 − cosine, thousandths", xTicks: countTicks(parts.count).map { ($0.0 + 0.5, $0.1) },
    yTicks: roundTicks(plot.y), content)
}

/// Mean and 1st percentile of the drift against the number of calibration images.
func trendChart(_ trend: [TrendPoint]) -> HTML {
  func mean(_ point: TrendPoint) -> Double { point.meanLoss * 1000 }
  func low(_ point: TrendPoint) -> Double { (1 - Double(point.drift.minimum)) * 1000 }
  let highest = trend.flatMap { [mean($0), low($0)] }.max() ?? 1
  let plot = Plot(x: -0.3...Double(trend.count) - 0.7, y: 0...max(highest, 1e-9) * 1.1)
  let content =
    plot.line(trend.enumerated().map { (Double($0.offset), low($0.element)) }, "impostor series", dots: true)
    + plot.line(trend.enumerated().map { (Double($0.offset), mean($0.element)) }, "int8 series", dots: true)
  return plot.svg(
    "Loss against the number of calibration images", xLabel: "calibration images", yLabel: "1 − cosine, thousandths",
    xTicks: trend.enumerated().map { (Double($0.offset), "\($0.element.images)") }, yTicks: roundTicks(plot.y), content)
}
