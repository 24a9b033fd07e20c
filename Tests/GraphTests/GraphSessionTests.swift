import FaceqSupport
import GraphReference
import QuantRuntime
import Testing

/// One session on pictures of many sizes, and its memory.
struct GraphSessionTests {
  private static let pyramid = CoveredGraph.all.first { $0.name == "a pyramid of three levels" }

  private func pixels(_ height: Int, _ width: Int) -> [UInt8] {
    var numbers = RandomNumbers(seed: UInt64(height * 1000 + width))
    return (0..<height * width * 3).map { _ in UInt8(numbers.integer(0...255)) }
  }

  /// Sizes go up and down: plans are kept, thrown away and made again, in one memory.
  @Test func sizesTakeTurns() throws {
    let graph = try #require(Self.pyramid).randomIntegers(.int8, seed: 2)
    let session = try GraphSession(graph, kernels: kernels(nil), threads: 2)
    let sizes = [(16, 16), (64, 40), (16, 24), (16, 16), (72, 64), (16, 24), (64, 40)]
    let many = (1...20).map { (8 * $0, 16) }
    for (height, width) in sizes + many + sizes {
      let pixels = pixels(height, width)
      let fresh = try GraphSession(graph, kernels: kernels(nil), threads: 1)
      #expect(
        try session.run(pixels, height: height, width: width) == fresh.run(pixels, height: height, width: width),
        "\(height) × \(width)")
    }
  }

  /// Every value of the pyramid, alive until the end, would need more: 1.25 bytes per pixel for each of 16 channels of
  /// the first level alone.
  @Test func valuesShareMemory() throws {
    let graph = try #require(Self.pyramid).randomIntegers(.int8, seed: 2)
    let session = try GraphSession(graph, kernels: kernels("portable"), threads: 1)
    _ = try session.run(pixels(256, 256), height: 256, width: 256)
    let shapes = try graph.shapes(height: 256, width: 256)
    let forms = try graph.representations().forms
    let all = zip(shapes, forms).reduce(0) { sum, value in
      let bytes = value.1 == .bytes ? 1 : value.1 == .float ? 4 : 2
      return sum + value.0.pixels * paddedChannels(value.0.channels) * bytes
    }
    #expect(session.byteCount < all * 3 / 4)
    #expect(session.byteCount > all / 8)
  }

  @Test func memoryHasALimit() throws {
    let graph = try #require(Self.pyramid).randomIntegers(.int8, seed: 2)
    let session = try GraphSession(graph, kernels: kernels("portable"), threads: 1, limit: 1 << 20)
    _ = try session.run(pixels(32, 32), height: 32, width: 32)
    let error = #expect(throws: FaceqError.self) {
      try session.run(pixels(512, 512), height: 512, width: 512)
    }
    #expect(error?.message.contains("MiB of memory") == true)
    #expect(try session.run(pixels(32, 32), height: 32, width: 32).count == 4)
  }

  @Test func aPictureThatIsTooSmallIsAnError() throws {
    let graph = try Graph<Never>(
      listing: """
        %0 = image 12×12 rgb
        %1 = convolution %0 → 4, 5×5  a
        outputs %1
        """
    ).floatLayers { _, tensor in [Float](repeating: 1, count: tensor.count) }
    let session = try GraphSession(graph, kernels: kernels(nil), threads: 1)
    #expect(throws: FaceqError.self) { try session.run(pixels(4, 12), height: 4, width: 12) }
    #expect(try session.run(pixels(5, 6), height: 5, width: 6)[0].values.count == 8)
  }
}
