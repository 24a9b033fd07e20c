import SIMDKernels

/// Activations [row][column][channel] inside a border of `padding` pixels.
struct Plane<Element> {
  var base: UnsafeMutablePointer<Element>
  var height: Int
  var width: Int
  /// As stored: padded to 16 (the image: as the first layer wants it).
  var channels: Int
  var padding: Int
  /// From one row to the next, in values.
  let rowStride: Int
  /// As many values as there are channels, where the whole border has the same.
  var borderPixel: UnsafePointer<Element>?

  init(
    _ arena: Arena, _ buffer: Arena.Buffer, height: Int, width: Int, channels: Int, padding: Int = 0
  ) {
    self.height = height
    self.width = width
    self.channels = channels
    self.padding = padding
    rowStride = Plane.rowStride(width: width, channels: channels, padding: padding)
    base = arena.buffer(buffer, count: (height + 2 * padding) * rowStride, of: Element.self)
  }

  /// Rows that windows of several rows slide over are not a multiple of 2048 bytes apart: they would share a few sets
  /// of the cache. Without a border rows lie side by side, as the linear layer reads them.
  private static func rowStride(width: Int, channels: Int, padding: Int) -> Int {
    let values = (width + 2 * padding) * channels
    let size = MemoryLayout<Element>.stride
    return padding > 0 && (values * size).isMultiple(of: 2048) ? values + 64 / size : values
  }

  var pixels: Int { height * width }

  /// Where a kernel writes: the first pixel inside the border.
  var output: OutputPlane {
    let size = MemoryLayout<Element>.stride
    return OutputPlane(
      base: UnsafeMutableRawPointer(base + padding * rowStride + padding * channels), pixelBytes: channels * size,
      rowBytes: rowStride * size)
  }

  /// The layer that slides `geometry`'s kernel over this plane, whose border must be the geometry's padding (or more:
  /// the windows then begin further in).
  func layer(_ geometry: ConvolutionGeometry, weights: UnsafeRawPointer) -> ConvolutionLayer {
    let size = MemoryLayout<Element>.stride
    let inset = padding - geometry.padding
    return ConvolutionLayer(
      input: UnsafeRawPointer(base + inset * rowStride + inset * channels), windowRowBytes: rowStride * size,
      windowRows: geometry.kernelHeight, stepsPerRow: geometry.kernelWidth * channels * size / 4,
      pixelBytes: geometry.stride * channels * size, rowBytes: geometry.stride * rowStride * size, weights: weights,
      outputWidth: geometry.outputWidth(width), fourthIsEmpty: channels == 4)
  }

  /// As `layer`, of a depthwise `geometry`.
  func depthwiseLayer(_ geometry: ConvolutionGeometry, weights: UnsafeRawPointer) -> DepthwiseLayer {
    let layer = layer(geometry, weights: weights)
    return DepthwiseLayer(
      input: layer.input, windowRowBytes: layer.windowRowBytes, kernelHeight: geometry.kernelHeight,
      kernelWidth: geometry.kernelWidth, channels: channels, pixelBytes: layer.pixelBytes, rowBytes: layer.rowBytes,
      weights: weights, outputWidth: layer.outputWidth)
  }
}

extension Plane<Int8> {
  /// The border under `geometry`'s kernel, where it is one whose products kernels may leave out.
  func border(_ geometry: ConvolutionGeometry, biases: UnsafePointer<Int32>) -> ConstantBorder? {
    let (outputHeight, outputWidth) = (geometry.outputHeight(height), geometry.outputWidth(width))
    guard borderPixel != nil, geometry.isDense3x3, geometry.padding == 1, outputHeight > 1, outputWidth > 1
    else { return nil }
    return ConstantBorder(
      biases: biases, outputChannels: paddedChannels(geometry.outputChannels), outputHeight: outputHeight,
      isReachedAtBottom: (outputHeight - 1) * geometry.stride + 2 > height,
      isReachedAtRight: (outputWidth - 1) * geometry.stride + 2 > width)
  }
}

extension Plane {
  /// Calls `body` with each pixel of the border in a range of rows, those of the border counted.
  func forEachBorderPixel(rows: Range<Int>, _ body: (UnsafeMutablePointer<Element>) -> Void) {
    for row in rows {
      let outside = row < padding || row >= height + padding
      var column = 0
      while column < width + 2 * padding {
        body(base + row * rowStride + column * channels)
        column += 1
        if !outside && column == padding { column = width + padding }
      }
    }
  }
}
