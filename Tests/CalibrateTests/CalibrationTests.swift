import Calibrate
import QuantRuntime
import TestSupport
import Testing

/// From random weights to an int8 model, without any file but the models.
struct CalibrationTests {
  private static let float = Result { try makeFloat() }
  private static let int8 = Result { try makeInt8() }

  private static func makeFloat() throws -> Model {
    let architecture = try #require(StandInArchitecture.all.first { $0.name == "tiny_ir_se" })
    let (network, parameters) = try makeStandIn(
      architecture, seed: 3, faces: SyntheticFaces(count: 24), kernels: kernels(nil), threads: 2
    ) { _, _ in }
    return Model(
      network,
      ModelDescription(
        architecture: architecture.name, parameters: parameters,
        source: ModelDescription.Source(name: "test", sha256: ""), isStandIn: true))
  }

  private static func makeInt8() throws -> (network: QuantisedNetwork, description: ModelDescription) {
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
    guard case .float(let network) = float.network else { return }
    #expect(network.blocks.map(\.body.count) == [Int](repeating: 2, count: 8))
    #expect(try network.multiplyAccumulates() == 152_689_600)
  }

  /// BatchNorm statistics were measured, so activations neither vanish nor explode on the way down.
  @Test func standInHasRealisticActivations() throws {
    let session = try EmbeddingSession(Self.float.get(), kernels: kernels(nil), threads: 1, observing: true)
    _ = try session.embed(try SyntheticFaces(count: 1, seed: 5).pixels(0)) { values in
      guard case .blockInput = values.tap else { return }
      let all = values.values()
      let square = all.reduce(0) { $0 + $1 * $1 } / Float(all.count)
      #expect(square > 0.2 && square < 20, "\(values.tap): mean square \(square)")
    }
  }

  @Test func int8IsCloseToFloat() throws {
    let (network, description) = try Self.int8.get()
    let calibration = try #require(description.calibration)
    #expect(calibration.images == 32)
    #expect(calibration.drift.images == 8)
    #expect(calibration.drift.mean > 0.995)
    let float = try EmbeddingSession(Self.float.get(), kernels: kernels(nil), threads: 1)
    let int8 = try EmbeddingSession(Model(.int8(network), description), kernels: kernels(nil), threads: 1)
    let unseen = SyntheticFaces(count: 10, seed: 9)
    for index in 0..<unseen.count {
      let pixels = try unseen.pixels(index)
      #expect(cosine(try float.embed(pixels), try int8.embed(pixels)) > 0.99)
    }
  }

  @Test func sameBitsOnEveryInstructionSetAndNumberOfThreads() throws {
    let (network, description) = try Self.int8.get()
    let model = Model(.int8(network), description)
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
    threads: ThreadPlan, workFile: FilePath? = nil, advance: () -> Void = {}
  ) throws -> (bytes: [UInt8], refinement: Int) {
    let calibration = try Calibration(
      Self.float.get(), faces: SyntheticFaces(count: 40), seed: 1, recipe: CalibrationRecipe(), kernels: kernels(nil),
      threads: threads)
    var advanced = 0
    let (network, description) = try calibration.run(tool: "test", imagesDigest: "", workFile: workFile) {
      advanced += 1
      advance()
    }
    let folder = try TemporaryFolder()
    try network.write(to: FilePath(folder("int8.gguf")), description)
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
    // A file behind each of eight blocks, and one behind the head.
    #expect(sizes.count == 9 && sizes == sizes.sorted())
    let resumed = try refined(threads: 1, workFile: FilePath(folder("half.partial")))
    #expect(resumed.bytes == whole.bytes)
    #expect(resumed.refinement == whole.refinement)
    #expect(try folder.bytes("half.partial").count == sizes.last)
  }

