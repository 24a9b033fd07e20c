import FaceqSupport
import SIMDKernels

/// Runs one graph on pictures of any size: the form of networks that are not embedding networks, such as a face
/// detector's.
///
/// Belongs to one thread at a time and brings its own worker threads. It plans anew when the picture's size changes, and
/// keeps the last plans; they share one memory, which grows with the largest picture so far.
package final class GraphSession {
  private let graph: PackedGraph
  private let kernels: KernelTable
  private let threads: ThreadPlan
  private let winograd: WinogradChoice
  private let limit: Int
  private let memory = ProgramMemory()
  private let steps: StepList
  private let pool: WorkerPool
  /// The one that ran last is the last one.
  private var plans: [(height: Int, width: Int, program: Program)] = []

  /// How many plans are kept: as many sizes as a picture's pyramid has.
  private static let keptPlans = 16
  /// Bytes of values that a picture may need where nobody says otherwise: enough for one of 4,000 × 3,000 pixels.
  package static let standardLimit = PackedGraph.largestProgram

  /// - Parameters:
  ///   - limit: the bytes of values that a picture may need.
  /// - Throws: where the graph is not well formed, or the system refuses a thread or a core.
  package convenience init(
    _ graph: Graph<FloatLayer>, kernels: KernelTable, threads: ThreadPlan,
    winograd: WinogradChoice = WinogradChoice(), limit: Int = GraphSession.standardLimit
  ) throws(FaceqError) {
    try graph.check()
    let packed = try graph.packed(isWinograd: winograd.isFasterInFloat(on: kernels.instructionSet))
    try self.init(.float(packed), nodes: graph.nodes.count, kernels, threads, winograd, limit)
  }

  /// As the other initialiser, of a quantised graph whose weights the kernels read.
  package convenience init(
    _ graph: Graph<QuantisedLayer>, kernels: KernelTable, threads: ThreadPlan,
    winograd: WinogradChoice = WinogradChoice(), limit: Int = GraphSession.standardLimit
  ) throws(FaceqError) {
    try self.init(.int8(graph), nodes: graph.nodes.count, kernels, threads, winograd, limit)
  }

  private convenience init(
    _ graph: PackedGraph, nodes: Int, _ kernels: KernelTable, _ threads: ThreadPlan, _ winograd: WinogradChoice,
    _ limit: Int
  ) throws(FaceqError) {
    // No node has more than four steps.
    let steps = StepList(capacity: 4 * nodes)
    self.init(graph, kernels, threads, winograd, limit, steps, try WorkerPool(threads, steps: steps))
  }

  /// Cannot fail: Embedded Swift does not free an object whose initialiser throws.
  private init(
    _ graph: PackedGraph, _ kernels: KernelTable, _ threads: ThreadPlan, _ winograd: WinogradChoice, _ limit: Int,
    _ steps: StepList, _ pool: WorkerPool
  ) {
    self.graph = graph
    self.kernels = kernels
    self.threads = threads
    self.winograd = winograd
    self.limit = limit
    self.steps = steps
    self.pool = pool
  }

  /// What a graph hands out: [row][column][channel].
  package struct Output: Sendable, Equatable {
    package var height: Int
    package var width: Int
    package var channels: Int
    package var values: [Float]
  }

  /// - Parameter pixels: RGB [row][column][3].
  /// - Returns: the graph's outputs, in its order.
  /// - Throws: where the picture is too small or too large for the graph.
  package func run(_ pixels: [UInt8], height: Int, width: Int) throws(FaceqError) -> [Output] {
    precondition(pixels.count == height * width * 3)
    let program = try prepare(height: height, width: width)
    pixels.withUnsafeBufferPointer {
      program.image.pixels = $0.baseAddress
      pool.run()
      program.image.pixels = nil
    }
    return outputs(of: program)
  }

  /// As the other function, of a float graph.
  ///
  /// - Parameter values: the picture as the graph sees it, [row][column][3], so that its image format does not matter.
  package func run(values: [Float], height: Int, width: Int) throws(FaceqError) -> [Output] {
    precondition(values.count == height * width * 3)
    let program = try prepare(height: height, width: width)
    values.withUnsafeBufferPointer {
      program.image.values = $0.baseAddress
      pool.run()
      program.image.values = nil
    }
    return outputs(of: program)
  }

  /// What a run on a picture of this size consists of, in the order of its computation.
  ///
  /// - Throws: where the picture is too small or too large for the graph.
  package func layers(height: Int, width: Int) throws(FaceqError) -> [LayerDescription] {
    try prepare(height: height, width: width).layers
  }

  /// As `run(_:height:width:)`, with the seconds that each of `layers(height:width:)` took in `seconds`, which has as many
  /// elements.
  package func run(
    _ pixels: [UInt8], height: Int, width: Int, layerSeconds seconds: inout [Double]
  ) throws(FaceqError) {
    let program = try prepare(height: height, width: width)
    precondition(pixels.count == height * width * 3 && seconds.count == steps.count)
    pixels.withUnsafeBufferPointer {
      program.image.pixels = $0.baseAddress
      WorkerPool.measure(into: &seconds) { pool.run(times: $0) }
      program.image.pixels = nil
    }
  }

  /// Bytes of values of the largest picture so far, and of what threads need besides.
  package var byteCount: Int { memory.byteCount }

  /// Makes the program of a size the one that runs next.
  private func prepare(height: Int, width: Int) throws(FaceqError) -> Program {
    if let last = plans.last, (last.height, last.width) == (height, width) { return last.program }
    let program: Program
    if let index = plans.firstIndex(where: { ($0.height, $0.width) == (height, width) }) {
      program = plans.remove(at: index).program
    } else {
      let moves = memory.moves
      program = try graph.program(
        height: height, width: width, kernels, threads: threads, winograd: winograd, memory, limit: limit)
      if memory.moves != moves { plans.removeAll() }
      if plans.count == Self.keptPlans { plans.removeFirst() }
    }
    plans.append((height, width, program))
    steps.removeAll()
    for step in program.steps { steps.append(step) }
    return program
  }

  private func outputs(of program: Program) -> [Output] {
    program.outputs.map { plane in
      let values = [Float](unsafeUninitializedCapacity: plane.pixels * plane.channels) { values, count in
        for row in 0..<plane.height {
          var pixel = UnsafeRawPointer(plane.interior + row * plane.rowBytes)
          for _ in 0..<plane.width {
            for channel in 0..<plane.channels {
              values[count] = pixel.loadUnaligned(fromByteOffset: 4 &* channel, as: Float.self)
              count &+= 1
            }
            pixel += plane.pixelBytes
          }
        }
      }
      return Output(height: plane.height, width: plane.width, channels: plane.channels, values: values)
    }
  }
}
