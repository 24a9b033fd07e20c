import QuantRuntime
import SIMDKernels

/// One layer with zeros for data (no kernel's time depends on values).
final class ConvolutionBenchmark {
  private let shape: LayerShape
  private let kernels: KernelTable
  private let input: UnsafeMutableRawPointer
  private let weights: UnsafeMutableRawPointer
  private let output: UnsafeMutableRawPointer
  /// Biases, multipliers, zero points or slopes.
  private let channels: UnsafeMutableRawPointer
  private let scratch: UnsafeMutableRawPointer
  private let layer: ConvolutionLayer
  private let winograd: WinogradLayer

  init(_ shape: LayerShape, _ kernels: KernelTable) {
    self.shape = shape
    self.kernels = kernels
    let (side, size) = (shape.inputSide, shape.input.bytes)
    let inputs = shape.input == .float32 && shape.inputs == 4 ? 3 : shape.inputs
    input = zeros(side * side * inputs * size)
    weights = zeros(shape.outputs * shape.weightsPerOutput * size)
    output = zeros(shape.side * shape.side * shape.outputs * 4)
    channels = zeros(shape.outputs * 4)
    layer = ConvolutionLayer(
      input: UnsafeRawPointer(input), windowRowBytes: side * inputs * size, windowRows: shape.kernel,
      stepsPerRow: shape.kernel * inputs * size / 4, pixelBytes: shape.stride * inputs * size,
      rowBytes: shape.stride * side * inputs * size, weights: UnsafeRawPointer(weights), outputWidth: shape.side)
    winograd = WinogradLayer(
      input: UnsafePointer(input.assumingMemoryBound(to: Int8.self)), rowBytes: side * inputs * size, channels: inputs,
      weights: UnsafeRawPointer(weights), stride: shape.stride, outputHeight: shape.side, outputWidth: shape.side)
    scratch = zeros(
      max(
        layer.widenedBytes(outputRows: shape.side),
        kernels.interleaving?.scratchBytes(layer, pixels: shape.side * shape.side) ?? 0,
        kernels.winogradScratchBytes(winograd)))
  }

  deinit {
    for memory in [input, weights, output, channels, scratch] { memory.deallocate() }
  }

  /// Once, as the runtime cuts it for one thread.
  func run() {
    switch shape.form {
    case .direct: runDirect()
    case .winograd: runWinograd()
    case .depthwise: runDepthwise()
    }
  }

  private var requantisation: Requantisation {
    Requantisation(
      bias: channels.assumingMemoryBound(to: Int32.self), positive: channels.assumingMemoryBound(to: Float.self),
      negative: channels.assumingMemoryBound(to: Float.self))
  }

  private func plane(_ size: Int) -> OutputPlane {
    OutputPlane(base: output, pixelBytes: shape.outputs * size, rowBytes: shape.side * shape.outputs * size)
  }

  private var int8Output: Int8Output {
    Int8Output(
      plane: plane(1), requantisation: requantisation, zero: channels.assumingMemoryBound(to: Int8.self),
      flip: kernels.pixelFlip)
  }

  private var floatOutput: FloatOutput {
    FloatOutput(
      plane: plane(4), bias: channels.assumingMemoryBound(to: Float.self),
      slopes: channels.assumingMemoryBound(to: Float.self))
  }

  private func runDirect() {
    let (blocks, pixels) = (shape.outputs / 16, shape.side * shape.side)
    for block in stride(from: 0, to: blocks, by: 4) {
      let slice = ConvolutionSlice(
        blocks: block..<min(block + 4, blocks), pixels: 0..<pixels, scratch: pixels > 1 ? scratch : nil)
      switch shape.input {
      case .int8: kernels.convolveInt8ToInt8(layer, int8Output, slice)
      case .int16:
        kernels.convolveInt16ToInt16(layer, Int16Output(plane: plane(2), requantisation: requantisation), slice)
      case .float32: kernels.convolveFloat(layer, floatOutput, slice)
      }
    }
  }

  private func runWinograd() {
    kernels.convolveWinogradToInt8(winograd, int8Output, 0..<shape.outputs / 16, scratch)
  }

  private func runDepthwise() {
    let depthwise = DepthwiseLayer(
      input: layer.input, windowRowBytes: layer.windowRowBytes, kernelHeight: shape.kernel, kernelWidth: shape.kernel,
      channels: shape.inputs, pixelBytes: layer.pixelBytes, rowBytes: layer.rowBytes, weights: layer.weights,
      outputWidth: shape.side)
    let slice = ConvolutionSlice(blocks: 0..<shape.outputs / 16, pixels: 0..<shape.side * shape.side)
    if shape.input == .float32 {
      kernels.depthwiseFloat(depthwise, floatOutput, slice)
    } else {
      kernels.depthwiseInt8ToInt8(depthwise, int8Output, slice)
    }
  }
}

/// Memory of zeros, with room behind it that kernels may read.
func zeros(_ bytes: Int) -> UnsafeMutableRawPointer {
  let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes + 128, alignment: 64)
  memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes + 128)
  return memory
}
