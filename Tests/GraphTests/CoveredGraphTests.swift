import GraphReference
import QuantRuntime
import SIMDKernels
import Testing

/// What graphs can have, on the engine against the definition: int8 bit for bit, float to six digits.
struct CoveredGraphTests {
  @Test(arguments: CoveredGraph.all, CoveredGraph.Precision.allCases)
  func integersAreTheInterpreters(_ covered: CoveredGraph, _ precision: CoveredGraph.Precision) throws {
    let result = try covered.checkIntegers(precision, availableKernelTables())
    #expect(result.comparisons >= 4 * availableKernelTables().count)
    #expect(result.failures.isEmpty, "\(result.failures.prefix(5).joined(separator: "\n"))")
  }

  /// Numbers that saturate everywhere, or that are all alike, would hide errors.
  @Test(arguments: CoveredGraph.all)
  func integersDiffer(_ covered: CoveredGraph) throws {
    let graph = try covered.randomIntegers(.mixed, seed: 11)
    let format = try graph.image
    let pixels = (0..<format.height * format.width * 3).map { UInt8($0 * 37 % 256) }
    let values = try evaluate(graph, pixels, height: format.height, width: format.width)
    for output in graph.outputs {
      let found = try #require(values[output].floats).values
      #expect(Set(found.map(\.bitPattern)).count > found.count / 8 + 1, "\(covered.name), \(graph.label(output))")
    }
  }

  /// What only floats cover: the picture is read by dense convolutions and by something else, or through a copy.
  static let ofFloats = [
    CoveredGraph(
      name: "a picture beside what a convolution made of it",
      listing: """
        %0 = image 8×8 rgb (x − 127.5) / 128
        %1 = convolution %0 → 16, 3×3, padding 1, relu  first
        %2 = concatenate %0, %1
        %3 = convolution %2 → 8, 1×1  second
        outputs %3
        """),
    CoveredGraph(
      name: "a picture read through a copy",
      listing: """
        %0 = image 8×8 rgb (x − 127.5) / 128
        %1 = copy %0
        %2 = convolution %1 → 20, 5×5, padding 2, prelu  first
        %3 = convolution %0 → 20, 3×3, padding 1  second
        %4 = add %2, %3
        outputs %4
        """),
    CoveredGraph(
      name: "a picture that is an output, too",
      listing: """
        %0 = image 9×7 bgr (x − 127.5) / 128
        %1 = convolution %0 → 5, 3×3, stride 2  first
        %2 = convolution %0 → 3, 3×3, padding 1, depthwise  second
        outputs %1, %0, %2
        """),
  ]

  @Test(arguments: CoveredGraph.all + ofFloats)
  func floatsAreTheInterpreters(_ covered: CoveredGraph) throws {
    let graph = try covered.randomFloats(seed: 3)
    let format = try graph.image
    var numbers = RandomNumbers(seed: 5)
    let pixels = (0..<format.height * format.width * 3).map { _ in UInt8(numbers.integer(0...255)) }
    let picture = normalised(pixels, format, height: format.height, width: format.width)
    let values = try evaluate(graph, picture)
    for table in availableKernelTables() {
      for rule in [WinogradChoice.Rule.on, .off] {
        for threads in [1, 3] {
          let session = try GraphSession(
            graph, kernels: table, threads: ThreadPlan(threads), winograd: WinogradChoice(rule: rule))
          let found = try session.run(pixels, height: format.height, width: format.width)
          let fed = try session.run(
            values: picture.values.map { Float($0) }, height: format.height, width: format.width)
          for (index, output) in graph.outputs.enumerated() {
            for outputs in [found, fed] {
              let error = relativeError(outputs[index].values, values[output].values)
              #expect(error < 1e-5, "\(table.instructionSet), \(rule), \(threads) threads, \(graph.label(output))")
            }
          }
        }
      }
    }
  }

  /// The root of the squared differences' sum over that of the squares.
  private func relativeError(_ found: [Float], _ expected: [Double]) -> Double {
    var (signal, noise) = (0.0, 0.0)
    for (value, exact) in zip(found, expected) {
      signal += exact * exact
      noise += (exact - Double(value)) * (exact - Double(value))
    }
    return signal > 0 && found.count == expected.count ? (noise / signal).squareRoot() : .infinity
  }
}

extension CoveredGraph: CustomTestStringConvertible {
  public var testDescription: String { name }
}
