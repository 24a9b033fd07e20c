import Foundation
import QuantRuntime
import Testing

/// What worker threads do to the process that they run in, tried in processes of their own.
struct WorkerThreadTests {
  private static func chain(_ threads: ThreadPlan) throws -> FloatChain {
    let unit = ConvolutionUnit(
      geometry: ConvolutionGeometry(inputChannels: 3, outputChannels: 64, kernelHeight: 3, kernelWidth: 3),
      weights: (0..<64 * 27).map { Float($0 % 7) - 3 }, bias: Array(repeating: 0.5, count: 64), slopes: nil)
    return try FloatChain([.convolution(unit)], kernels: kernels(nil), threads: threads)
  }

  private static func sum(_ chain: FloatChain) -> Float {
    chain.run(Array(repeating: 0.25, count: 60 * 60 * 3), height: 60, width: 60).values.reduce(0, +)
  }

  /// Of all threads of this process.
  private static func allowedCoresOfThreads() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").map { thread in
      let status = try String(contentsOfFile: "/proc/self/task/\(thread)/status", encoding: .utf8)
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") })
      return String(line.split(separator: "\t")[1])
    }
  }

  /// Four threads that spin for half a second would use two cores for all of it, here.
  @Test func idleThreadsSleep() async {
    await #expect(processExitsWith: .success) {
      let chain = try Self.chain(4)
      _ = Self.sum(chain)
      let before = processorSeconds()
      try await Task.sleep(for: .milliseconds(500))
      #expect(processorSeconds() - before < 0.1)
      withExtendedLifetime(chain) {}
    }
  }

  @Test func threadsArePinnedAndTheCallerIsFreeAgain() async {
    await #expect(processExitsWith: .success) {
      let cores = allowedCores()
      let plan = try ThreadPlan(cores: cores, on: CoreTopology())
      let expected = Self.sum(try Self.chain(1))
      let before = try Self.allowedCoresOfThreads()
      let chain = try Self.chain(plan)
      for _ in 0..<3 {
        #expect(Self.sum(chain) == expected)
        #expect(allowedCores() == cores)
      }
      var pinned = try Self.allowedCoresOfThreads()
      for text in before {
        if let index = pinned.firstIndex(of: text) { pinned.remove(at: index) }
      }
      #expect(pinned.sorted() == (plan.cores ?? []).dropFirst().map { "\($0)" }.sorted())
    }
  }

  /// More threads than any machine that runs this has cores: they must wait for each other without spinning.
  @Test func moreThreadsThanCores() throws {
    let expected = Self.sum(try Self.chain(1))
    let chain = try Self.chain(ThreadPlan(min(ThreadPlan.limit, 3 * processorCount())))
    for _ in 0..<20 { #expect(Self.sum(chain) == expected) }
  }
}
