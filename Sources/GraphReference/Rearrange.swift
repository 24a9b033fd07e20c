import QuantRuntime

// What operations do that only move values or compare them: the same in float and in integers.

extension Plane {
  /// What an addition sees of an operand.
  func resampled(_ resampling: Resampling) -> Plane {
    switch resampling {
    case .none: self
    case .subsample(let stride):
      Plane(Extent((extent.height - 1) / stride + 1, (extent.width - 1) / stride + 1, extent.channels)) {
        self[$0 * stride, $1 * stride, $2]
      }
    case .upsample:
      Plane(Extent(2 * extent.height, 2 * extent.width, extent.channels)) { self[$0 / 2, $1 / 2, $2] }
    }
  }

  func sliced(first: Int, count: Int) -> Plane {
    Plane(Extent(extent.height, extent.width, count)) { self[$0, $1, first + $2] }
  }

  static func concatenated(_ planes: [Plane], _ extent: Extent) -> Plane {
    Plane(extent) { row, column, channel in
      var (channel, index) = (channel, 0)
      while channel >= planes[index].extent.channels {
        channel -= planes[index].extent.channels
        index += 1
      }
      return planes[index][row, column, channel]
    }
  }

  func spread(_ rearrangement: DepthToSpace, _ output: Extent) -> Plane {
    let (factor, crop) = (rearrangement.factor, rearrangement.crop)
    return Plane(output) { row, column, channel in
      let (y, x) = (row + crop, column + crop)
      return self[y / factor, x / factor, (y % factor * factor + x % factor) * output.channels + channel]
    }
  }

  /// The values of the window at an output pixel; nil for those outside of the plane.
  func window(_ window: Window, row: Int, column: Int, channel: Int) -> [Value?] {
    var values: [Value?] = []
    for kernelRow in 0..<window.kernel.height {
      for kernelColumn in 0..<window.kernel.width {
        let y = row * window.stride.height + kernelRow - window.padding.top
        let x = column * window.stride.width + kernelColumn - window.padding.left
        values.append(contains(row: y, column: x) ? self[y, x, channel] : nil)
      }
    }
    return values
  }

  func maxPooled(_ pool: Pool, _ output: Extent) -> Plane {
    Plane(output) { row, column, channel in
      window(pool.window, row: row, column: column, channel: channel).compactMap { $0 }.max() ?? 0
    }
  }

  /// The sum of each window and the number of values that its mean is of.
  ///
  /// - Parameter outside: what a value in the padding counts as.
  func pooledSums(_ pool: Pool, _ output: Extent, outside: [Value]) -> (sums: Plane, counts: [Int]) {
    var counts: [Int] = []
    let padding = pool.window.padding
    let sums = Plane(output) { row, column, channel in
      var (sum, count) = (Value.zero, 0)
      for kernelRow in 0..<pool.window.kernel.height {
        for kernelColumn in 0..<pool.window.kernel.width {
          let y = row * pool.window.stride.height + kernelRow - padding.top
          let x = column * pool.window.stride.width + kernelColumn - padding.left
          if contains(row: y, column: x) {
            sum += self[y, x, channel]
            count += 1
          } else if pool.countsPadding, y < extent.height + padding.bottom, x < extent.width + padding.right {
            sum += outside[channel]
            count += 1
          }
        }
      }
      counts.append(count)
      return sum
    }
    return (sums, counts)
  }

  /// Sums over all pixels, one for each channel.
  func pixelSums() -> [Value] {
    var sums = [Value](repeating: 0, count: extent.channels)
    for (index, value) in values.enumerated() { sums[index % extent.channels] += value }
    return sums
  }

  /// The sums of a convolution's products, without bias.
  ///
  /// - Parameters:
  ///   - weights: [output channel][kernel row][kernel column][input channel of the group].
  ///   - outside: what a value outside of the plane counts as, one for each channel.
  func convolved(_ convolution: Convolution, weights: [Value], outside: [Value], _ output: Extent) -> Plane {
    let (window, groups) = (convolution.window, convolution.grouping.count(inputs: extent.channels))
    let (inputs, outputs) = (extent.channels / groups, convolution.outputs / groups)
    return Plane(output) { row, column, channel in
      let firstInput = channel / outputs * inputs
      var sum = Value.zero
      var weight = channel * window.kernel.height * window.kernel.width * inputs
      for kernelRow in 0..<window.kernel.height {
        for kernelColumn in 0..<window.kernel.width {
          let y = row * window.stride.height + kernelRow - window.padding.top
          let x = column * window.stride.width + kernelColumn - window.padding.left
          let isInside = contains(row: y, column: x)
          for input in firstInput..<firstInput + inputs {
            sum += weights[weight] * (isInside ? self[y, x, input] : outside[input])
            weight += 1
          }
        }
      }
      return sum
    }
  }
}
