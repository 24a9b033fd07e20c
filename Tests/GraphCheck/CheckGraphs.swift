import Commands
import FaceqSupport
import GraphReference
import QuantRuntime
import SIMDKernels

/// Does the engine compute the bits that a graph's definition does, on every instruction set of this machine?
func checkGraphs(_ console: Console) throws(FaceqError) {
  let tables = availableKernelTables()
  var failures = 0
  for precision in CoveredGraph.Precision.allCases {
    var (comparisons, failed) = (0, [String]())
    for graph in CoveredGraph.all {
      let result = try graph.checkIntegers(precision, tables, threads: [1])
      comparisons += result.comparisons
      failed += result.failures
    }
    failures += failed.count
    try console.print("graphs, \(precision.rawValue): \(comparisons) outputs, " + (failed.isEmpty ? "OK" : "FAILED"))
    for failure in failed.prefix(5) { try console.print("  " + failure) }
  }
  guard failures == 0 else { throw FaceqError("\(failures) outputs of graphs are wrong on this machine") }
}
