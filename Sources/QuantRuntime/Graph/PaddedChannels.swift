/// Channels as they are stored: a multiple of 16.
public func paddedChannels(_ channels: Int) -> Int { (channels + 15) / 16 * 16 }

/// `values`, filled up to a multiple of 16 (of `count`, where there are fewer).
public func padded<Element>(_ values: [Element], count: Int = 0, with filler: Element) -> [Element] {
  let length = paddedChannels(max(values.count, count))
  return values + [Element](repeating: filler, count: length - values.count)
}

/// A row-major matrix with both dimensions filled up with zeros to multiples of 16.
public func paddedMatrix(_ values: [Float], rows: Int, columns: Int) -> [Float] {
  let stride = paddedChannels(columns)
  var matrix = [Float](repeating: 0, count: paddedChannels(rows) * stride)
  for row in 0..<rows {
    for column in 0..<columns { matrix[row * stride + column] = values[row * columns + column] }
  }
  return matrix
}