  /// A damaged work file, or one of another calibration, is not used.
  @Test func aStrangeWorkFileIsNotUsed() throws {
    let folder = try TemporaryFolder()
    try folder.write([1, 2, 3], to: "out.partial")
    let whole = try refined(threads: 2, workFile: FilePath(folder("out.partial")))
    #expect(whole.bytes == (try refined(threads: 3).bytes))
    #expect(try folder.bytes("out.partial").count > 100_000)
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
    let (network, description) = try Self.int8.get()
    let (before, after) = (
      try loss(calibrated(MinimumErrorRounding())), try loss(Model(.int8(network), description))
    )
    #expect(after < before, "\(after) against \(before)")
  }

  private func calibrated(_ rounding: any WeightRounding) throws -> Model {
    let (network, description) = try Calibration(
      Self.float.get(), faces: SyntheticFaces(count: 40), seed: 1, recipe: CalibrationRecipe(rounding: rounding),
      kernels: kernels(nil), threads: 2
    ).run(tool: "test", imagesDigest: "") {}
    return Model(.int8(network), description)
  }

  /// Of each channel of the trunk behind the first block, over the faces that calibration uses.
  private func trunkMeans(_ model: Model) throws -> [Double] {
    let session = try EmbeddingSession(model, kernels: kernels(nil), threads: 1, observing: true)
    let faces = SyntheticFaces(count: 40)
    let heldBack = try heldBackImages(of: 40, seed: 1)
    var sums: [Double] = []
    for index in 0..<faces.count where !heldBack.contains(index) {
      session.observe(.trunk(0), of: try faces.pixels(index)) { tap in
        if sums.isEmpty { sums = [Double](repeating: 0, count: tap.channels) }
        tap.forEachPixel { pixel in for channel in 0..<pixel.count { sums[channel] += Double(pixel[channel]) } }
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

  /// A session goes on from a trunk as if it had come from the image.
  @Test func theTrunkCanBeEntered() throws {
    for model in [try Self.float.get(), try calibrated(MinimumErrorRounding())] {
      let session = try EmbeddingSession(model, kernels: kernels(nil), threads: 2, observing: true)
      let pixels = try SyntheticFaces(count: 1, seed: 4).pixels(0)
      var wanted: [Tap: [Float]] = [:]
      let embedding = try session.embed(pixels) { wanted[$0.tap] = $0.values() }
      let early = session.trunk(of: pixels, before: 2)
      // Another image in between: nothing of it must be left.
      _ = try session.embed(try SyntheticFaces(count: 1, seed: 5).pixels(0))
      let late = session.trunk(from: early, before: 5)
      for (state, tap) in [(early, Tap.body(block: 2, convolution: 0)), (early, .trunk(6)), (late, .headInput)] {
        var seen: [Tap: [Float]] = [:]
        session.observe(tap, from: state) { seen[$0.tap] = $0.values() }
        #expect(seen.count == 1 && seen[tap] != nil && seen[tap] == wanted[tap])
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
    let (network, description) = try Self.int8.get()
    #expect(throws: FaceqError.self) {
      try Calibration(
        Model(.int8(network), description), faces: SyntheticFaces(count: 40), seed: 1, recipe: CalibrationRecipe(),
        kernels: kernels(nil), threads: 1)
    }
  }

  /// Weights, biases and trunk at their limits must not leave int32: the bound that int16 layers are built with.
  @Test func int16LayersCannotOverflow() throws {
    let (network, _) = try Self.int8.get()
    var layers = network.stem.map { ($0, Int64(255)) }
    for block in network.blocks {
      if case .convolution(let layer) = block.shortcut { layers.append((layer, 32768)) }
    }
    #expect(layers.count == 4)
    for (layer, largest) in layers {
      guard case .int16(let weights, _) = layer.weights else {
        Issue.record("an int16 layer has int8 weights")
        continue
      }
      let perBlock = weights.count / (layer.bias.count / 16)
      for output in 0..<layer.bias.count {
        var sum = abs(Int64(layer.bias[output]))
        for step in 0..<perBlock / 32 {
          for element in 0..<2 {
            sum += largest * abs(Int64(weights[output / 16 * perBlock + step * 32 + output % 16 * 2 + element]))
          }
        }
        #expect(sum < 1 << 31)
      }
    }
  }
}
