/// What a planner writes down on its way through a network, and a `Program` is made of.
struct ProgramPlan {
  let arena: Arena
  let threads: ThreadPlan
  /// Whether activations are handed out at taps.
  let observing: Bool
  let image = ImageSource()
  let observer = TapObserver()
  private(set) var steps: [Step] = []
  private(set) var layers: [LayerDescription] = []
  private(set) var entries: [ProgramEntry] = []
  private(set) var tapSteps: [Tap: Int] = [:]
  var winogradShapes: [WinogradShape] = []
  /// Memory of the numbers that steps point to.
  private(set) var kept: [TensorOwner] = []

  /// Plans a program twice: first to learn how large each buffer of the arena is, then with its addresses.
  static func program(threads: ThreadPlan, observing: Bool, _ plan: (ProgramPlan) -> Program) -> Program {
    let arena = Arena()
    _ = plan(ProgramPlan(arena: arena, threads: threads, observing: observing))
    arena.allocate()
    return plan(ProgramPlan(arena: arena, threads: threads, observing: observing))
  }

  private init(arena: Arena, threads: ThreadPlan, observing: Bool) {
    (self.arena, self.threads, self.observing) = (arena, threads, observing)
  }

  /// Adds a step of `parts` parts, each of which `run` computes.
  mutating func append(
    _ layer: LayerDescription, parts: Int = 1, run: @escaping (_ part: Int, _ worker: Int) -> Void
  ) {
    steps.append(Step(parts: parts, run: run))
    layers.append(layer)
  }

  /// Adds a step that hands out the values of a tap, where the session observes.
  mutating func append(_ tap: Tap, named name: String, values: @escaping ((TapValues) -> Void) -> Void) {
    guard observing else { return }
    tapSteps[tap] = steps.count
    append(LayerDescription(name, .observation)) { [observer] _, _ in
      if let body = observer.body { values(body) }
    }
  }

  /// Notes that an observing session can enter the network here, with `trunk`.
  mutating func addEntry<Element>(_ trunk: Plane<Element>) {
    if observing { entries.append(ProgramEntry(step: steps.count, trunk: trunk)) }
  }

  /// The numbers of a tensor, which the program keeps for the steps that point to them.
  mutating func keep<Element>(_ tensor: Tensor<Element>) -> UnsafePointer<Element> {
    kept.append(tensor.owner)
    return tensor.base
  }
}
