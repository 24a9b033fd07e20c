import FaceDetection
import FaceImages
import FaceqSupport
import QuantRuntime
import SIMDKernels

/// What `bench` measures, and how it is done once, always with the same picture.
struct BenchSubject {
  /// The network's architecture or, of a detector, its family.
  let name: String
  /// The picture that a detector searches; nil where a face is embedded.
  let picture: Size?
  let precision: String
  let instructionSet: InstructionSet
  let threads: ThreadPlan
  /// Nil where they depend on what the picture shows.
  let multiplyAccumulates: Int?
  let run: () throws(FaceqError) -> Void
  /// What one run of the network consists of, in the order of its computation.
  let layers: [LayerDescription]
  /// Runs the network once, with the seconds that each of `layers` took in the array, which has as many elements.
  let runByLayers: (_ seconds: inout [Double]) throws(FaceqError) -> Void

  /// The embedding of the pattern of self-tests.
  init(_ session: EmbeddingSession) {
    let model = session.model
    name = model.description.architecture
    picture = nil
    precision = model.precision
    instructionSet = session.instructionSet
    threads = session.threads
    multiplyAccumulates = model.multiplyAccumulates
    layers = session.layers
    let pixels = selfTestPattern(height: model.image.height, width: model.image.width)
    var embedding = [Float](repeating: 0, count: model.embeddingSize)
    run = { () throws(FaceqError) in try session.embed(pixels, into: &embedding) }
    runByLayers = { (seconds: inout [Double]) throws(FaceqError) in
      try session.embed(pixels, into: &embedding, layerSeconds: &seconds)
    }
  }

  /// The search of the pattern of self-tests at a size, in which there is no face.
  ///
  /// - Throws: where the picture does not fit the network.
  init(
    _ file: DetectorFile, _ detector: FaceDetector, _ size: Size, _ kernels: KernelTable, _ threads: ThreadPlan
  ) throws(FaceqError) {
    let picture = RGBImage(
      width: size.width, height: size.height, pixels: selfTestPattern(height: size.height, width: size.width))
    name = file.identity.family
    self.picture = size
    instructionSet = kernels.instructionSet
    self.threads = threads
    run = { () throws(FaceqError) in _ = try detector.faces(in: picture) }
    guard case .network(let model) = file, let network = detector.network else {
      precision = "float32"
      multiplyAccumulates = nil
      layers = []
      runByLayers = { _ throws(FaceqError) in }
      return
    }
    precision = model.precision
    multiplyAccumulates = try network.multiplyAccumulates(searching: size, by: model.topology)
    layers = try network.layers(searching: picture)
    runByLayers = { (seconds: inout [Double]) throws(FaceqError) in
      try network.run(searching: picture, layerSeconds: &seconds)
    }
  }

  func seconds() throws(FaceqError) -> Double {
    let start = monotonicSeconds()
    try run()
    return monotonicSeconds() - start
  }

  /// Runs a few times: the first run touches all memory, and the processor may need a while to reach its speed.
  ///
  /// - Returns: the fastest run's seconds.
  func warmUp() throws(FaceqError) -> Double {
    var times: [Double] = []
    repeat { times.append(try seconds()) } while times.count < 3 || times.reduce(0, +) < 0.3 && times.count < 100
    return times.min() ?? 1
  }
}
