import QuantRuntime

/// What faces make of one int8 tensor: how much of its range they use, and what is clipped.
package struct LayerActivity: Sendable {
  /// The name of the layer that reads it: `blocks.3.body.1`.
  package let name: String
  package let channels: Int
  /// The share of all values that were clipped to −128 or 127, 0…1.
  package let clippedShare: Double
  /// Channels of whose values more than 1 % were clipped.
  package let saturatingChannels: Int
  /// Channels whose integer never changed.
  package let deadChannels: Int
  /// How many of the 256 integers the channel in the middle spans.
  package let medianSpan: Double
  /// Value of one integer step in the channels with the finest and the coarsest; nil without the float model.
  package let scales: ClosedRange<Double>?
}

/// Collects the `LayerActivity` of one value of bytes from what the dequantised graph has in its place, before rounding and
/// clipping.
struct ActivityCounter {
  private let tensor: DequantisedGraph.ByteTensor
  private let stepsPerUnit: [Float]
  private var low: [Float]
  private var high: [Float]
  private var clipped: [Int]
  private var values = 0
  /// Σ reference · steps and Σ steps² for each channel: their ratio is the scale.
  private var products: [Double]
  private var squares: [Double]

  init(_ tensor: DequantisedGraph.ByteTensor) {
    self.tensor = tensor
    let count = tensor.zeros.count
    stepsPerUnit = tensor.units.map { 1 / $0 }
    low = [Float](repeating: .infinity, count: count)
    high = [Float](repeating: -.infinity, count: count)
    clipped = [Int](repeating: 0, count: count)
    products = [Double](repeating: 0, count: count)
    squares = products
  }

  /// - Parameter reference: the float network's values of the same node, [row][column][channel], where there is one.
  mutating func add(_ observed: NodeValues, reference: [Float]?) {
    var position = 0
    observed.forEachPixel { pixel in
      for channel in 0..<pixel.count {
        let steps = pixel[channel] * stepsPerUnit[channel]
        let integer = steps + Float(tensor.zeros[channel])
        low[channel] = min(low[channel], integer)
        high[channel] = max(high[channel], integer)
        if integer < -128.5 || integer > 127.5 { clipped[channel] += 1 }
        if let reference {
          products[channel] += Double(reference[position + channel]) * Double(steps)
          squares[channel] += Double(steps) * Double(steps)
        }
      }
      position += pixel.count
      values += 1
    }
  }

  var activity: LayerActivity {
    let channels = tensor.zeros.indices
    func stored(_ value: Float) -> Float { min(max(value.rounded(.toNearestOrEven), -128), 127) }
    let spans = channels.map { Double(stored(high[$0]) - stored(low[$0])) }
    let scales = channels.filter { squares[$0] > 0 && products[$0] > 0 }.map { products[$0] / squares[$0] }
    return LayerActivity(
      name: tensor.reader, channels: channels.count,
      clippedShare: Double(clipped.reduce(0, +)) / Double(max(values * channels.count, 1)),
      saturatingChannels: clipped.count { $0 * 100 > values }, deadChannels: spans.count { $0 == 0 },
      medianSpan: percentile(50, ofSorted: spans.sorted()) + 1,
      scales: scales.min().flatMap { low in scales.max().map { low...$0 } })
  }
}

/// Warnings about channels that carry nothing or are cut off.
package func channelFindings(_ layers: [LayerActivity], images: Int) -> [Finding] {
  guard images >= fewestFacesToJudge else { return [] }
  var findings: [Finding] = []
  func worst(_ count: (LayerActivity) -> Int) -> LayerActivity? {
    layers.max { count($0) * $1.channels < count($1) * $0.channels }
  }
  if let layer = worst(\.deadChannels), layer.deadChannels * 4 > layer.channels {
    findings.append(
      Finding(
        .deadChannels,
        "\(layer.deadChannels) of \(layer.channels) channels never change on \(images) faces (input of \(layer.name)); a trained network "
          + "has few: check the checkpoint, and calibrate on faces like those of the camera"))
  }
  if let layer = worst(\.saturatingChannels), layer.saturatingChannels * 20 > layer.channels {
    findings.append(
      Finding(
        .saturation,
        "\(layer.saturatingChannels) of \(layer.channels) channels are clipped in more than 1 % of their values "
          + "(input of \(layer.name)); calibrate on more faces from the camera that is used, or with a wider margin"))
  }
  return findings
}
