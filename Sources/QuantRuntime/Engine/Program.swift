/// A network laid out on planned memory for one session's threads: steps that turn an image into an embedding.
final class Program {
  let steps: StepList
  /// What each step computes.
  let layers: [LayerDescription]
  /// Where an observing session can enter the network: before every block, and before what follows the last one.
  let entries: [ProgramEntry]
  /// The steps that hand out taps, where the session observes.
  let tapSteps: [Tap: Int]
  /// The distinct shapes of convolutions that Winograd can compute, in the network's order.
  let winogradShapes: [WinogradShape]
  /// The embedding of the last run, of unit length.
  let embedding: UnsafePointer<Float>
  let image: ImageSource
  let observer: TapObserver
  private let arena: Arena
  private let kept: [TensorOwner]

  init(_ plan: ProgramPlan, embedding: UnsafePointer<Float>) {
    steps = StepList(plan.steps)
    layers = plan.layers
    entries = plan.entries
    tapSteps = plan.tapSteps
    winogradShapes = plan.winogradShapes
    self.embedding = embedding
    image = plan.image
    observer = plan.observer
    arena = plan.arena
    kept = plan.kept
  }

  /// Bytes of activations.
  var arenaBytes: Int { arena.byteCount }
}

/// A place between two blocks: the first step after it, and the trunk's bytes.
struct ProgramEntry {
  let step: Int
  let trunk: UnsafeMutableRawBufferPointer

  init<Element>(step: Int, trunk: Plane<Element>) {
    self.step = step
    let count = trunk.pixels * trunk.channels
    self.trunk = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(start: trunk.base, count: count))
  }
}
