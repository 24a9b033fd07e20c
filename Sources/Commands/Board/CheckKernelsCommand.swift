import FaceqSupport
import KernelChecks
import QuantRuntime
import SIMDKernels

/// `check-kernels`: does every kernel of this machine's instruction sets agree with its scalar reference?
package struct CheckKernelsCommand: Sendable {
  package init() {}

  /// - Throws: also where one does not.
  package func run(_ console: Console) throws(FaceqError) {
    let names = availableInstructionSets().map { $0.rawValue }
    try console.print("isa                " + names.joined(separator: ", "))
    let tables = availableKernelTables()
    var failures = 0
    for check in KernelCheck.allCases {
      let result = check.run(tables)
      failures += result.failures.count
      let column = check.name + String(repeating: " ", count: max(1, 19 - check.name.utf8.count))
      try console.print(column + "\(result.comparisons) outputs, " + (result.failures.isEmpty ? "OK" : "FAILED"))
      for failure in result.failures.prefix(5) { try console.print("  " + failure) }
    }
    guard failures == 0 else {
      throw FaceqError("\(failures) outputs are wrong on this machine; do not use it here, and report these lines")
    }
  }
}
