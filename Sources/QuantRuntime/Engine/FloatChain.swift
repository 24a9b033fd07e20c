import SIMDKernels

/// One convolution or max pool after the other, in float, over pictures of any size: the form of small networks that
/// are not embedding networks, such as those of a face detector.
///
/// Belongs to one thread at a time and brings its own worker threads. Memory grows with the largest picture so far.
public final class FloatChain {
  public enum Layer: Sendable {
    /// Dense (`groups` is 1), without padding. A linear layer is one whose kernel covers the whole picture.
    case convolution(ConvolutionUnit)
    /// The maximum of `size` × `size` pixels, every second one; windows at the right and lower edge may be cut off
    /// (PyTorch's `MaxPool2d(size, 2, ceil_mode=True)`).
    case maxPool(size: Int)
  }

  private let plan: ChainPlan
  private let pool: WorkerPool

  /// - Parameter layers: the first is a convolution of 3 channels, and each fits the one before.
  /// - Throws: where the system refuses a thread, or a core.
  public init(_ layers: [Layer], kernels: KernelTable, threads: ThreadPlan) throws(FaceqError) {
    plan = ChainPlan(layers, kernels: kernels, threads: threads)
    pool = try WorkerPool(threads, steps: plan.steps)
  }

  /// - Parameter values: [row][column][3], row-major, large enough for every layer's kernel.
  /// - Returns: [row][column][channel] of the last layer, row-major.
  public func run(_ values: [Float], height: Int, width: Int) -> (height: Int, width: Int, values: [Float]) {
    precondition(values.count == height * width * 3)
    plan.lay(values, height: height, width: width)
    pool.run()
    return plan.output()
  }
}

/// The chain as kernel calls: one step for each layer, whose input and output alternate between two buffers.
private final class ChainPlan {
  private enum Packed {
    case convolution(FloatConvolution)
    case maxPool(size: Int)
  }

  private let layers: [Packed]
  private let outputChannels: Int
  private let kernels: KernelTable
  private let threads: ThreadPlan
  private let buffers = [GrowingBuffer(), GrowingBuffer()]
  let steps: StepList
  private var result: ChainPlane

  init(_ layers: [FloatChain.Layer], kernels: KernelTable, threads: ThreadPlan) {
    var stored = 3
    var channels = 3
    self.layers = layers.map { layer in
      switch layer {
      case .maxPool(let size): return .maxPool(size: size)
      case .convolution(let unit):
        precondition(unit.geometry.inputChannels == channels && unit.geometry.groups == 1 && unit.geometry.padding == 0)
        let packed = FloatConvolution(unit, storedInputChannels: stored)
        channels = unit.geometry.outputChannels
        stored = paddedChannels(channels)
        return .convolution(packed)
      }
    }
    steps = StepList(capacity: layers.count)
    outputChannels = channels
    self.kernels = kernels
    self.threads = threads
    result = ChainPlane(base: buffers[0].reserve(1), height: 0, width: 0, channels: stored)
  }

  /// Lays out all layers' planes for a picture of this size, and brings it into the first.
  func lay(_ values: [Float], height: Int, width: Int) {
    var sizes = [values.count, 0]
    forEachPlane(height: height, width: width) { position, plane in
      sizes[(position + 1) % 2] = max(sizes[(position + 1) % 2], plane.height * plane.width * plane.channels)
    }
    let bases = [buffers[0].reserve(sizes[0]), buffers[1].reserve(sizes[1])]
    values.withUnsafeBufferPointer { if let source = $0.baseAddress { bases[0].update(from: source, count: $0.count) } }

    steps.removeAll()
    var input = ChainPlane(base: bases[0], height: height, width: width, channels: 3)
    forEachPlane(height: height, width: width) { position, shape in
      let output = ChainPlane(
        base: bases[(position + 1) % 2], height: shape.height, width: shape.width, channels: shape.channels)
      switch layers[position] {
      case .maxPool(let size):
        let pool = MaxPool(input: input, output: output, size: size)
        let split = RangeSplit(count: output.height, threads: threads)
        steps.append(Step(parts: split.parts) { part, _ in pool.run(rows: split.range(part)) })
      case .convolution(let convolution):
        let (layer, kernel) = (input.layer(convolution), kernels.float.direct)
        let split = ConvolutionSplit(
          layer, kernel, blocks: output.channels / 16, pixels: output.height * output.width, threads: threads, nil)
        let epilogue = FloatOutput(
          plane: output.outputPlane, bias: convolution.bias.base, slopes: convolution.slopes.base)
        steps.append(
          Step(parts: split.parts) { part, worker in
            kernel.run(layer, epilogue, split.slice(part, worker: worker))
          })
      }
      input = output
    }
    result = input
  }

