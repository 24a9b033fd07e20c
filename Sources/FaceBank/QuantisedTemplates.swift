import QuantRuntime

/// Templates in int8, each with a scale of its own, in the form of a convolution's weights: the same on every machine.
package struct QuantisedTemplates: Sendable {
  package let count: Int
  package let size: Int
  /// [block of 16 people][group of 4 components][16 people][4 components], padded with zeros.
  package let values: Tensor<Int8>
  /// The sum of each template's numbers; as the scales padded to a multiple of 16.
  package let sums: Tensor<Int32>
  package let scales: Tensor<Float>
  /// The longest difference between a template and its int8 form.
  package let error: Float

  package init(count: Int, size: Int, values: Tensor<Int8>, sums: Tensor<Int32>, scales: Tensor<Float>, error: Float) {
    (self.count, self.size) = (count, size)
    (self.values, self.sums, self.scales) = (values, sums, scales)
    self.error = error
  }

  package init(_ templates: PersonTemplates) {
    let (count, size) = (templates.count, templates.size)
    let stored = paddedChannels(size)
    var packed = [Int8](repeating: 0, count: paddedChannels(count) * stored)
    var sums = [Int32](repeating: 0, count: paddedChannels(count))
    var scales = [Float](repeating: 0, count: paddedChannels(count))
    var error: Float = 0
    for row in 0..<count {
      let quantised = QuantisedVector(templates.template(row)[...])
      let block = row / 16 * stored * 16 + row % 16 * 4
      for (component, value) in quantised.values.enumerated() {
        packed[block + component / 4 * 64 + component % 4] = value
        sums[row] += Int32(value)
      }
      scales[row] = quantised.scale
      error = max(error, quantised.error)
    }
    self.init(
      count: count, size: size, values: Tensor(packed), sums: Tensor(sums), scales: Tensor(scales), error: error)
  }
}
