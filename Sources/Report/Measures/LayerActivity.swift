import QuantRuntime

/// What faces make of one int8 tensor: how much of its range they use, and what is clipped.
package struct LayerActivity: Sendable {
  /// The layer that reads it: `block 3, conv 2`, `linear` …
  package let name: String
  package let channels: Int
  /// Of all values, 0…1, those that were clipped to −128 or 127.
  package let clippedShare: Double
  /// Channels of whose values more than 1 % were clipped.
  package let saturatingChannels: Int
  /// Channels whose integer never changed.
  package let deadChannels: Int
  /// Of the 256 integers, how many the channel in the middle spans.
  package let medianSpan: Double
  /// Value of one integer step in the channels with the finest and the coarsest; nil without the float model.
  package let scales: ClosedRange<Double>?
}

/// Collects one tap's `LayerActivity` from the dequantised network's values, `q − zero` before rounding and clipping.
struct ActivityCounter {
  private let zeros: [Int8]
  private var low: [Float]
  private var high: [Float]
  private var clipped: [Int]
  private var values = 0
  /// Σ reference · value and Σ value²: their ratio is the scale.
  private var products: [Double]
  private var squares: [Double]

  init(zeros: [Int8]) {
    self.zeros = zeros
    low = [Float](repeating: .infinity, count: zeros.count)
    high = [Float](repeating: -.infinity, count: zeros.count)
    clipped = [Int](repeating: 0, count: zeros.count)
    products = [Double](repeating: 0, count: zeros.count)
    squares = products
  }

  /// - Parameter reference: the float network's values at the same tap, where there is one.
  mutating func add(_ tap: TapValues, reference: [Float]?) {
    var position = 0
    tap.forEachPixel { pixel in
      for channel in 0..<pixel.count {
        let value = pixel[channel]
        let integer = value + Float(zeros[channel])
        low[channel] = min(low[channel], integer)
        high[channel] = max(high[channel], integer)
        if integer < -128.5 || integer > 127.5 { clipped[channel] += 1 }
        if let reference {
          products[channel] += Double(reference[position + channel]) * Double(value)
          squares[channel] += Double(value) * Double(value)
        }
      }
      position += pixel.count
      values += 1
    }
  }

  func activity(name: String) -> LayerActivity {
    let channels = zeros.indices
    func stored(_ value: Float) -> Float { min(max(value.rounded(.toNearestOrEven), -128), 127) }
    let spans = channels.map { Double(stored(high[$0]) - stored(low[$0])) }
    let scales = channels.filter { squares[$0] > 0 && products[$0] > 0 }.map { products[$0] / squares[$0] }
    return LayerActivity(
      name: name, channels: zeros.count,
      clippedShare: Double(clipped.reduce(0, +)) / Double(max(values * zeros.count, 1)),
      saturatingChannels: clipped.count { $0 * 100 > values }, deadChannels: spans.count { $0 == 0 },
      medianSpan: percentile(50, ofSorted: spans.sorted()) + 1,
      scales: scales.min().flatMap { low in scales.max().map { low...$0 } })
  }
}

extension Tap {
  /// The layer that reads an int8 tap.
  var reader: String {
    switch self {
    case .stemBody(let index): "stem, conv \(index + 2)"
    case .blockInput(let block): "block \(block), conv 1"
    case .body(let block, let convolution): "block \(block), conv \(convolution + 2)"
    case .tailInput: "tail, conv 1"
    case .tail(let index): "tail, conv \(index + 2)"
    case .headInput: "linear"
    case .stem, .branch, .trunk: "trunk"
    }
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
          + "(input of \(layer.name)); calibrate on more faces from the camera that is used, or with a wider --margin"))
  }
  return findings
}
