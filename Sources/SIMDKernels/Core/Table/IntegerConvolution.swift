/// A way to compute dense convolutions whose outputs are integers. The closures of a `KernelTable` call it.
public protocol IntegerConvolutionWay: SendableMetatype {
  /// The name in reports, such as `interleaved int8`.
  static var name: String { get }
  static var cutting: ConvolutionCutting { get }
  static func tilePixels(_ layer: ConvolutionLayer) -> Int
  static func scratchBytes(_ layer: ConvolutionLayer, pixels: Int) -> Int
  static func convolve<Output: RequantisedOutput>(
    _ layer: ConvolutionLayer, _ output: Output, _ slice: ConvolutionSlice)

  /// Whether it leaves out the products with a layer's `border`, and starts from the biases that `fillBorderBiases`
  /// computes.
  static var leavesOutBorder: Bool { get }
  /// Fills [edge][output channel] for a border of `pixel` everywhere.
  static func fillBorderBiases(
    _ layer: ConvolutionLayer, pixel: UnsafePointer<Int8>, bias: UnsafePointer<Int32>, blocks: Int,
    to biases: UnsafeMutablePointer<Int32>)
  /// Computes so many rounds of its products on registers alone; returns the number of multiply-accumulates.
  static func repeatDots(rounds: Int) -> Int
}

extension IntegerConvolutionWay {
  @inlinable @inline(__always)
  public static var cutting: ConvolutionCutting { .groupsOfBlocks }
  @inlinable @inline(__always)
  public static func scratchBytes(_ layer: ConvolutionLayer, pixels: Int) -> Int { 0 }
  @inlinable @inline(__always)
  public static var leavesOutBorder: Bool { false }
  @inlinable @inline(__always)
  public static func fillBorderBiases(
    _ layer: ConvolutionLayer, pixel: UnsafePointer<Int8>, bias: UnsafePointer<Int32>, blocks: Int,
    to biases: UnsafeMutablePointer<Int32>
  ) {}
}
