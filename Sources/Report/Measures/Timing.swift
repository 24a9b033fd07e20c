import FaceqSupport
import QuantRuntime
import SIMDKernels

/// Milliseconds for one embedding on one thread, the best of several runs.
package func fastestMilliseconds(_ model: Model, kernels: KernelTable, runs: Int = 7) throws(FaceqError) -> Double {
  let session = try EmbeddingSession(model, kernels: kernels, threads: 1)
  let pixels = selfTestPattern(height: model.image.height, width: model.image.width)
  var best = Double.infinity
  for _ in 0..<runs {
    let start = monotonicSeconds()
    _ = try session.embed(pixels)
    best = min(best, monotonicSeconds() - start)
  }
  return best * 1000
}
