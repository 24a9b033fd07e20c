import Commands
import FaceqSupport
import KernelChecks
import QuantRuntime
import SIMDKernels

/// `check-kernels`: does every kernel of this machine's instruction sets agree with its scalar reference?
func checkKernels(_ arguments: inout Arguments, _ console: Console) throws(BoardError) {
  _ = try arguments.values([])
  let sets = availableInstructionSets()
  let tables = availableKernelTables()
  var failures = 0
  try succeeding { () throws(FaceqError) in
    try console.print("isa                " + sets.map { $0.rawValue }.joined(separator: ", "))
    func report(_ name: String, _ comparisons: Int, _ failed: [String]) throws(FaceqError) {
      failures += failed.count
      let column = name + String(repeating: " ", count: max(1, 19 - name.utf8.count))
      try console.print(column + "\(comparisons) outputs, " + (failed.isEmpty ? "OK" : "FAILED"))
      for failure in failed.prefix(5) { try console.print("  " + failure) }
    }
    for check in KernelCheck.allCases {
      let result = check.run(tables)
      try report(check.name, result.comparisons, result.failures)
    }
    guard failures == 0 else {
      throw FaceqError("\(failures) outputs are wrong on this machine; do not use it here, and report these lines")
    }
  }
}
