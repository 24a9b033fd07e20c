import Commands
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
    for check in KernelCheck.allCases {
      let result = check.run(tables)
      failures += result.failures.count
      let name = check.name + String(repeating: " ", count: max(1, 19 - check.name.utf8.count))
      try console.print(name + "\(result.comparisons) outputs, " + (result.failures.isEmpty ? "OK" : "FAILED"))
      for failure in result.failures.prefix(5) { try console.print("  " + failure) }
    }
    guard failures == 0 else {
      throw FaceqError("\(failures) outputs are wrong on this machine; do not use it here, and report these lines")
    }
  }
}
