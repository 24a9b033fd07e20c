import QuantRuntime
import SIMDKernels

/// A layer with zeros for data (no kernel's time depends on values).
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
    let pixels = shape.side * shape.side
    scratch = zeros(
      max(
        kernels.int8.toInt8.scratchBytes(layer, pixels), kernels.int16.toInt16.scratchBytes(layer, pixels),
        kernels.winograd.toInt8.scratchBytes(winograd, pixels)))
  }

  deinit {
    for memory in [input, weights, output, channels, scratch] { memory.deallocate() }
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

  /// Once, as the runtime cuts it for one thread.
  func run() {
    switch (shape.form, shape.input) {
    case (.winograd, _): run(kernels.winograd.toInt8, winograd, int8Output)
    case (.depthwise, .float32): run(kernels.float.depthwise, depthwise, floatOutput)
    case (.depthwise, _): run(kernels.int8.depthwiseToInt8, depthwise, int8Output)
    case (.direct, .int8): run(kernels.int8.toInt8, layer, int8Output)
    case (.direct, .int16):
      run(kernels.int16.toInt16, layer, Int16Output(plane: plane(2), requantisation: requantisation))
    case (.direct, .float32): run(kernels.float.direct, layer, floatOutput)
    }
  }

  /// The kernel that `run` calls.
  var kernelName: String {
    switch (shape.form, shape.input) {
    case (.winograd, _): kernels.winograd.toInt8.name
    case (.depthwise, .float32): kernels.float.depthwise.name
    case (.depthwise, _): kernels.int8.depthwiseToInt8.name
    case (.direct, .int8): kernels.int8.toInt8.name
    case (.direct, .int16): kernels.int16.toInt16.name
    case (.direct, .float32): kernels.float.direct.name
    }
  }

  private func run<Layer, Output>(_ kernel: ConvolutionKernel<Layer, Output>, _ layer: Layer, _ output: Output) {
    let (blocks, pixels) = (shape.outputs / 16, shape.side * shape.side)
    let scratch = kernel.scratchBytes(layer, pixels) > 0 ? scratch : nil
    let together = shape.form == .direct ? 4 : blocks
    for block in stride(from: 0, to: blocks, by: together) {
      kernel.run(
        layer, output,
        ConvolutionSlice(blocks: block..<min(block + together, blocks), pixels: 0..<pixels, scratch: scratch))
    }
  }

  private var depthwise: DepthwiseLayer {
    DepthwiseLayer(
      input: layer.input, windowRowBytes: layer.windowRowBytes, kernelHeight: shape.kernel, kernelWidth: shape.kernel,
      channels: shape.inputs, pixelBytes: layer.pixelBytes, rowBytes: layer.rowBytes, weights: layer.weights,
      outputWidth: shape.side)
  }
}

/// Memory of zeros, followed by room that kernels may read.
func zeros(_ bytes: Int) -> UnsafeMutableRawPointer {
  let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes + 128, alignment: 64)
  memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes + 128)
  return memory
}
