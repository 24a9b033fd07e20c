import FaceqSupport
import QuantRuntime
import SIMDKernels

/// Mean and standard deviation of each channel.
struct ChannelMoments {
  var mean: [Float]
  var deviation: [Float]
}

/// Runs unfinished networks on faces to measure what their next layer puts out.
struct StandInProbe {
  let kernels: KernelTable
  let threads: ThreadPlan
  var faces: [[UInt8]] = []

  init(kernels: KernelTable, threads: ThreadPlan) {
    self.kernels = kernels
    self.threads = threads
  }

  /// Moments of what a graph hands out.
  ///
  /// - Parameter count: of the faces that are looked at; nil for all.
  func moments(_ graph: Graph<FloatLayer>, faces count: Int? = nil) throws(FaceqError) -> ChannelMoments {
    // Without Winograd: the last bits must not depend on what is faster on a machine.
    let session = try GraphSession(
      graph, kernels: kernels, threads: threads, winograd: WinogradChoice(rule: .off))
    let image = try graph.image
    var (sum, squares, pixels): ([Double], [Double], Double) = ([], [], 0)
    for face in faces.prefix(count ?? faces.count) {
      let output = try session.run(face, height: image.height, width: image.width)[0]
      if sum.isEmpty {
        sum = [Double](repeating: 0, count: output.channels)
        squares = sum
      }
      pixels += Double(output.height * output.width)
      for (index, value) in output.values.enumerated() {
        let (channel, value) = (index % output.channels, Double(value))
        sum[channel] += value
        squares[channel] += value * value
      }
    }
    let mean = sum.map { $0 / pixels }
    let deviation = zip(squares, mean).map { max($0 / pixels - $1 * $1, 0).squareRoot() }
    return ChannelMoments(mean: mean.map { Float($0) }, deviation: deviation.map { Float($0) })
  }
}
