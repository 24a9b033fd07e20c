import SIMDKernels

/// Where a value lies: [row][column][channel] inside a border.
struct Plane {
  /// The first byte, which belongs to the border where there is one.
  var base: UnsafeMutableRawPointer
  let height: Int
  let width: Int
  /// Of the value itself.
  let channels: Int
  /// Channels as they are stored: a multiple of 16, but for a picture that only dense convolutions read.
  let storedChannels: Int
  /// 1 of bytes, 2 of int16, 4 of float.
  let valueBytes: Int
  /// Pixels around the value, which hold what stands for 0.
  let border: Padding
  /// From one row to the next.
  let rowBytes: Int

  init(
    _ extent: Extent, storedChannels: Int, valueBytes: Int, border: Padding = Padding(0),
    base: UnsafeMutableRawPointer
  ) {
    (height, width, channels) = (extent.height, extent.width, extent.channels)
    self.storedChannels = storedChannels
    self.valueBytes = valueBytes
    self.border = border
    self.base = base
    let rowBytes = (border.left + width + border.right) * storedChannels * valueBytes
    // Rows that windows of several rows slide over are not a multiple of 2048 bytes apart: they would share a few sets
    // of the cache.
    self.rowBytes = !border.isEmpty && rowBytes.isMultiple(of: 2048) ? rowBytes + 64 : rowBytes
  }

  var pixels: Int { height * width }
  var pixelBytes: Int { storedChannels * valueBytes }
  /// With the border.
  var byteCount: Int { (border.top + height + border.bottom) * rowBytes }
  /// The number of blocks of 16 channels.
  var blocks: Int { storedChannels / 16 }
  /// Whether the pixels of all rows lie side by side.
  var isContiguous: Bool { rowBytes == width * pixelBytes }

  /// The first pixel inside the border.
  var interior: UnsafeMutableRawPointer { base + border.top * rowBytes + border.left * pixelBytes }
  /// Where a kernel writes.
  var output: OutputPlane { OutputPlane(base: interior, pixelBytes: pixelBytes, rowBytes: rowBytes) }
  /// Where a pass reads.
  var input: InputPlane { InputPlane(base: interior, pixelBytes: pixelBytes, rowBytes: rowBytes) }

  /// The values of a plane of float.
  var floats: UnsafeMutablePointer<Float> { interior.assumingMemoryBound(to: Float.self) }
}

extension Plane {
  /// The first pixel of the first window, which the border must hold.
  private func start(_ window: Window) -> UnsafeMutableRawPointer {
    interior - window.padding.top * rowBytes - window.padding.left * pixelBytes
  }

  /// The dense convolution whose windows slide over this plane.
  func layer(_ window: Window, weights: UnsafeRawPointer, outputWidth: Int) -> ConvolutionLayer {
    ConvolutionLayer(
      input: UnsafeRawPointer(start(window)), windowRowBytes: rowBytes, windowRows: window.kernel.height,
      stepsPerRow: window.kernel.width * pixelBytes / 4, pixelBytes: window.stride.width * pixelBytes,
      rowBytes: window.stride.height * rowBytes, weights: weights, outputWidth: outputWidth,
      fourthIsEmpty: storedChannels == 4)
  }

  /// The depthwise convolution whose windows slide over this plane.
  func depthwiseLayer(_ window: Window, weights: UnsafeRawPointer, outputWidth: Int) -> DepthwiseLayer {
    DepthwiseLayer(
      input: UnsafeRawPointer(start(window)), windowRowBytes: rowBytes, kernelHeight: window.kernel.height,
      kernelWidth: window.kernel.width, channels: storedChannels, pixelBytes: window.stride.width * pixelBytes,
      rowBytes: window.stride.height * rowBytes, weights: weights, outputWidth: outputWidth)
  }

  /// The convolution of bytes by Winograd whose windows slide over this plane.
  func winogradLayer(_ window: Window, weights: UnsafeRawPointer, output: Plane) -> WinogradLayer {
    WinogradLayer(
      input: UnsafePointer(start(window).assumingMemoryBound(to: Int8.self)), rowBytes: rowBytes,
      channels: storedChannels, weights: weights, stride: window.stride.width, outputHeight: output.height,
      outputWidth: output.width)
  }

  /// The convolution of float by Winograd whose windows slide over this plane.
  func floatWinogradLayer(
    _ window: Window, weights: UnsafePointer<Float>, output: Plane
  ) -> FloatWinogradLayer {
    FloatWinogradLayer(
      input: UnsafePointer(start(window).assumingMemoryBound(to: Float.self)), rowStride: rowBytes / 4,
      channels: storedChannels, weights: weights, outputHeight: output.height, outputWidth: output.width)
  }

  /// The border under a window, where it is one whose products kernels may leave out.
  func constantBorder(_ window: Window, biases: UnsafePointer<Int32>, output: Plane) -> ConstantBorder? {
    guard window.isSquare3, window.padding == Padding(1), output.height > 1, output.width > 1 else { return nil }
    let stride = window.stride.height
    return ConstantBorder(
      biases: biases, outputChannels: output.storedChannels, outputHeight: output.height,
      isReachedAtBottom: (output.height - 1) * stride + 2 > height,
      isReachedAtRight: (output.width - 1) * stride + 2 > width)
  }
}

extension Window {
  /// Whether the kernel is 3 × 3, with one stride for both axes.
  var isSquare3: Bool { kernel == Size(3, 3) && stride.height == stride.width }
}
