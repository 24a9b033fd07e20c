/// A way to compute dense convolutions in float.
public protocol FloatConvolutionWay: SendableMetatype {
  static var name: String { get }
  static func tilePixels(_ layer: ConvolutionLayer) -> Int
  static func convolve(_ layer: ConvolutionLayer, _ output: FloatOutput, _ slice: ConvolutionSlice)
  static func repeatDots(rounds: Int) -> Int
}
