import Commands
import GraphReference
import KernelChecks
import QuantRuntime
import SIMDKernels

/// Does every kernel of this machine's instruction sets agree with its scalar reference, and does the engine compute the
/// bits that a graph's definition does?
func checkMachine(_ console: Console) throws(FaceqError) {
  let sets = availableInstructionSets()
  let tables = availableKernelTables()
  var failures = 0
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
  for precision in CoveredGraph.Precision.allCases {
    var (comparisons, failed) = (0, [String]())
    for graph in CoveredGraph.all {
      let result = try graph.checkIntegers(precision, tables, threads: [1])
      comparisons += result.comparisons
      failed += result.failures
    }
    try report("graphs, " + precision.rawValue, comparisons, failed)
  }
  guard failures == 0 else {
    throw FaceqError("\(failures) outputs are wrong on this machine; do not use it here, and report these lines")
  }
}
