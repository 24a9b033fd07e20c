import SIMDKernels

/// Which 3×3 convolutions are computed as Winograd. Of int8 the results are the same bits either way, of float the last
/// bits differ.
public struct WinogradChoice: Sendable {
  public enum Rule: String, Sendable, CaseIterable {
    /// Where the cost model, or a measurement on this machine, says that it is faster.
    case auto
    case on, off
  }

  public var rule: Rule
  /// What was measured on this machine, for as many shapes as there are; the cost model speaks for the others.
  public var measured: [(shape: WinogradShape, isFaster: Bool)]

  public init(rule: Rule = .auto, measured: [(shape: WinogradShape, isFaster: Bool)] = []) {
    self.rule = rule
    self.measured = measured
  }

  func isFaster(_ shape: WinogradShape, on instructionSet: InstructionSet) -> Bool {
    switch rule {
    case .on: return true
    case .off: return false
    case .auto:
      if let entry = measured.first(where: { $0.shape == shape }) { return entry.isFaster }
      return shape.isFasterAsWinograd(on: instructionSet)
    }
  }

  /// Of float, for which it is faster whatever the shape.
  func isFasterInFloat(on instructionSet: InstructionSet) -> Bool {
    rule == .on || rule == .auto && instructionSet != .portable
  }
}

/// What the costs of a 3×3 convolution depend on.
public struct WinogradShape: Hashable, Sendable {
  /// As stored: multiples of 16.
  public var inputChannels: Int
  public var outputChannels: Int
  /// 1 or 2.
  public var stride: Int
  /// Of the output.
  public var height: Int
  public var width: Int

  public init(inputChannels: Int, outputChannels: Int, stride: Int, height: Int, width: Int) {
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.stride = stride
    self.height = height
    self.width = width
  }

  /// `256→256 channels, 14×14`, or `256→256 channels, 14×14, stride 2`.
  public var text: String {
    "\(inputChannels)→\(outputChannels) channels, \(height)×\(width)" + (stride == 1 ? "" : ", stride \(stride)")
  }
}

/// The cost model. On ARM it compares executed instructions, with rates that were counted in the kernels' loops
/// (docs/measurements/arm.md): both ways read the same int8 weights once from memory, because Winograd transforms them on
/// the way, so memory does not decide. On x86 it goes by measured times (docs/measurements/experiments/x86.md).
extension WinogradShape {
  func isFasterAsWinograd(on instructionSet: InstructionSet) -> Bool {
    switch instructionSet {
    case .neon: winogradInstructions < directInstructions(multiplyAccumulatesPerInstruction: 4.3)
    case .dotprod: winogradInstructions < directInstructions(multiplyAccumulatesPerInstruction: 15.0)
    case .i8mm: winogradInstructions < directInstructions(multiplyAccumulatesPerInstruction: 28.2)
    case .vnni: height >= 7
    case .avx2, .portable: height >= 7
    case .avxvnni: false
    }
  }

  private var channelPairs: Float { Float(inputChannels * outputChannels) }
  private func directInstructions(multiplyAccumulatesPerInstruction rate: Float) -> Float {
    Float(height * width * 9) * channelPairs / rate
  }

  private var winogradInstructions: Float {
    let (down, across) = (WinogradTiling(outputs: height), WinogradTiling(outputs: width))
    let products = Float(down.points(stride: stride) * across.points(stride: stride)) * channelPairs / 3.7
    let weights = channelPairs / 16 * (stride == 1 ? 200 : 128)
    let tiles = down.count * across.count
    let input = Float(tiles * inputChannels / 16 * (stride == 1 ? 650 : 900))
    let output = Float(tiles * outputChannels / 16 * (stride == 1 ? 1430 : 2120))
    return products + weights + input + output
  }
}
