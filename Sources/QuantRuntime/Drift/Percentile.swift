/// The value that `percent` (0…100) of the values are below, linearly interpolated between the two nearest: the value
/// at index (n − 1)·percent/100, as NumPy's `percentile` and R's type 7 define it (Hyndman and Fan 1996).
///
/// - Parameter sorted: ascending, not empty.
public func percentile(_ percent: Double, ofSorted sorted: [Double]) -> Double {
  let position = Double(sorted.count - 1) * percent / 100
  let lower = Int(position)
  let upper = min(lower + 1, sorted.count - 1)
  return sorted[lower] + (position - Double(lower)) * (sorted[upper] - sorted[lower])
}
