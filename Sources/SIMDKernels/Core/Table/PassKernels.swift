/// What happens between convolutions. Each call computes some rows of the plane, or some blocks of 16 channels.
public struct PassKernels: Sendable {
  public var quantiseTrunk: @Sendable (TrunkQuantisation, _ rows: Range<Int>) -> Void
  public var scaleTrunk: @Sendable (TrunkScaling, _ rows: Range<Int>) -> Void
  public var updateTrunk: @Sendable (TrunkUpdate, _ rows: Range<Int>) -> Void
  public var sumChannels: @Sendable (ChannelSums, _ blocks: Range<Int>) -> Void
  public var squeezeExcite: @Sendable (SqueezeExciteGate) -> Void

  public var normaliseFloat: @Sendable (FloatNormalisation, _ rows: Range<Int>) -> Void
  public var updateFloatTrunk: @Sendable (FloatTrunkUpdate, _ rows: Range<Int>) -> Void
  public var sumFloatChannels: @Sendable (FloatChannelSums, _ blocks: Range<Int>) -> Void

  @inlinable @inline(__always)
  public init<Arithmetics: KernelArithmetics>(_: Arithmetics.Type) {
    quantiseTrunk = { SIMDKernels.quantiseTrunk(Arithmetics.self, $0, rows: $1) }
    scaleTrunk = { SIMDKernels.scaleTrunk(Arithmetics.self, $0, rows: $1) }
    updateTrunk = { SIMDKernels.updateTrunk(Arithmetics.self, $0, rows: $1) }
    sumChannels = { SIMDKernels.sumChannels(Arithmetics.self, $0, blocks: $1) }
    squeezeExcite = { SIMDKernels.squeezeExcite(Arithmetics.self, $0) }
    normaliseFloat = { SIMDKernels.normaliseFloat(Arithmetics.self, $0, rows: $1) }
    updateFloatTrunk = { SIMDKernels.updateFloatTrunk(Arithmetics.self, $0, rows: $1) }
    sumFloatChannels = { SIMDKernels.sumFloatChannels(Arithmetics.self, $0, blocks: $1) }
  }
}
