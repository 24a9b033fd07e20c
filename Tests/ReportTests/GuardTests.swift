import FaceqSupport
import QuantRuntime
import Report
import Testing

/// Each guard fires where it should, and only there.
struct GuardTests {
  /// A square picture from a function of row and column.
  private func picture(_ brightness: (Int, Int) -> Int) -> [UInt8] {
    (0..<112 * 112).flatMap { pixel in
      [UInt8](repeating: UInt8(clamping: brightness(pixel / 112, pixel % 112)), count: 3)
    }
  }

  /// Two dark eyes where ArcFace's template has them.
  private func face(_ seed: Int) -> [UInt8] {
    picture { row, column in
      let isEye = (46..<57).contains(row) && ((30..<47).contains(column) || (65..<82).contains(column))
      return (isEye ? 70 : 170) + (row * 7 + column * 13 + seed * 29) % 23
    }
  }

  private func likeness(_ picture: (Int) -> [UInt8]) -> FaceLikeness {
    var likeness = FaceLikeness()
    for seed in 0..<32 { likeness.add(picture(seed), side: 112) }
    return likeness
  }

  @Test func facesAreTakenForFaces() {
    #expect(likeness(face).share == 1)
    #expect(likeness(face).finding == nil)
  }

  @Test func whatIsNoFaceIsNoticed() {
    let upsideDown = likeness { seed in
      let face = face(seed)
      return (0..<112).reversed().flatMap { Array(face[$0 * 336..<($0 + 1) * 336]) }
    }
    let plain = likeness { seed in picture { _, _ in seed * 8 } }
    let noise = likeness { seed in
      var generator = SplitMix64(state: UInt64(seed))
      return picture { _, _ in Int.random(in: 0...255, using: &generator) }
    }
    for likeness in [upsideDown, plain, noise] {
      #expect(likeness.share < 0.5)
      #expect(likeness.finding?.kind == .notFaces)
    }
  }

  @Test func aFewPicturesAreNoSet() {
    var likeness = FaceLikeness()
    for _ in 0..<15 { likeness.add(picture { _, _ in 0 }, side: 112) }
    #expect(likeness.finding == nil)
  }

  /// Unit vectors along `count` axes, plus `common` along one more.
  private func embeddings(_ count: Int, axes: Int, common: Float) -> [[Float]] {
    (0..<count).map { index in
      var vector = [Float](repeating: 0, count: axes + 1)
      vector[index % axes] = 1
      vector[axes] = common
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return vector.map { $0 / length }
    }
  }

  @Test func orthogonalEmbeddingsFillTheirSpace() {
    let spread = Spread(embeddings(40, axes: 40, common: 0))
    #expect(spread.meanCosine == 0 && abs(spread.directions - 40) < 1e-9)
    #expect(spread.findings(of: "it").isEmpty)
  }

  @Test func equalEmbeddingsAreACollapse() {
    let spread = Spread([[Float]](repeating: [0.6, 0.8], count: 20))
    #expect(abs(spread.meanCosine - 1) < 1e-6 && abs(spread.directions - 1) < 1e-6)
    #expect(spread.findings(of: "it").map(\.kind) == [.collapse])
  }

  @Test func nearlyEqualEmbeddingsAreACollapse() {
    // cos = 2 / 3 for every pair.
    let spread = Spread(embeddings(30, axes: 30, common: Float(2).squareRoot()))
    #expect(abs(spread.meanCosine - 2.0 / 3) < 1e-6)
    #expect(spread.findings(of: "it").map(\.kind) == [.collapse])
  }

  @Test func fewAxesAreFewDirections() {
    // Four groups of ten equal ones: mean cosine 9 / 39, four directions.
    let spread = Spread(embeddings(40, axes: 4, common: 0))
    #expect(abs(spread.meanCosine - 9.0 / 39) < 1e-9 && abs(spread.directions - 4) < 1e-9)
    #expect(spread.findings(of: "it").map(\.kind) == [.lowRank])
  }

  /// Faces of ten people, two each. A person's own axis weighs `stated` in one order and `exchanged` in the other,
  /// beside an axis for each face; mirror images differ by `mirror`.
  private func orders(stated: Float, exchanged: Float, mirror: (Float, Float)) -> ChannelOrder {
    func embedding(_ face: Int, _ weight: Float, _ noise: Float) -> [Float] {
      var vector = [Float](repeating: 0, count: 51)
      vector[face / 2] = weight
      vector[20 + face] = (1 - weight * weight).squareRoot()
      vector[50] = noise
      return vector
    }
    let faces = (0..<20).map { face in
      ChannelOrder.Embeddings(
        stated: embedding(face, stated, 0), exchanged: embedding(face, exchanged, 0),
        mirrored: embedding(face, stated, mirror.0 + Float(face % 3) * 0.001),
        exchangedMirrored: embedding(face, exchanged, mirror.1 + Float(face % 3) * 0.001))
    }
    return ChannelOrder(faces, people: (0..<20).map { $0 / 2 })
  }

