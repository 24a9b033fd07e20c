/// What a unit costs at either precision.
package struct UnitCost: Sendable {
  /// What the unit's int8 adds to 1 − cosine: no less than 0.
  package var loss: Double
  /// What int16 adds to the time.
  package var price: Double

  package init(loss: Double, price: Double) {
    self.loss = loss
    self.price = price
  }
}

/// The units to leave at int16, as cheap as can be, so that the losses of the others come to `budget` at most.
///
/// Greedy by loss per price, because the losses add up as independent noise does; then those that the rest makes
/// unnecessary are given back, the dearest first.
///
/// - Returns: indices of `units`, those that gain most for their price first.
package func chooseUnits(_ units: [UnitCost], budget: Double) -> [Int] {
  let order = units.indices.sorted { units[$0].loss * units[$1].price > units[$1].loss * units[$0].price }
  var rest = units.reduce(0) { $0 + $1.loss }
  var chosen: [Int] = []
  for index in order where rest > budget {
    chosen.append(index)
    rest -= units[index].loss
  }
  for index in chosen.sorted(by: { units[$0].price > units[$1].price }) where rest + units[index].loss <= budget {
    rest += units[index].loss
    chosen.removeAll { $0 == index }
  }
  return chosen
}
