import SIMDKernels

extension ProgramPlan {
  /// Adds the step of an operation that moves values, or that only outputs have, whatever the values are.
  ///
  /// - Parameters:
  ///   - index: the node.
  ///   - zeros: of bytes, for each channel of what is read first; empty for others.
  ///   - border: around what is written.
  /// - Returns: whether it is such an operation.
  mutating func addMove(
    _ operation: Operation, named name: String, _ inputs: [Int], _ index: Int, zeros: [Int8], border: BorderFill
  ) -> Bool {
    let output = plane(index)
    switch operation {
    case .maxPool(let pool): addPool(pool, named: name, plane(inputs[0]), output, zeros: nil, border)
    case .averagePool(let pool): addPool(pool, named: name, plane(inputs[0]), output, zeros: zeros, border)
    case .upsample: addUpsampling(named: name, plane(inputs[0]), output, border)
    case .concatenate: addConcatenation(named: name, inputs.map { plane($0) }, output, border)
    case .slice(let first, _): addSlice(named: name, plane(inputs[0]), output, from: first, border)
    case .depthToSpace(let rearrangement): addSpreading(rearrangement, named: name, plane(inputs[0]), output, border)
    case .sigmoid: addMap(.sigmoid, named: name, plane(inputs[0]), output, border)
    case .softmax: addMap(.softmaxOfPairs, named: name, plane(inputs[0]), output, border)
    case .normalise: addNorm(named: name, plane(inputs[0]), output)
    default: return false
    }
    return true
  }

  /// - Parameter zeros: of an average pool of bytes; nil for a maximum.
  private mutating func addPool(
    _ pool: Pool, named name: String, _ input: Plane, _ output: Plane, zeros: [Int8]?, _ border: BorderFill
  ) {
    let window = pool.window
    var pass = PoolPass(
      input: input.input, height: input.height, width: input.width, channels: input.storedChannels,
      kernel: (window.kernel.height, window.kernel.width), stride: (window.stride.height, window.stride.width),
      padding: (window.padding.top, window.padding.left), output: output.output, outputWidth: output.width)
    let pools = kernels.planes.pools
    let run: @Sendable (PoolPass, Range<Int>) -> Void
    if let zeros {
      if pool.countsPadding {
        pass.counted = PoolPass.CountedPadding(
          bottom: window.padding.bottom, right: window.padding.right,
          zero: zeros.isEmpty ? nil : keep(Tensor(padded(zeros, with: 0))))
      }
      run = input.valueBytes == 1 ? pools.meanOfInt8 : input.valueBytes == 2 ? pools.meanOfInt16 : pools.meanOfFloat
    } else {
      run =
        input.valueBytes == 1
        ? pools.maximumOfInt8 : input.valueBytes == 2 ? pools.maximumOfInt16 : pools.maximumOfFloat
    }
    appendRows(LayerDescription(name, .pool), of: output, border: border) { [pass] in run(pass, $0) }
  }

  private mutating func addUpsampling(named name: String, _ input: Plane, _ output: Plane, _ border: BorderFill) {
    let pass = Upsampling(
      input: input.input, byteCount: input.pixelBytes, output: output.output, outputWidth: output.width)
    appendRows(LayerDescription(name, .move), of: output, border: border) { SIMDKernels.upsample(pass, rows: $0) }
  }

  private mutating func addConcatenation(
    named name: String, _ inputs: [Plane], _ output: Plane, _ border: BorderFill
  ) {
    var passes: [ChannelCopy] = []
    var first = 0
    for input in inputs {
      let (offset, byteCount) = (first * output.valueBytes, input.channels * input.valueBytes)
      first += input.channels
      passes.append(
        ChannelCopy(
          input: input.input, width: output.width, byteCount: byteCount,
          output: OutputPlane(
            base: output.interior + offset, pixelBytes: output.pixelBytes, rowBytes: output.rowBytes),
          padding: first == output.channels ? padding(of: output) : ChannelPadding(count: 0)))
    }
    appendRows(LayerDescription(name, .move), of: output, border: border) { [passes] rows in
      for pass in passes { copyChannels(pass, rows: rows) }
    }
  }

  private mutating func addSlice(
    named name: String, _ input: Plane, _ output: Plane, from first: Int, _ border: BorderFill
  ) {
    let pass = ChannelCopy(
      input: InputPlane(
        base: UnsafeRawPointer(input.interior + first * input.valueBytes), pixelBytes: input.pixelBytes,
        rowBytes: input.rowBytes), width: output.width, byteCount: output.channels * output.valueBytes,
      output: output.output, padding: padding(of: output))
    appendRows(LayerDescription(name, .move), of: output, border: border) { copyChannels(pass, rows: $0) }
  }

  private mutating func addSpreading(
    _ rearrangement: DepthToSpace, named name: String, _ input: Plane, _ output: Plane, _ border: BorderFill
  ) {
    let pass = Spreading(
      input: input.input, factor: rearrangement.factor, crop: rearrangement.crop,
      byteCount: output.channels * output.valueBytes, output: output.output, outputWidth: output.width,
      padding: padding(of: output))
    appendRows(LayerDescription(name, .move), of: output, border: border) { spreadChannels(pass, rows: $0) }
  }

  /// What stands after a value's own channels.
  private func padding(of plane: Plane) -> ChannelPadding {
    ChannelPadding(
      count: (plane.storedChannels - plane.channels) * plane.valueBytes,
      byte: plane.valueBytes == 1 ? UInt8(bitPattern: kernels.pixelFlip) : 0)
  }

  private mutating func addMap(
    _ function: FloatMap.Function, named name: String, _ input: Plane, _ output: Plane, _ border: BorderFill
  ) {
    let pass = FloatMap(
      input: input.input, width: output.width, channels: output.channels == 1 ? 1 : output.storedChannels,
      function: function, output: output.output)
    appendRows(LayerDescription(name, .output), of: output, border: border) {
      [map = kernels.planes.floats.map] in map(pass, $0)
    }
  }

  private mutating func addNorm(named name: String, _ input: Plane, _ output: Plane) {
    append(LayerDescription(name, .output)) { _, _ in
      if input.floats != output.floats {
        UnsafeMutableRawPointer(output.floats).copyMemory(from: input.floats, byteCount: output.pixelBytes)
      }
      normalise(output.floats, count: output.storedChannels)
    }
  }
}
