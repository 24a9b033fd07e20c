import FaceqSupport
import QuantRuntime
import SIMDKernels

/// What a check of graphs found: how many outputs were compared, and a sentence for each that was wrong.
package struct GraphCheckResult: Sendable {
  package var comparisons = 0
  package var failures: [String] = []
}

extension CoveredGraph {
  /// Compares what the engine makes of the graph, with random integers, with the interpreter's bits: with every table
  /// of kernels, with and without Winograd, on one thread and on several, and on a picture of another size, too.
  ///
  /// - Throws: where a graph cannot be planned.
  package func checkIntegers(
    _ precision: Precision, _ tables: [KernelTable], threads: [Int] = [1, 3]
  ) throws(FaceqError) -> GraphCheckResult {
    var result = GraphCheckResult()
    let graph = try randomIntegers(precision, seed: 11)
    let format = try graph.image
    var numbers = RandomNumbers(seed: 5)
    // A linear layer takes one size only.
    let isOfOneSize = graph.nodes.contains { if case .linear = $0.operation { true } else { false } }
    let sizes = [Size(format.height, format.width)] + (isOfOneSize ? [] : [Size(2 * format.height, 24)])
    for size in sizes {
      let pixels = (0..<size.height * size.width * 3).map { _ in UInt8(numbers.integer(0...255)) }
      let values = try evaluate(graph, pixels, height: size.height, width: size.width)
      for table in tables where table.packedOrder == .fours {
        for rule in [WinogradChoice.Rule.on, .off] {
          for count in threads {
            let session = try GraphSession(
              graph, kernels: table, threads: ThreadPlan(count), winograd: WinogradChoice(rule: rule))
            let outputs = try session.run(pixels, height: size.height, width: size.width)
            guard outputs.count == graph.outputs.count else { throw FaceqError("\(name): outputs are missing") }
            for (output, value) in zip(outputs, graph.outputs) {
              result.comparisons += 1
              guard let expected = values[value].floats else { throw FaceqError("outputs are floats") }
              let wrong = zip(output.values, expected.values).count { $0.bitPattern != $1.bitPattern }
              guard wrong > 0 || output.values.count != expected.values.count else { continue }
              result.failures.append(
                "\(name), \(precision.rawValue), \(table.instructionSet.rawValue), Winograd \(rule.rawValue), \(count) threads, "
                  + "\(size.text): \(wrong) of \(expected.values.count) values of \(graph.label(value)) are wrong")
            }
          }
        }
      }
    }
    return result
  }
}
