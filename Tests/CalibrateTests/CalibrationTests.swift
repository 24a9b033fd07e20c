import Calibrate
import FaceqSupport
import QuantRuntime
import TestSupport
import Testing

/// From random weights to an int8 model, without any file but the models.
struct CalibrationTests {
  private static let float = Result { try makeFloat() }
  private static let int8 = Result { try makeInt8() }

  private static func makeFloat() throws -> Model {
    let architecture = try #require(StandInArchitecture.all.first { $0.name == "tiny_ir_se" })
    let (graph, parameters) = try makeStandIn(
      architecture, seed: 3, faces: SyntheticFaces(count: 24), kernels: kernels(nil), threads: 2
    ) { _, _ in }
    return try Model(
      .float(graph),
      ModelDescription(
        architecture: architecture.name, parameters: parameters,
        source: ModelDescription.Source(name: "test", sha256: ""), isStandIn: true))
  }

  private static func makeInt8() throws -> (graph: Graph<QuantisedLayer>, description: ModelDescription) {
    var advanced = 0
    let calibration = try Calibration(
      float.get(), faces: SyntheticFaces(count: 40), seed: 1, recipe: CalibrationRecipe(), kernels: kernels(nil),
      threads: 2)
    let result = try calibration.run(tool: "test", imagesDigest: "") { advanced += 1 }
    #expect(advanced == calibration.imageRuns)
    return result
  }

  /// As the fixtures' generator makes it: 847,040 parameters.
  @Test func standInHasThePublishedStructure() throws {
    let float = try Self.float.get()
    #expect(float.description.parameters == 847_040)
    #expect(float.embeddingSize == 64)
    #expect(float.topology.additions.map { float.topology.label($0) } == (0..<8).map { "blocks.\($0)" })
    #expect(float.topology.layersOfChoice.count == 2 * 8 + 1)
    #expect(float.multiplyAccumulates == 152_689_600)
  }

  /// BatchNorm statistics were measured, so activations neither vanish nor explode on the way down.
  @Test func standInHasRealisticActivations() throws {
    let float = try Self.float.get()
    let session = try EmbeddingSession(float, kernels: kernels(nil), threads: 1, observing: true)
    let inputs = (0..<8).compactMap { float.topology.index(named: "blocks.\($0).input") }
    #expect(inputs.count == 8)
    _ = try session.embed(try SyntheticFaces(count: 1, seed: 5).pixels(0)) { values in
      guard inputs.contains(values.node) else { return }
      let all = values.values()
      let square = all.reduce(0) { $0 + $1 * $1 } / Float(all.count)
      #expect(square > 0.2 && square < 20, "\(float.topology.label(values.node)): mean square \(square)")
    }
  }

  @Test func int8IsCloseToFloat() throws {
    let (graph, description) = try Self.int8.get()
    let calibration = try #require(description.calibration)
    #expect(calibration.images == 32)
    #expect(calibration.drift.images == 8)
    #expect(calibration.drift.mean > 0.995)
    let float = try EmbeddingSession(Self.float.get(), kernels: kernels(nil), threads: 1)
    let int8 = try EmbeddingSession(Model(.int8(graph), description), kernels: kernels(nil), threads: 1)
    let unseen = SyntheticFaces(count: 10, seed: 9)
    for index in 0..<unseen.count {
      let pixels = try unseen.pixels(index)
      #expect(cosine(try float.embed(pixels), try int8.embed(pixels)) > 0.99)
    }
  }

  @Test func sameBitsOnEveryInstructionSetAndNumberOfThreads() throws {
    let (graph, description) = try Self.int8.get()
    let model = try Model(.int8(graph), description)
    let wanted = try #require(description.calibration).selfTest
    let pattern = selfTestPattern(height: 112, width: 112)
    for name in availableInstructionSets().map(\.rawValue) {
      for threads in [1, 2, 3, 7] {
        let session = try EmbeddingSession(model, kernels: kernels(name), threads: ThreadPlan(threads))
        #expect(try session.embed(pattern) == wanted, "\(name), \(threads) threads")
        #expect(try session.embed(pattern) == wanted, "\(name), \(threads) threads, a second time")
      }
    }
  }

  @Test func theSameFacesAndSeedGiveTheSameModel() throws {
    let again = try Self.makeInt8()
    #expect(again.description.calibration?.selfTest == (try Self.int8.get()).description.calibration?.selfTest)
  }

