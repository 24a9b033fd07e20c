import SIMDKernels

/// The checks of the kernels of one or more instruction sets against plain scalar references.
///
/// Integer kernels and squeeze-and-excitation must give the reference's bits. Another float kernel may add in any order
/// and fuse, so its error is bounded by (n + 3)·2⁻²⁴·Σ|product| for n products (Higham, Accuracy and Stability of
/// Numerical Algorithms, §3.1), and no more is allowed. Winograd in float has a bound of its own, `FloatWinogradBound`.
package enum KernelCheck: Sendable, CaseIterable {
  case rounding
  case int8Convolution
  case winograd
  case int16Convolution
  case int8Depthwise
  case int16Depthwise
  case int8Grouped
  case int16Grouped
  case pools
  case conversions
  case sums
  case pixelSums
  case moves
  case pictures
  case floatPlanes
  case squeezeExcite
  case floatConvolution
  case floatWinograd
  case floatDepthwise
  case floatGrouped

  package var name: String {
    switch self {
    case .rounding: "rounding"
    case .int8Convolution: "int8 convolution"
    case .winograd: "int8 Winograd"
    case .int16Convolution: "int16 convolution"
    case .int8Depthwise: "int8 depthwise"
    case .int16Depthwise: "int16 depthwise"
    case .int8Grouped: "int8 grouped"
    case .int16Grouped: "int16 grouped"
    case .pools: "pools"
    case .conversions: "conversions"
    case .sums: "sums"
    case .pixelSums: "sums over pixels"
    case .moves: "moves"
    case .pictures: "pictures"
    case .floatPlanes: "float planes"
    case .squeezeExcite: "squeeze-and-excitation"
    case .floatConvolution: "float convolution"
    case .floatWinograd: "float Winograd"
    case .floatDepthwise: "float depthwise"
    case .floatGrouped: "float grouped"
    }
  }

  /// Runs the check with every table of `tables`.
  package func run(_ tables: [KernelTable]) -> CheckResult {
    switch self {
    case .rounding: checkRounding(tables)
    case .int8Convolution: checkInt8Convolution(tables)
    case .winograd: checkWinograd(tables)
    case .int16Convolution: checkInt16Convolution(tables)
    case .int8Depthwise: checkInt8Depthwise(tables)
    case .int16Depthwise: checkInt16Depthwise(tables)
    case .int8Grouped: checkInt8Grouped(tables)
    case .int16Grouped: checkInt16Grouped(tables)
    case .pools: checkPools(tables)
    case .conversions: checkConversions(tables)
    case .sums: checkSums(tables)
    case .pixelSums: checkPixelSums(tables)
    case .moves: checkMoves(tables)
    case .pictures: checkPictures(tables)
    case .floatPlanes: checkFloatPlanes(tables)
    case .squeezeExcite: checkSqueezeExcite(tables)
    case .floatConvolution: checkFloatConvolution(tables)
    case .floatWinograd: checkFloatWinograd(tables)
    case .floatDepthwise: checkFloatDepthwise(tables)
    case .floatGrouped: checkFloatGrouped(tables)
    }
  }
}
