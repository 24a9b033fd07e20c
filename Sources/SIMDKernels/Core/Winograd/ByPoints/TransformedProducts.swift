/// Products of transformed inputs and weights, int16, added up in int32, which may wrap.
public protocol TransformedProducts: SendableMetatype {
  /// Whether the weights of two input channels are stored [16 output channels][2], or those of one after those of the
  /// other.
  static var interleavesChannels: Bool { get }
  /// Whether tiles that do not fill a register tile are computed one by one, and not as if there were more of them.
  static var multipliesRestSingly: Bool { get }
  /// Whether `products` calls `WeightPrefetch.fetch` for every 16 input channels, and it is not called before them for
  /// all.
  static var prefetchesInLoop: Bool { get }

  /// The sums over all input channels, a multiple of 16, of `groups` tiles and 16 output channels.
  ///
  /// - Parameter input: the first tile's: [16 channels] of every tile, and `matrix.blockBytes` on the next 16 of them.
  static func products<let groups: Int>(
    _ matrix: TransformedMatrix, _ input: UnsafeRawPointer, _ prefetch: inout WeightPrefetch
  ) -> InlineArray<groups, SIMD16<Int32>>
}

/// The factors of one point's products, inputs [block of 16 channels][tile][16] and weights, and where the products go.
public struct TransformedMatrix {
  @usableFromInline let input: UnsafeRawPointer
  /// The distance from 16 input channels to the next, in bytes.
  public let blockBytes: Int
  public let channels: Int
  public let weights: UnsafeRawPointer
  /// The products [tile].
  @usableFromInline let products: UnsafeMutablePointer<SIMD16<Int32>>
  @usableFromInline let tiles: Int

  @inlinable @inline(__always)
  init(
    input: UnsafeMutableRawPointer, blockBytes: Int, channels: Int, weights: UnsafeMutableRawPointer,
    products: UnsafeMutablePointer<SIMD16<Int32>>, tiles: Int
  ) {
    self.input = UnsafeRawPointer(input)
    self.blockBytes = blockBytes
    self.channels = channels
    self.weights = UnsafeRawPointer(weights)
    self.products = products
    self.tiles = tiles
  }
}

// The default of products of int16 that convolutions use, too.
extension TransformedProducts
where Self: DotProducts, Self.Sum == Int32, Self.Accumulator == SIMD16<Int32>, Self.WeightVector == SIMD32<Int16> {
  @inlinable @inline(__always)
  public static var interleavesChannels: Bool { true }
  @inlinable @inline(__always)
  public static var multipliesRestSingly: Bool { false }
  @inlinable @inline(__always)
  public static var prefetchesInLoop: Bool { true }

  @inlinable @inline(__always)
  public static func products<let groups: Int>(
    _ matrix: TransformedMatrix, _ input: UnsafeRawPointer, _ prefetch: inout WeightPrefetch
  ) -> InlineArray<groups, SIMD16<Int32>> {
    var sums = InlineArray<groups, SIMD16<Int32>>(repeating: SIMD16())
    var (weights, input) = (matrix.weights, input)
    var rest = matrix.channels
    repeat {
      prefetch.fetch(steps: 1)
      var pair = input
      repeat {
        let pixels = InlineArray<groups, PixelVector> { loadPixels(pair + $0 &* 32, pair + $0 &* 32) }
        let point = weights.load(as: SIMD32<Int16>.self)
        for group in 0..<groups { dot(&sums[unchecked: group], pixels[unchecked: group], lane: 0, point) }
        pair += 4
        weights += 64
      } while pair != input + 32
      input += matrix.blockBytes
      rest &-= 16
    } while rest != 0
    return sums
  }
}