  @Test func theBetterChannelOrderIsSuggested() {
    let finding = orders(stated: 0.7, exchanged: 0.8, mirror: (0.2, 0.2)).finding(stated: .bgr)
    #expect(finding?.kind == .swappedChannels)
    #expect(finding?.text.contains("in the order rgb") == true)
    // 0.8² and 0.7².
    #expect(finding?.text.contains("0.640") == true && finding?.text.contains("0.490") == true)
  }

  @Test func theRightChannelOrderIsLeftAlone() {
    #expect(orders(stated: 0.8, exchanged: 0.7, mirror: (0.2, 0.2)).finding(stated: .bgr) == nil)
    #expect(orders(stated: 0.8, exchanged: 0.8, mirror: (0.2, 0.2)).finding(stated: .bgr) == nil)
  }

  /// An untrained network knows no mirror image, and has no right order.
  @Test func anUntrainedNetworkHasNoOrder() {
    #expect(orders(stated: 0.7, exchanged: 0.8, mirror: (2, 2)).finding(stated: .bgr) == nil)
  }

  @Test func mirrorImagesDecideWhereNobodyIsKnown() {
    func finding(_ mirror: (Float, Float)) -> Finding? {
      let faces = (0..<20).map { face -> ChannelOrder.Embeddings in
        let noise = Float(face % 3) * 0.01
        return ChannelOrder.Embeddings(
          stated: [1, 0], exchanged: [1, 0], mirrored: [1, mirror.0 + noise], exchangedMirrored: [1, mirror.1 + noise])
      }
      return ChannelOrder(faces, people: nil).finding(stated: .rgb)
    }
    #expect(finding((0.2, 0.1))?.text.contains("in the order bgr") == true)
    #expect(finding((0.1, 0.2)) == nil)
  }

  @Test func setSize() {
    func point(_ images: Int, _ mean: Float) -> TrendPoint {
      TrendPoint(
        images: images, drift: DriftSummary(images: 8, mean: mean, median: mean, p5: mean, p1: mean, minimum: mean))
    }
    #expect(setSizeFinding(images: 31)?.kind == .fewImages)
    #expect(setSizeFinding(images: 32) == nil)
    #expect(setSizeFinding(images: 300, trend: [point(150, 0.99), point(300, 0.995)])?.kind == .fewImages)
    #expect(setSizeFinding(images: 300, trend: [point(150, 0.995), point(300, 0.9952)]) == nil)
  }

  @Test func peopleAreReadFromFoldersOrNames() {
    let folders = Identities(paths: ["a/Ada/1.jpg", "a/Bob/1.jpg", "a/Ada/2.jpg"])
    #expect(folders?.person == [0, 1, 0] && folders?.people == 2 && folders?.source == "folder names")
    let names = Identities(paths: ["f/Ada_0001.jpg", "f/Ada_0002.jpg", "f/Bob 3.png"])
    #expect(names?.person == [0, 0, 1] && names?.source == "file names")
    #expect(Identities(paths: ["f/1.jpg", "f/2.jpg"]) == nil)
    #expect(Identities(paths: ["Ada/1.jpg", "Bob/2.jpg"]) == nil)
    #expect(Identities(paths: []) == nil)
  }

  @Test func pairsOfOnePersonAndOfDifferentPersons() throws {
    let identities = try #require(Identities(paths: ["Ada/1", "Ada/2", "Bob/1"]))
    let pairs = PairCosines(reference: [[1, 0], [1, 0], [0, 1]], model: [[1, 0], [0, 1], [0, 1]], identities)
    #expect(pairs.genuine.reference == [1] && pairs.genuine.model == [0])
    #expect(pairs.impostor.reference == [0, 0] && pairs.impostor.model == [0, 1])
  }

  @Test(arguments: [
    (0, "1970-01-01 00:00"), (951_782_399, "2000-02-28 23:59"), (951_782_400, "2000-02-29 00:00"),
    (1_798_761_599, "2026-12-31 23:59"),
  ])
  func dates(seconds: Int, text: String) { #expect(utcText(secondsSince1970: seconds) == text) }
}
