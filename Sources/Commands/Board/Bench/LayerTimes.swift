import FaceqSupport
import QuantRuntime
import SIMDKernels

/// How long every layer took, in its fastest run.
struct LayerTimes {
  struct Row {
    var name: String
    var shape: String
    /// The kernel that computes it; empty where it is no convolution, or a kind of layers.
    var kernel: String
    var seconds: Double
    var multiplyAccumulates: Int
    /// Multiply-accumulates per second that this arithmetic could reach on all threads, where it is known.
    var peak: Double?

    var rate: Double? { multiplyAccumulates > 0 ? Double(multiplyAccumulates) / max(seconds, 1e-9) : nil }
    var shareOfPeak: Double? { rate.flatMap { rate in peak.map { rate / $0 } } }
  }

  /// All layers in the order in which they are computed.
  var layers: [Row] = []
  /// The layers added up by kind and arithmetic; convolutions also by their output's size.
  var kinds: [Row] = []
  var runs: Int
  /// The seconds of all layers together.
  var seconds: Double { layers.reduce(0) { $0 + $1.seconds } }

  init(_ subject: BenchSubject, kernels: KernelTable, runs: Int?, _ console: Console) throws(FaceqError) {
    let fastest = try subject.warmUp()
    let count = runs ?? max(20, Int(min(3 / max(fastest, 1e-6), 2000)))
    let descriptions = subject.layers
    var best = [Double](repeating: .infinity, count: descriptions.count)
    var seconds = best
    var progress = ProgressMeter(console, total: count, noun: "run")
    for _ in 0..<count {
      try subject.runByLayers(&seconds)
      for index in best.indices { best[index] = min(best[index], seconds[index]) }
      progress.advance()
    }
    self.runs = count
    let peaks = DotPeaks(kernels, threads: subject.threads.count)
    for (layer, seconds) in zip(descriptions, best) {
      var row = Row(
        name: layer.name, shape: layer.shape, kernel: layer.kernel ?? "", seconds: seconds,
        multiplyAccumulates: layer.multiplyAccumulates)
      switch layer.kind {
      case .convolution3x3, .convolution1x1, .convolution: row.peak = layer.arithmetic.map { peaks[$0] }
      default: break
      }
      layers.append(row)
      add(row, to: LayerTimes.kindName(layer))
    }
  }

  private mutating func add(_ row: Row, to name: String) {
    guard let index = kinds.firstIndex(where: { $0.name == name }) else {
      var kind = row
      (kind.name, kind.shape, kind.kernel) = (name, "", "")
      kinds.append(kind)
      return
    }
    kinds[index].seconds += row.seconds
    kinds[index].multiplyAccumulates += row.multiplyAccumulates
  }

  private static func kindName(_ layer: LayerDescription) -> String {
    guard let arithmetic = layer.arithmetic else { return layer.kind.rawValue }
    let pixels = layer.kind == .linear ? "" : " \(layer.outputHeight)×\(layer.outputWidth)"
    return "\(arithmetic.rawValue) \(layer.kind.rawValue)\(pixels)"
  }
}

/// What this machine's arithmetic could reach, measured on registers alone: multiply-accumulates per second.
private struct DotPeaks {
  private let threads: Int
  private let int8: Double
  private let int16: Double
  private let float: Double

  init(_ kernels: KernelTable, threads: Int) {
    self.threads = threads
    int8 = DotPeaks.measure(kernels.int8.repeatDots)
    int16 = DotPeaks.measure(kernels.int16.repeatDots)
    float = DotPeaks.measure(kernels.float.repeatDots)
  }

  subscript(arithmetic: LayerDescription.Arithmetic) -> Double {
    let one =
      switch arithmetic {
      case .int8: int8
      case .int16: int16
      case .float: float
      }
    return one * Double(min(threads, processorCount()))
  }

  private static func measure(_ repeatDots: (_ rounds: Int) -> Int) -> Double {
    var best = 0.0
    for _ in 0..<50 {
      let start = monotonicSeconds()
      let count = repeatDots(2000)
      best = max(best, Double(count) / max(monotonicSeconds() - start, 1e-9))
    }
    return best
  }
}
