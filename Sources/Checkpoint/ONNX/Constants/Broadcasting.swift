/// How many elements a tensor of this shape has, where an empty axis counts as one of length 1: what its strides, and walks
/// along some of its axes, are bounded by. Nil where it has more than 2⁴⁰, or an axis is shorter than nothing.
func boundedCount(_ shape: [Int]) -> Int? {
  var count = 1
  for length in shape {
    let (product, overflowed) = count.multipliedReportingOverflow(by: max(length, 1))
    guard length >= 0, !overflowed, product <= 1 << 40 else { return nil }
    count = product
  }
  return count
}

/// The shape of two operands that are stretched to each other, as NumPy does; nil where they do not fit.
func broadcastShape(_ a: [Int], _ b: [Int]) -> [Int]? {
  let rank = max(a.count, b.count)
  var shape: [Int] = []
  for axis in 0..<rank {
    let left = axis < rank - a.count ? 1 : a[axis - (rank - a.count)]
    let right = axis < rank - b.count ? 1 : b[axis - (rank - b.count)]
    guard left == right || left == 1 || right == 1 else { return nil }
    shape.append(left == 1 ? right : left)
  }
  return shape
}

/// For every element of `shape`, in row-major order, the offset of the element of `source` that is stretched to it.
///
/// - Precondition: `source` stretches to `shape`.
func broadcastOffsets(_ source: [Int], to shape: [Int]) -> [Int] {
  var strides = [Int](repeating: 0, count: shape.count)
  var stride = 1
  for (axis, length) in source.enumerated().reversed() {
    strides[axis + shape.count - source.count] = length == 1 ? 0 : stride
    stride *= length
  }
  return strideOffsets(shape, strides)
}

/// The offsets of a view with these strides, in row-major order of its shape.
func strideOffsets(_ shape: [Int], _ strides: [Int]) -> [Int] {
  var offsets = [0]
  for (length, stride) in zip(shape, strides) {
    offsets = offsets.flatMap { start in (0..<length).map { start + $0 * stride } }
  }
  return offsets
}

func rowMajorStrides(_ shape: [Int]) -> [Int] {
  var strides = [Int](repeating: 1, count: shape.count)
  for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
  return strides
}
