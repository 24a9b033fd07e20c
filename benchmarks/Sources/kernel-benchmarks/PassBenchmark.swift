import SIMDKernels

/// What happens to a trunk of a stage between two convolutions.
final class PassBenchmark {
  enum Pass: String, CaseIterable {
    case quantise = "trunk to int8"
    case update = "trunk update"
    case sum = "channel sums"
  }

  private let pass: Pass
  private let side: Int
  private let channels: Int
  private let kernels: KernelTable
  private let trunk: UnsafeMutableRawPointer
  private let other: UnsafeMutableRawPointer
  private let numbers: UnsafeMutableRawPointer

  init(_ pass: Pass, side: Int, channels: Int, _ kernels: KernelTable) {
    self.pass = pass
    self.side = side
    self.channels = channels
    self.kernels = kernels
    trunk = zeros(side * side * channels * 2)
    other = zeros((side + 2) * (side + 2) * channels * 2)
    numbers = zeros(channels * 4)
  }

  deinit {
    for memory in [trunk, other, numbers] { memory.deallocate() }
  }

  var values: Int { side * side * channels }

  func run() {
    let trunk = trunk.assumingMemoryBound(to: Int16.self)
    let numbers = numbers.assumingMemoryBound(to: Float.self)
    switch pass {
    case .quantise:
      kernels.passes.quantiseTrunk(
        TrunkQuantisation(
          trunk: trunk, height: side, width: side, channels: channels, scale: numbers, offset: numbers,
          output: OutputPlane(
            base: other + (side + 3) * channels, pixelBytes: channels, rowBytes: (side + 2) * channels),
          flip: kernels.pixelFlip), 0..<side)
    case .update:
      kernels.passes.updateTrunk(
        TrunkUpdate(
          branch: other.assumingMemoryBound(to: Int16.self), gate: numbers, shortcut: trunk, shortcutStride: 1,
          shortcutWidth: side, rescale: nil, trunk: trunk, width: side, channels: channels), 0..<side)
    case .sum:
      kernels.passes.sumChannels(
        ChannelSums(
          values: trunk, pixels: side * side, channels: channels,
          sums: self.numbers.assumingMemoryBound(to: Int32.self)), 0..<channels / 16)
    }
  }
}
