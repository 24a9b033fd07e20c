import QuantRuntime

/// The values of one node: [row][column][channel], row-major, without borders.
package struct Plane<Value: Numeric & Comparable & Sendable>: Sendable {
  package let extent: Extent
  package var values: [Value]

  package init(_ extent: Extent, _ values: [Value]) {
    precondition(values.count == extent.count)
    self.extent = extent
    self.values = values
  }

  /// A plane whose values `value` says.
  package init(_ extent: Extent, _ value: (_ row: Int, _ column: Int, _ channel: Int) -> Value) {
    self.extent = extent
    values = []
    values.reserveCapacity(extent.count)
    for row in 0..<extent.height {
      for column in 0..<extent.width {
        for channel in 0..<extent.channels { values.append(value(row, column, channel)) }
      }
    }
  }

  package subscript(row: Int, column: Int, channel: Int) -> Value {
    values[(row * extent.width + column) * extent.channels + channel]
  }

  func contains(row: Int, column: Int) -> Bool {
    row >= 0 && row < extent.height && column >= 0 && column < extent.width
  }

  package func map<New>(_ body: (_ value: Value, _ channel: Int) -> New) -> Plane<New> {
    Plane<New>(extent, values.indices.map { body(values[$0], $0 % extent.channels) })
  }
}
