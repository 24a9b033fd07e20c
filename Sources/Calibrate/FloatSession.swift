import FaceqSupport
import QuantRuntime
import SIMDKernels

/// A session of a float model whose values an int8 model is made from. Without Winograd: the last bits, and with them
/// the int8 model, must not depend on what is faster on a machine.
func floatSession(
  _ model: Model, kernels: KernelTable, threads: ThreadPlan, observing: Bool = false
) throws(FaceqError) -> EmbeddingSession {
  try EmbeddingSession(
    model, kernels: kernels, threads: threads, winograd: WinogradChoice(rule: .off), observing: observing)
}
