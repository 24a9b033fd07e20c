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
  /// What each step computes.
  var layers: [LayerDescription] { fatalError("abstract") }
  /// Bytes of activations.
  var arenaBytes: Int { fatalError("abstract") }
}