  private func refined(
    threads: ThreadPlan, workFile: FilePath? = nil, stateLimit: Int = Cuts.largestStates, advance: () -> Void = {}
  ) throws -> (bytes: [UInt8], refinement: Int) {
    var calibration = try Calibration(
      Self.float.get(), faces: SyntheticFaces(count: 40), seed: 1, recipe: CalibrationRecipe(), kernels: kernels(nil),
      threads: threads)
    calibration.stateLimit = stateLimit
    var advanced = 0
    let (graph, description) = try calibration.run(tool: "test", imagesDigest: "", workFile: workFile) {
      advanced += 1
      advance()
    }
    let folder = try TemporaryFolder()
    try graph.write(to: FilePath(folder("int8.gguf")), description)
    return (try folder.bytes("int8.gguf"), advanced)
  }

  /// Started again from what was done when half of it was, the calibration ends with the same file, on any number of
  /// threads.
  @Test func anInterruptedCalibrationGoesOnToTheSameFile() throws {
    let folder = try TemporaryFolder()
    var sizes: [Int] = []
    let whole = try refined(threads: 2, workFile: FilePath(folder("out.partial"))) {
      guard let bytes = try? folder.bytes("out.partial"), bytes.count != sizes.last else { return }
      sizes.append(bytes.count)
      if sizes.count == 4 { try? folder.write(bytes, to: "half.partial") }
    }
    // A file after each of eight blocks, and one after the head.
    #expect(sizes.count == 9 && sizes == sizes.sorted())
    let resumed = try refined(threads: 1, workFile: FilePath(folder("half.partial")))
    #expect(resumed.bytes == whole.bytes)
    #expect(resumed.refinement == whole.refinement)
    #expect(try folder.bytes("half.partial").count == sizes.last)
  }

  /// Where fewer states are kept, or none at all, images are run again, with the same result.
  @Test(arguments: [0, 4 << 20])
  func lessMemoryGivesTheSameFile(_ stateLimit: Int) throws {
    #expect(try refined(threads: 2, stateLimit: stateLimit).bytes == (try refined(threads: 2).bytes))
  }

  /// A damaged work file, or one of another calibration, is not used.
  @Test func aStrangeWorkFileIsNotUsed() throws {
    let folder = try TemporaryFolder()
    try folder.write([1, 2, 3], to: "out.partial")
    let whole = try refined(threads: 2, workFile: FilePath(folder("out.partial")))
    #expect(whole.bytes == (try refined(threads: 3).bytes))
    #expect(try folder.bytes("out.partial").count > 100_000)
  }

  /// A work file whose sums fit and whose numbers no calibration writes is not used either.
  @Test(arguments: [("steps", Float(0)), ("steps", .nan), ("steps", .infinity), ("bias", 1e30), ("bias", .nan)])
  func aLyingWorkFileIsNotUsed(_ name: String, _ number: Float) throws {
    let folder = try TemporaryFolder()
    let path = FilePath(folder("out.partial"))
    let whole = try refined(threads: 2, workFile: path)
    let file = try GGUFFile(path: path)
    var writer = GGUFWriter()
    writer.set("faceq.refinement.key", .string(try file.string("faceq.refinement.key")))
    for tensor in file.tensors {
      if tensor.type == .int8 {
        writer.add(tensor.name, dimensions: tensor.dimensions, try tensor.elements(as: Int8.self))
      } else {
        var numbers = try tensor.elements(as: Float.self)
        if tensor.name.hasSuffix("." + name) { numbers[0] = number }
        writer.add(tensor.name, dimensions: tensor.dimensions, numbers)
      }
    }
    try writer.write(to: path)
    #expect(try refined(threads: 2, workFile: path).bytes == whole.bytes)
  }

  /// What the refinement is for: faces that it has not seen lose less than with weights rounded to the nearest.
  @Test func refinementLowersTheDrift() throws {
    let float = try EmbeddingSession(Self.float.get(), kernels: kernels(nil), threads: 1)
    let unseen = SyntheticFaces(count: 20, seed: 9)
    func loss(_ model: Model) throws -> Float {
      let session = try EmbeddingSession(model, kernels: kernels(nil), threads: 1)
      var sum: Float = 0
      for index in 0..<unseen.count {
        let pixels = try unseen.pixels(index)
        sum += 1 - cosine(try float.embed(pixels), try session.embed(pixels))
      }
      return sum / Float(unseen.count)
    }
    let (graph, description) = try Self.int8.get()
    let (before, after) = (
      try loss(calibrated(MinimumErrorRounding())), try loss(Model(.int8(graph), description))
    )
    #expect(after < before, "\(after) against \(before)")
  }