  /// Each layer's output shape, in order.
  private func forEachPlane(
    height: Int, width: Int, _ body: (Int, (height: Int, width: Int, channels: Int)) -> Void
  ) {
    var (height, width, channels) = (height, width, 3)
    for (position, layer) in layers.enumerated() {
      switch layer {
      case .maxPool(let size):
        height = MaxPool.outputCount(height, size: size)
        width = MaxPool.outputCount(width, size: size)
      case .convolution(let convolution):
        height = convolution.geometry.outputHeight(height)
        width = convolution.geometry.outputWidth(width)
        channels = paddedChannels(convolution.geometry.outputChannels)
      }
      precondition(height > 0 && width > 0, "the picture is smaller than a layer's kernel")
      body(position, (height, width, channels))
    }
  }

  func output() -> (height: Int, width: Int, values: [Float]) {
    var values: [Float] = []
    values.reserveCapacity(result.height * result.width * outputChannels)
    for pixel in 0..<result.height * result.width {
      values.append(
        contentsOf: UnsafeBufferPointer(start: result.base + pixel * result.channels, count: outputChannels))
    }
    return (result.height, result.width, values)
  }
}

/// Activations [row][column][channel] without a border.
private struct ChainPlane {
  var base: UnsafeMutablePointer<Float>
  var height: Int
  var width: Int
  /// As stored: 3 for the picture, else a multiple of 16.
  var channels: Int

  private var rowBytes: Int { width * channels * 4 }

  var outputPlane: OutputPlane {
    OutputPlane(base: UnsafeMutableRawPointer(base), pixelBytes: channels * 4, rowBytes: rowBytes)
  }

  func layer(_ convolution: FloatConvolution) -> ConvolutionLayer {
    let geometry = convolution.geometry
    return ConvolutionLayer(
      input: UnsafeRawPointer(base), windowRowBytes: rowBytes, windowRows: geometry.kernelHeight,
      stepsPerRow: geometry.kernelWidth * channels, pixelBytes: geometry.stride * channels * 4,
      rowBytes: geometry.stride * rowBytes, weights: UnsafeRawPointer(convolution.weights.base),
      outputWidth: geometry.outputWidth(width))
  }
}

private struct MaxPool {
  var input: ChainPlane
  var output: ChainPlane
  var size: Int

  static func outputCount(_ count: Int, size: Int) -> Int { (max(count - size, 0) + 1) / 2 + 1 }

  func run(rows: Range<Int>) {
    let channels = input.channels
    for row in rows {
      for column in 0..<output.width {
        let target = output.base + (row &* output.width &+ column) &* channels
        for windowRow in 2 &* row..<min(2 &* row &+ size, input.height) {
          for windowColumn in 2 &* column..<min(2 &* column &+ size, input.width) {
            let source = input.base + (windowRow &* input.width &+ windowColumn) &* channels
            if windowRow == 2 &* row && windowColumn == 2 &* column {
              target.update(from: source, count: channels)
            } else {
              for channel in 0..<channels { target[channel] = max(target[channel], source[channel]) }
            }
          }
        }
      }
    }
  }
}

/// Memory that only grows, with room behind it for kernels that load whole vectors.
private final class GrowingBuffer {
  private var memory: UnsafeMutablePointer<Float>?
  private var capacity = 0

  deinit { memory?.deallocate() }

  /// At least `count` values; what was in them may be lost.
  func reserve(_ count: Int) -> UnsafeMutablePointer<Float> {
    if let memory, count <= capacity { return memory }
    memory?.deallocate()
    let bytes = (count + 16) * MemoryLayout<Float>.stride
    let grown = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      .initializeMemory(as: Float.self, repeating: 0, count: count + 16)
    memory = grown
    capacity = count
    return grown
  }
}
