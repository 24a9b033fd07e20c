/// A program that turns an image into an embedding: what the float and the int8 engine have in common.
class EmbeddingProgram: ParallelProgram {
  /// RGB pixels [row][column][3] of the image to embed; set before each run.
  var pixels: UnsafePointer<UInt8>?
  var mirrored = false
  /// Called with every tap's values in the program's order, where the session observes.
  var observer: ((TapValues) -> Void)?
  /// The embedding of the last run, of unit length.
  var embedding: UnsafePointer<Float> { fatalError("abstract") }
  /// The distinct shapes of convolutions that Winograd can compute.
  var winogradShapes: [WinogradShape] { [] }
  /// Where an observing session can enter the network: in front of every block, and of what follows the last one.
  var entries: [ProgramEntry] { fatalError("abstract") }
  /// The steps that hand out taps, where the session observes.
  var tapSteps: [Tap: Int] { fatalError("abstract") }
  /// The part of the program that the next run covers; nil for all of it.
  var scope: Range<Int>?
  override var activeSteps: Range<Int> { scope ?? 0..<stepCount }
  /// What each step computes.
  var layers: [LayerDescription] { fatalError("abstract") }
  /// Bytes of activations.
  var arenaBytes: Int { fatalError("abstract") }
}

/// A place between two blocks: the first step behind it, and the trunk's bytes.
struct ProgramEntry {
  let step: Int
  let trunk: UnsafeMutableRawBufferPointer

  init<Element>(step: Int, trunk: Plane<Element>) {
    self.step = step
    let count = trunk.pixels * trunk.channels
    self.trunk = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(start: trunk.base, count: count))
  }
}
