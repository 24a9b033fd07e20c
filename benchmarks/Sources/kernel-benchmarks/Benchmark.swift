import QuantRuntime
import SIMDKernels

/// One layer with zeros for data (no kernel's time depends on values).
final class Benchmark {
  private let shape: LayerShape
  private let input: UnsafeMutableRawPointer
  private let weights: UnsafeMutableRawPointer
  private let output: UnsafeMutableRawPointer
  /// Biases, multipliers, zero points or slopes.
  private let channels: UnsafeMutableRawPointer
  private let layer: ConvolutionLayer

  init(_ shape: LayerShape) {
    self.shape = shape
    let size =
      switch shape.input {
      case .int8: 1;
      case .int16: 2;
      case .float32: 4
      }
    let side = (shape.side - 1) * shape.stride + shape.kernel
    let inputs = shape.input == .float32 && shape.inputs == 4 ? 3 : shape.inputs
    func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
      let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes + 128, alignment: 64)
      memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes + 128)
      return memory
    }
    input = allocate(side * side * inputs * size)
    weights = allocate(shape.outputs * shape.kernel * shape.kernel * inputs * size)
    output = allocate(shape.side * shape.side * shape.outputs * 4)
    channels = allocate(shape.outputs * 4)
    layer = ConvolutionLayer(
      input: UnsafeRawPointer(input), windowRowBytes: side * inputs * size, windowRows: shape.kernel,
      stepsPerRow: shape.kernel * inputs * size / 4, pixelBytes: shape.stride * inputs * size,
      rowBytes: shape.stride * side * inputs * size, weights: UnsafeRawPointer(weights), outputWidth: shape.side)
  }

  deinit {
    for memory in [input, weights, output, channels] { memory.deallocate() }
  }

  /// Billions of multiply-accumulates per second.
  func rate(_ kernels: KernelTable) -> Double {
    // Long enough for the clock: about 2 ms at 100 GMAC/s.
    let repeats = max(1, 200_000_000 / shape.multiplyAccumulates / (kernels.instructionSet == .portable ? 50 : 1))
    run(kernels)
    var seconds: [Double] = []
    for _ in 0..<15 {
      let start = monotonicSeconds()
      for _ in 0..<repeats { run(kernels) }
      seconds.append((monotonicSeconds() - start) / Double(repeats))
    }
    return Double(shape.multiplyAccumulates) / seconds.sorted()[7] / 1e9
  }

  private func run(_ kernels: KernelTable) {
    let blocks = shape.outputs / 16
    // As the runtime cuts it: four blocks of output channels at a time.
    for block in stride(from: 0, to: blocks, by: 4) {
      let slice = ConvolutionSlice(blocks: block..<min(block + 4, blocks), pixels: 0..<shape.side * shape.side)
      let requantisation = Requantisation(
        bias: channels.assumingMemoryBound(to: Int32.self), positive: channels.assumingMemoryBound(to: Float.self),
        negative: channels.assumingMemoryBound(to: Float.self))
      func plane(_ size: Int) -> OutputPlane {
        OutputPlane(
          base: output, pixelBytes: shape.outputs * size, rowBytes: shape.side * shape.outputs * size)
      }
      switch shape.input {
      case .int8:
        kernels.convolveInt8ToInt8(
          layer,
          Int8Output(
            plane: plane(1), requantisation: requantisation, zero: channels.assumingMemoryBound(to: Int8.self),
            flip: kernels.pixelFlip), slice)
      case .int16:
        kernels.convolveInt16ToInt16(layer, Int16Output(plane: plane(2), requantisation: requantisation), slice)
      case .float32:
        kernels.convolveFloat(
          layer,
          FloatOutput(
            plane: plane(4), bias: channels.assumingMemoryBound(to: Float.self),
            slopes: channels.assumingMemoryBound(to: Float.self)), slice)
      }
    }
  }
}