  private func calibrated(_ rounding: any WeightRounding) throws -> Model {
    let (graph, description) = try Calibration(
      Self.float.get(), faces: SyntheticFaces(count: 40), seed: 1, recipe: CalibrationRecipe(rounding: rounding),
      kernels: kernels(nil), threads: 2
    ).run(tool: "test", imagesDigest: "") {}
    return try Model(.int8(graph), description)
  }

  /// The sum over all pixels of what the first block writes for each channel, over the faces that calibration uses.
  private func trunkMeans(_ model: Model) throws -> [Double] {
    let session = try EmbeddingSession(model, kernels: kernels(nil), threads: 1, observing: true)
    let faces = SyntheticFaces(count: 40)
    let sum = try #require(model.topology.index(named: "blocks.0"))
    let heldBack = try heldBackImages(of: 40, seed: 1)
    var sums: [Double] = []
    for index in 0..<faces.count where !heldBack.contains(index) {
      session.observe(sum, of: try faces.pixels(index)) { values in
        if sums.isEmpty { sums = [Double](repeating: 0, count: values.channels) }
        values.forEachPixel { pixel in for channel in 0..<pixel.count { sums[channel] += Double(pixel[channel]) } }
      }
    }
    return sums
  }

  @Test func biasCorrectionKeepsMeans() throws {
    let wanted = try trunkMeans(Self.float.get())
    func distance(_ model: Model) throws -> Double {
      zip(wanted, try trunkMeans(model)).reduce(0) { $0 + abs($1.0 - $1.1) }
    }
    let nearest = try distance(calibrated(MinimumErrorRounding()))
    let corrected = try distance(calibrated(BiasCorrection()))
    #expect(corrected < nearest / 2, "\(corrected) against \(nearest)")
  }

  /// A session goes on from a state as if it had come from the image, whether one value is alive there or several.
  @Test func aStateCanBeEntered() throws {
    for model in [try Self.float.get(), try calibrated(MinimumErrorRounding())] {
      func node(_ name: String) throws -> Int { try #require(model.topology.index(named: name)) }
      let session = try EmbeddingSession(model, kernels: kernels(nil), threads: 2, observing: true)
      let pixels = try SyntheticFaces(count: 1, seed: 4).pixels(0)
      var wanted: [Int: [Float]] = [:]
      let embedding = try session.embed(pixels) { wanted[$0.node] = $0.values() }
      let early = session.state(of: pixels, before: try node("blocks.2.input"))
      let inside = session.state(of: pixels, before: try node("blocks.2.se"))
      // Another image in between: nothing of it must be left.
      _ = try session.embed(try SyntheticFaces(count: 1, seed: 5).pixels(0))
      let late = session.state(from: early, before: try node("blocks.5.input"))
      for (state, name) in [
        (early, "blocks.2.body.0"), (early, "blocks.6"), (late, "head.input"), (inside, "blocks.2"),
        // What is kept is handed out, too.
        (inside, "blocks.1"), (inside, "blocks.2.body.1"),
      ] {
        let node = try node(name)
        var seen: [Int: [Float]] = [:]
        session.observe(node, from: state) { seen[$0.node] = $0.values() }
        #expect(seen.count == 1 && seen[node] != nil && seen[node] == wanted[node])
        #expect(state.byteCount == session.stateByteCount(before: state.node))
      }
      #expect(try session.embed(pixels) == embedding)
    }
  }

  @Test func tooFewFacesAreRefused() throws {
    #expect(throws: FaceqError.self) { try heldBackImages(of: 15, seed: 1) }
    #expect(try heldBackImages(of: 16, seed: 1).count == 8)
    #expect(try heldBackImages(of: 300, seed: 1).count == 30)
    #expect(try heldBackImages(of: 300, seed: 1) != heldBackImages(of: 300, seed: 2))
  }

  @Test func anInt8ModelIsNotCalibratedAgain() throws {
    let (graph, description) = try Self.int8.get()
    #expect(throws: FaceqError.self) {
      try Calibration(
        Model(.int8(graph), description), faces: SyntheticFaces(count: 40), seed: 1, recipe: CalibrationRecipe(),
        kernels: kernels(nil), threads: 1)
    }
  }

  /// Weights, biases and trunk at their limits must not leave int32: the bound that int16 layers are built with.
  @Test func int16LayersCannotOverflow() throws {
    let (graph, _) = try Self.int8.get()
    let layers = graph.recipeLayers.filter { $0.fixedInput != nil }.map(\.name)
    #expect(layers == ["stem.0", "blocks.2.shortcut", "blocks.3.shortcut", "blocks.6.shortcut"])
    for layer in layers {
      let largest = try #require(try graph.largestSums(layer))
      #expect(largest.allSatisfy { $0 < 1 << 31 })
    }
  }
}
