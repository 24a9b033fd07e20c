import SIMDKernels

/// The picture that the next run of a program reads.
final class ImageSource {
  /// RGB [row][column][3]; nil between runs.
  var pixels: UnsafePointer<UInt8>?
  /// The picture as the network sees it, [row][column][3], where that is what there is; nil between runs.
  var values: UnsafePointer<Float>?
  var mirrored = false
}

extension ProgramPlan {
  /// Adds the step that turns a picture into what the first convolution reads.
  ///
  /// int16: `factor · pixel − offset`, as the format's fixed point says. float: `(pixel − mean) / deviation`. What the
  /// plane has of channels besides the three is 0.
  mutating func addImage(_ format: ImageFormat) {
    let plane = plane(0)
    let border = zeroBorder(plane)
    let input = ImageInput(plane, format, kernels)
    appendRows(LayerDescription("image", .image), of: plane, border: border) { [image, form = form(0)] rows in
      if let pixels = image.pixels {
        if form == .float {
          input.fillFloats(rows, from: pixels, mirrored: image.mirrored)
        } else {
          input.fillIntegers(rows, from: pixels, mirrored: image.mirrored)
        }
      } else if let values = image.values {
        input.fillFloats(rows, from: values)
      }
    }
  }
}

private struct ImageInput {
  private let plane: Plane
  private let kernels: KernelTable
  /// Which of a pixel's three bytes is the network's first and third channel.
  private let first: Int
  private let third: Int
  /// For each channel of the network.
  private let mean: SIMD3<Float>
  private let deviation: SIMD3<Float>
  private let factor: Int32
  private let offset: SIMD3<Int32>

  init(_ plane: Plane, _ format: ImageFormat, _ kernels: KernelTable) {
    self.plane = plane
    self.kernels = kernels
    (first, third) = format.channels == .rgb ? (0, 2) : (2, 0)
    mean = SIMD3(format.mean[0], format.mean[1], format.mean[2])
    deviation = SIMD3(format.deviation[0], format.deviation[1], format.deviation[2])
    let point = format.fixedPoint
    factor = Int32(point.factor)
    offset = SIMD3(Int32(point.offsets[0]), Int32(point.offsets[1]), Int32(point.offsets[2]))
  }

  func fillIntegers(_ rows: Range<Int>, from pixels: UnsafePointer<UInt8>, mirrored: Bool) {
    if plane.storedChannels == 4 && !mirrored {
      let offsets = SIMD4<Int16>(
        truncatingIfNeeded: SIMD4<Int32>(lowHalf: SIMD2(offset.x, offset.y), highHalf: SIMD2(offset.z, 0)))
      return kernels.planes.picture(
        PicturePass(
          pixels: pixels, width: plane.width, isBlueFirst: first == 2, factor: Int16(truncatingIfNeeded: factor),
          offsets: offsets, output: plane.output), rows)
    }
    for row in rows {
      var output = (plane.interior + row * plane.rowBytes).assumingMemoryBound(to: Int16.self)
      for column in 0..<plane.width {
        let source = pixels + (row * plane.width + (mirrored ? plane.width - 1 - column : column)) * 3
        output[0] = Int16(truncatingIfNeeded: factor &* Int32(source[first]) &- offset.x)
        output[1] = Int16(truncatingIfNeeded: factor &* Int32(source[1]) &- offset.y)
        output[2] = Int16(truncatingIfNeeded: factor &* Int32(source[third]) &- offset.z)
        for channel in 3..<plane.storedChannels { output[channel] = 0 }
        output += plane.storedChannels
      }
    }
  }

  func fillFloats(_ rows: Range<Int>, from pixels: UnsafePointer<UInt8>, mirrored: Bool) {
    forEachFloatPixel(rows) { output, row, column in
      let source = pixels + (row * plane.width + (mirrored ? plane.width - 1 - column : column)) * 3
      output[0] = (Float(source[first]) - mean.x) / deviation.x
      output[1] = (Float(source[1]) - mean.y) / deviation.y
      output[2] = (Float(source[third]) - mean.z) / deviation.z
    }
  }

  func fillFloats(_ rows: Range<Int>, from values: UnsafePointer<Float>) {
    forEachFloatPixel(rows) { output, row, column in
      output.update(from: values + (row * plane.width + column) * 3, count: 3)
    }
  }

  private func forEachFloatPixel(_ rows: Range<Int>, _ body: (UnsafeMutablePointer<Float>, Int, Int) -> Void) {
    for row in rows {
      var output = (plane.interior + row * plane.rowBytes).assumingMemoryBound(to: Float.self)
      for column in 0..<plane.width {
        body(output, row, column)
        for channel in 3..<max(plane.storedChannels, 3) { output[channel] = 0 }
        output += plane.storedChannels
      }
    }
  }
}
