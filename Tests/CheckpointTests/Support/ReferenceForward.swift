import Foundation
import QuantRuntime

/// The plainest evaluation of a `Network` in float, to check what was imported; NHWC, one image.
struct ReferenceForward {
  var network: Network

  /// - Parameter image: [row][column][channel], RGB, 0…255, of the network's input size.
  /// - Returns: the embedding, of length 1.
  func embedding(_ image: [Float]) -> [Float] {
    var trunk = Pixels(
      height: network.input.height, width: network.input.width, channels: 3,
      values: image.map { ($0 - 127.5) / network.input.divisor })
    if network.input.channels == .bgr {
      for pixel in stride(from: 0, to: image.count, by: 3) { trunk.values.swapAt(pixel, pixel + 2) }
    }
    for unit in network.stem { trunk = convolve(trunk, unit) }
    for block in network.blocks { trunk = residual(trunk, block) }
    for unit in network.tail { trunk = convolve(trunk, unit) }

    let head = network.head
    let features = affine(trunk, head.input).values
    precondition(trunk.height == head.inputHeight && trunk.width == head.inputWidth)
    let raw = head.bias.enumerated().map { row, bias in
      var sum = Double(bias)
      let weights = head.weights[row * features.count..<(row + 1) * features.count]
      for (weight, feature) in zip(weights, features) { sum += Double(weight) * Double(feature) }
      return sum
    }
    let norm = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return raw.map { Float($0 / norm) }
  }

  private struct Pixels {
    var height: Int
    var width: Int
    var channels: Int
    var values: [Float]
  }

  private func residual(_ trunk: Pixels, _ block: ResidualBlock) -> Pixels {
    var branch = affine(trunk, block.input)
    for unit in block.body { branch = convolve(branch, unit) }
    if let squeezeExcite = block.squeezeExcite { gate(&branch, squeezeExcite) }
    let shortcut: Pixels
    switch block.shortcut {
    case .none: return branch
    case .identity: shortcut = trunk
    case .subsample(let stride): shortcut = subsample(trunk, stride)
    case .convolution(let unit): shortcut = convolve(trunk, unit)
    }
    precondition(shortcut.values.count == branch.values.count)
    for index in branch.values.indices { branch.values[index] += shortcut.values[index] }
    return branch
  }

  private func affine(_ pixels: Pixels, _ affine: ChannelAffine?) -> Pixels {
    guard let affine else { return pixels }
    var result = pixels
    for index in pixels.values.indices {
      let channel = index % pixels.channels
      result.values[index] = pixels.values[index] * affine.scale[channel] + affine.shift[channel]
    }
    return result
  }

  private func gate(_ pixels: inout Pixels, _ squeezeExcite: SqueezeExcite) {
    let channels = pixels.channels
    var mean = [Float](repeating: 0, count: channels)
    for (index, value) in pixels.values.enumerated() { mean[index % channels] += value }
    let area = Float(pixels.height * pixels.width)
    var hidden = [Float](repeating: 0, count: squeezeExcite.hidden)
    for row in hidden.indices {
      for channel in 0..<channels {
        hidden[row] += squeezeExcite.reduce[row * channels + channel] * mean[channel] / area
      }
      hidden[row] = max(hidden[row], 0)
    }
    for channel in 0..<channels {
      var sum: Float = 0
      for row in hidden.indices { sum += squeezeExcite.expand[channel * hidden.count + row] * hidden[row] }
      mean[channel] = 1 / (1 + exp(-sum))
    }
    for index in pixels.values.indices { pixels.values[index] *= mean[index % channels] }
  }

  private func subsample(_ pixels: Pixels, _ stride: Int) -> Pixels {
    var result = Pixels(
      height: (pixels.height - 1) / stride + 1, width: (pixels.width - 1) / stride + 1, channels: pixels.channels,
      values: [])
    for row in 0..<result.height {
      for column in 0..<result.width {
        let first = (row * stride * pixels.width + column * stride) * pixels.channels
        result.values += pixels.values[first..<first + pixels.channels]
      }
    }
    return result
  }

  private func convolve(_ input: Pixels, _ unit: ConvolutionUnit) -> Pixels {
    let geometry = unit.geometry
    var output = Pixels(
      height: geometry.outputHeight(input.height), width: geometry.outputWidth(input.width),
      channels: geometry.outputChannels, values: [])
    output.values = [Float](repeating: 0, count: output.height * output.width * output.channels)
    let groupInputs = geometry.inputChannels / geometry.groups
    let groupOutputs = geometry.outputChannels / geometry.groups
    input.values.withUnsafeBufferPointer { source in
      unit.weights.withUnsafeBufferPointer { weights in
        output.values.withUnsafeMutableBufferPointer { target in
          for row in 0..<output.height {
            for column in 0..<output.width {
              for channel in 0..<output.channels {
                var sum = unit.bias[channel]
                for kernelRow in 0..<geometry.kernelHeight {
                  let y = row * geometry.stride + kernelRow - geometry.padding
                  guard y >= 0, y < input.height else { continue }
                  for kernelColumn in 0..<geometry.kernelWidth {
                    let x = column * geometry.stride + kernelColumn - geometry.padding
                    guard x >= 0, x < input.width else { continue }
                    let first = (y * input.width + x) * input.channels + channel / groupOutputs * groupInputs
                    let weight =
                      ((channel * geometry.kernelHeight + kernelRow) * geometry.kernelWidth + kernelColumn)
                      * groupInputs
                    var index = 0
                    while index < groupInputs {
                      sum += source[first &+ index] * weights[weight &+ index]
                      index &+= 1
                    }
                  }
                }
                if let slopes = unit.slopes, sum < 0 { sum *= slopes[channel] }
                target[(row * output.width + column) * output.channels + channel] = sum
              }
            }
          }
        }
      }
    }
    return output
  }
}
