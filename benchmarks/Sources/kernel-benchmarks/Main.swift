import FaceqSupport
import QuantRuntime
import SIMDKernels

/// The kernels on the shapes of IR-SE50 and MobileFaceNet, one thread, for every instruction set of this machine:
/// `kernel-benchmarks [convolutions | passes]`.
@main
struct Main {
  static func main() {
    print("revision \(sourceRevision()), 1 thread, the fastest of 15 runs")
    let wanted = CommandLine.arguments.dropFirst()
    if wanted.isEmpty || wanted.contains("convolutions") { printConvolutions() }
    if wanted.isEmpty || wanted.contains("passes") { printPasses() }
  }

  private static func printConvolutions() {
    print("")
    print("| kernel | layer | GMAC/s | of peak |")
    print("|---|---|---:|---:|")
    for instructionSet in availableInstructionSets() {
      let kernels = kernelTable(instructionSet)
      for input in LayerShape.Input.allCases {
        let peak = peakRate(input, kernels)
        for shape in LayerShape.all(input) {
          let benchmark = ConvolutionBenchmark(shape, kernels)
          let rate = Double(shape.multiplyAccumulates) / fastest(work: shape.multiplyAccumulates, benchmark.run)
          let share = shape.form == .depthwise ? "" : formatDecimal(rate / peak * 100, fractionDigits: 0) + " %"
          print(
            "| \(benchmark.kernelName) | \(shape.name) "
              + "| \(formatDecimal(rate / 1e9, fractionDigits: 1)) | \(share) |")
        }
      }
    }
  }

  private static func printPasses() {
    print("")
    print("| ISA | pass | plane | values per ns |")
    print("|---|---|---|---:|")
    for instructionSet in availableInstructionSets() {
      for pass in PassBenchmark.Pass.allCases {
        for (side, channels) in [(56, 64), (28, 128), (14, 256), (7, 512)] {
          let benchmark = PassBenchmark(pass, side: side, channels: channels, kernelTable(instructionSet))
          let rate = Double(benchmark.values) / fastest(work: benchmark.values, benchmark.run)
          print(
            "| \(instructionSet.rawValue) | \(pass.rawValue) | \(side)²·\(channels) "
              + "| \(formatDecimal(rate / 1e9, fractionDigits: 2)) |")
        }
      }
    }
  }

  /// Seconds of one call; as many are timed together as the clock needs.
  private static func fastest(work: Int, _ body: () -> Void) -> Double {
    let repeats = max(1, 20_000_000 / work)
    var best = Double.infinity
    for _ in 0..<16 {
      let start = monotonicSeconds()
      for _ in 0..<repeats { body() }
      best = min(best, (monotonicSeconds() - start) / Double(repeats))
    }
    return best
  }

  /// Multiply-accumulates per second on registers alone.
  private static func peakRate(_ input: LayerShape.Input, _ kernels: KernelTable) -> Double {
    let repeatDots =
      switch input {
      case .int8: kernels.int8.repeatDots
      case .int16: kernels.int16.repeatDots
      case .float32: kernels.float.repeatDots
      }
    var best = 0.0
    for _ in 0..<50 {
      let start = monotonicSeconds()
      let count = repeatDots(2000)
      best = max(best, Double(count) / (monotonicSeconds() - start))
    }
    return best
  }
}
