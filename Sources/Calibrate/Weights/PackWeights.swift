import QuantRuntime

/// Brings weights [output][row][column][input] into the runtime's order, [block of 16 outputs][row][column]
/// [group of inputs][16 outputs][inputs of the group], both channel counts filled up with zeros.
///
/// - Parameters:
///   - storedInputs: input channels as the activations are stored.
///   - group: inputs whose values are four bytes: 4 for int8, 2 for int16, 1 for float.
func packWeights<Element: Numeric>(
  _ weights: [Element], _ geometry: ConvolutionGeometry, storedInputs: Int, group: Int
) -> [Element] {
  let positions = geometry.kernelHeight * geometry.kernelWidth
  let (inputs, outputs) = (geometry.inputChannels, geometry.outputChannels)
  var packed = [Element](repeating: 0, count: paddedChannels(outputs) * positions * storedInputs)
  for output in 0..<outputs {
    let block = output / 16 * positions * storedInputs * 16 + output % 16 * group
    for position in 0..<positions {
      for input in 0..<inputs {
        packed[block + (position * storedInputs + input / group * group) * 16 + input % group] =
          weights[(output * positions + position) * inputs + input]
      }
    }
  }
  return packed
}
