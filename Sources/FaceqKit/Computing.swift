internal import FaceqSupport
internal import QuantRuntime
internal import SIMDKernels

/// With what a session computes.
package struct Computing: Sendable {
  let kernels: KernelTable
  let threads: ThreadPlan

  /// - Parameters:
  ///   - threads: nil takes one for each core, or each big core.
  ///   - instructionSet: nil takes the fastest.
  /// - Throws: `unsupported` where this machine cannot do that; `invalidArgument` where no machine could.
  package init(threads: Int?, instructionSet: String?) throws(FaceError) {
    if let threads, !(1...ThreadPlan.limit).contains(threads) {
      throw FaceError(.invalidArgument, "a session cannot have \(threads) threads; choose 1 to \(ThreadPlan.limit)")
    }
    kernels = try failing(as: .unsupported) { () throws(FaceqError) in try QuantRuntime.kernels(instructionSet) }
    self.threads = try failing(as: .unsupported) { () throws(FaceqError) in
      try ThreadPlan(threads: threads, on: CoreTopology())
    }
  }

  package var instructionSet: String { kernels.instructionSet.rawValue }

  package var threadCount: Int { threads.count }

  private init(_ kernels: KernelTable, _ threads: ThreadPlan) {
    self.kernels = kernels
    self.threads = threads
  }

  /// The same on the calling thread alone.
  var onOneThread: Computing { Computing(kernels, 1) }
}
