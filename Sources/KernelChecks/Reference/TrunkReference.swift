/// Trunk → int8: two roundings, not fused.
func quantisedTrunk(_ value: Int16, scale: Float, offset: Float) -> Int8 {
  let scaled = Float(value) * scale
  return Int8(clamping: roundedToEven(scaled + offset))
}

/// Trunk → int16 of magnitude up to `limit`: two roundings, not fused.
func scaledTrunk(_ value: Int16, scale: Float, offset: Float, limit: Int) -> Int16 {
  let scaled = Float(value) * scale
  return Int16(min(max(roundedToEven(scaled + offset), -limit), limit))
}

/// Branch and shortcut → trunk: each is rounded on its own, then integers are added.
func updatedTrunk(branch: Int16, gate: Float, shortcut: Int16?, rescale: Float?) -> Int16 {
  var sum = roundedToEven(Float(branch) * gate)
  if let shortcut {
    sum += rescale.map { roundedToEven(Float(shortcut) * $0) } ?? Int(shortcut)
  }
  return Int16(clamping: sum)
}
