import FaceqSupport
import Foundation
import QuantRuntime
import Testing

/// What worker threads do to the process that they run in, tried in processes of their own.
struct WorkerThreadTests {
  private static func session(_ threads: ThreadPlan) throws -> GraphSession {
    let listing = """
      %0 = image 60×60 rgb (x − 127.5) / 128
      %1 = convolution %0 → 64, 3×3  layer
      outputs %1
      """
    let graph = try Graph<Never>(listing: listing).floatLayers { _, tensor in
      (0..<tensor.count).map { tensor.name == "bias" ? 0.5 : Float($0 % 7) - 3 }
    }
    return try GraphSession(graph, kernels: kernels(nil), threads: threads)
  }

  private static func sum(_ session: GraphSession) throws -> Float {
    try session.run(values: Array(repeating: 0.25, count: 60 * 60 * 3), height: 60, width: 60)[0].values.reduce(0, +)
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
      let session = try Self.session(4)
      _ = try Self.sum(session)
      let before = processorSeconds()
      try await Task.sleep(for: .milliseconds(500))
      #expect(processorSeconds() - before < 0.1)
      withExtendedLifetime(session) {}
    }
  }

  @Test func threadsArePinnedAndTheCallerIsFreeAgain() async {
    await #expect(processExitsWith: .success) {
      let cores = allowedCores()
      let plan = try ThreadPlan(cores: cores, on: CoreTopology())
      let expected = try Self.sum(try Self.session(1))
      let before = try Self.allowedCoresOfThreads()
      let session = try Self.session(plan)
      for _ in 0..<3 {
        #expect(try Self.sum(session) == expected)
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
    let expected = try Self.sum(try Self.session(1))
    let session = try Self.session(ThreadPlan(min(ThreadPlan.limit, 3 * processorCount())))
    for _ in 0..<20 { #expect(try Self.sum(session) == expected) }
  }
}
