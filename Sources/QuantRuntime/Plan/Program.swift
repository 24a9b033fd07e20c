/// A graph laid out on planned memory for one size of picture and so many threads.
final class Program {
  let steps: [Step]
  /// What each step computes.
  let layers: [LayerDescription]
  /// For each node the first of its steps.
  let firstSteps: [Int]
  /// The distinct shapes of convolutions that Winograd can compute, in the network's order.
  let winogradShapes: [WinogradShape]
  let layout: ValueLayout
  /// Where the outputs lie, float, in the graph's order.
  let outputs: [Plane]
  let image: ImageSource
  let observer: NodeObserver
  private let memory: ProgramMemory
  private let kept: [TensorOwner]

  init(_ plan: ProgramPlan, outputs: [Int]) {
    plan.memory.allocateScratch()
    steps = plan.steps
    layers = plan.layers
    firstSteps = plan.firstSteps
    winogradShapes = plan.winogradShapes
    layout = plan.layout
    self.outputs = outputs.map { plan.plane($0) }
    image = plan.image
    observer = plan.observer
    memory = plan.memory
    kept = plan.kept
  }

  /// Bytes of values, and of what threads need besides.
  var byteCount: Int { memory.byteCount }
}
