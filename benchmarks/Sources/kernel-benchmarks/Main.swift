import QuantRuntime
import SIMDKernels

/// GMAC/s of the convolution kernels on the shapes of IR-SE50, one thread, for every instruction set of this machine.
@main
struct Main {
  static func main() {
    let clock = clockRate()
    print(
      "revision \(sourceRevision()), 1 thread, median of 15 runs; the processor's clock is "
        + "\(formatDecimal(clock / 1e9, fractionDigits: 2)) GHz")
    print("")
    print("| ISA | kernel | layer | GMAC/s | MACs per cycle |")
    print("|---|---|---|---:|---:|")
    for instructionSet in availableInstructionSets() {
      let kernels = kernelTable(instructionSet)
      for input in LayerShape.Input.allCases {
        for shape in LayerShape.all(input) {
          let rate = Benchmark(shape).rate(kernels)
          print(
            "| \(instructionSet.rawValue) | \(input.rawValue) | \(shape.name) "
              + "| \(formatDecimal(rate, fractionDigits: 1)) "
              + "| \(formatDecimal(rate * 1e9 / clock, fractionDigits: 1)) |")
        }
      }
    }
  }

  /// Cycles per second, from a chain of multiplications and additions that wait for each other: 3 + 1 cycles on all x86
  /// cores of the last ten years, 3 + 1 (MADD with forwarding: 3) on ARM's.
  private static func clockRate() -> Double {
    var value = UInt64(processorCount())
    var best = Double.infinity
    for _ in 0..<5 {
      let start = monotonicSeconds()
      for _ in 0..<20_000_000 { value = value &* value &+ 3 }
      best = min(best, monotonicSeconds() - start)
    }
    // The chain's end must be needed.
    precondition(value != 0)
    return 20_000_000 * 4 / best
  }
}
