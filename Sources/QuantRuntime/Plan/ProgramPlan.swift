import SIMDKernels

/// What a planner writes down on its way through a graph, and a `Program` is made of.
struct ProgramPlan {
  let kernels: KernelTable
  let threads: ThreadPlan
  /// Whether values are handed out when they are written.
  let observing: Bool
  let layout: ValueLayout
  let image = ImageSource()
  let observer = NodeObserver()
  let memory: ProgramMemory
  private(set) var steps: [Step] = []
  private(set) var layers: [LayerDescription] = []
  /// For each node the first of its steps.
  private(set) var firstSteps: [Int] = []
  var winogradShapes: [WinogradShape] = []
  /// Memory of the numbers that steps point to.
  private(set) var kept: [TensorOwner] = []

  init(
    _ layout: ValueLayout, _ memory: ProgramMemory, _ kernels: KernelTable, threads: ThreadPlan, observing: Bool
  ) {
    (self.layout, self.memory, self.kernels, self.threads) = (layout, memory, kernels, threads)
    self.observing = observing
  }

  /// Where a value lies.
  func plane(_ value: Int) -> Plane { layout.planes[value] }

  func form(_ value: Int) -> Form { layout.forms[value] }

  /// Notes that the steps of the next node follow.
  mutating func beginNode() { firstSteps.append(steps.count) }

  /// Adds a step of `parts` parts, each of which `run` computes.
  mutating func append(
    _ layer: LayerDescription, parts: Int = 1, run: @escaping (_ part: Int, _ worker: Int) -> Void
  ) {
    steps.append(Step(parts: parts, run: run))
    layers.append(layer)
  }

  /// Adds a step that computes rows of a plane, and what surrounds them.
  ///
  /// - Parameter border: fills the border around the plane.
  mutating func appendRows(
    _ layer: LayerDescription, of plane: Plane, border: BorderFill, run: @escaping (_ rows: Range<Int>) -> Void
  ) {
    let split = RangeSplit(count: plane.height, threads: threads)
    append(layer, parts: split.parts) { part, _ in
      run(split.range(part))
      border.run(part: part, of: split.parts)
    }
  }

  /// The numbers of a tensor, which the program keeps for the steps that point to them.
  mutating func keep<Element>(_ tensor: Tensor<Element>) -> UnsafePointer<Element> {
    kept.append(tensor.owner)
    return tensor.base
  }

  /// Memory for `count` values, which are zero to begin with.
  mutating func zeroes<Element: BitwiseCopyable & Sendable & ExpressibleByIntegerLiteral>(
    _ count: Int, of type: Element.Type
  ) -> UnsafeMutablePointer<Element> {
    UnsafeMutablePointer(mutating: keep(Tensor([Element](repeating: 0, count: count))))
  }

  /// A border of zeros around a plane of int16 or float.
  mutating func zeroBorder(_ plane: Plane) -> BorderFill {
    BorderFill(plane: plane, pixel: UnsafeRawPointer(zeroes(plane.pixelBytes, of: UInt8.self)))
  }
}
