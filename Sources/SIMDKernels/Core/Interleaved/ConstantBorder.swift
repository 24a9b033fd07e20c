/// A border of one pixel around the input of a 3×3 convolution, everywhere the same pixel.
///
/// The sums of windows at the edge over it are known before there is an image: kernels may leave these products out, and
/// start from a bias that has them.
public struct ConstantBorder: @unchecked Sendable {
  /// The biases [edge][output channel] of windows at an `Edge`, with the sum of their products with the border there.
  public var biases: UnsafePointer<Int32>
  public var outputChannels: Int
  public var outputHeight: Int
  /// Whether the windows of the last row, of the last column lie over the border: with a stride of 2 they may end
  /// before it.
  public var isReachedAtBottom: Bool
  public var isReachedAtRight: Bool

  @inlinable
  public init(
    biases: UnsafePointer<Int32>, outputChannels: Int, outputHeight: Int, isReachedAtBottom: Bool,
    isReachedAtRight: Bool
  ) {
    self.biases = biases
    self.outputChannels = outputChannels
    self.outputHeight = outputHeight
    self.isReachedAtBottom = isReachedAtBottom
    self.isReachedAtRight = isReachedAtRight
  }

  /// An edge at which windows lie over the border: with their first or last row, or with their first or last column.
  /// Windows at corners count as of the top or the bottom.
  public enum Edge: Int, CaseIterable {
    case top, bottom, left, right
  }

  @inlinable
  func biases(_ edge: Edge) -> UnsafePointer<Int32> { biases + edge.rawValue &* outputChannels }
}

/// Computes the biases of a `ConstantBorder` of `pixel`.
///
/// - Parameters:
///   - layer: of one window of 3×3 pixels.
///   - bias: of `blocks` · 16 channels.
@inlinable @inline(__always)
func fillBorderBiases<Products: InterleavedInt8Products>(
  _: Products.Type, _ layer: ConvolutionLayer, pixel: UnsafePointer<Int8>, bias: UnsafePointer<Int32>, blocks: Int,
  to biases: UnsafeMutablePointer<Int32>
) {
  let stepsPerPixel = layer.stepsPerRow / 3
  let windows = InlineArray<1, WindowPair>(
    repeating: WindowPair(UnsafeRawPointer(pixel), UnsafeRawPointer(pixel)))
  let onePixel = ConvolutionLayer(
    input: UnsafeRawPointer(pixel), windowRowBytes: 0, windowRows: 1, stepsPerRow: stepsPerPixel, pixelBytes: 0,
    rowBytes: 0, weights: layer.weights, outputWidth: 1)
  for block in 0..<blocks {
    let start = load(bias + block &* 16)
    var (top, bottom, left, right) = (start, start, start, start)
    for position in 0..<9 {
      let (row, column) = (position / 3, position % 3)
      guard position != 4 else { continue }
      var sums = InlineArray<1, InlineArray<1, SumPair<Int32>>>(
        repeating: InlineArray(repeating: SumPair(SIMD16(), SIMD16())))
      accumulateDirectTile(
        Products.self, onePixel,
        layer.weights + (block &* layer.blockBytes &+ (row &* layer.stepsPerRow &+ column &* stepsPerPixel) &* 64),
        windows, into: &sums)
      let products = sums[unchecked: 0][unchecked: 0].first
      if row == 0 { top = top &+ products }
      if row == 2 { bottom = bottom &+ products }
      if column == 0 { left = left &+ products }
      if column == 2 { right = right &+ products }
    }
    let channels = blocks &* 16
    let target = UnsafeMutableRawPointer(biases + block &* 16)
    target.storeBytes(of: top, as: SIMD16<Int32>.self)
    (target + channels &* 4).storeBytes(of: bottom, as: SIMD16<Int32>.self)
    (target + channels &* 8).storeBytes(of: left, as: SIMD16<Int32>.self)
    (target + channels &* 12).storeBytes(of: right, as: SIMD16<Int32>.self)
  }
}
