import FaceqSupport
import GraphReference
import QuantRuntime

/// A graph from its listing, whose weights are multiples of 0.25 from −1 to 1, but for those of `tensors`.
func smallGraph(_ listing: String, _ tensors: [String: [Float]] = [:]) throws -> Graph<FloatLayer> {
  try Graph<Never>(listing: listing).floatLayers { node, tensor in
    let values = tensors["\(node).\(tensor.name)"]
    return (0..<tensor.count).map { index in
      if let values { return values[index % values.count] }
      return Float((index * 4 + node.utf8.count + tensor.name.utf8.count) % 9 - 4) / 4
    }
  }
}

/// A graph from its listing and the numbers of its tensors, by name: `stem.weight`. One number stands for all.
func graph(_ listing: String, _ tensors: [String: [Float]]) throws -> Graph<FloatLayer> {
  try Graph<Never>(listing: listing).floatLayers { node, tensor throws(FaceqError) in
    guard let values = tensors["\(node).\(tensor.name)"] else {
      throw FaceqError("\(node).\(tensor.name) has no values")
    }
    return values.count == 1 ? [Float](repeating: values[0], count: tensor.count) : values
  }
}

/// A picture of one channel's values, [row][column]; the other channels are 0.
func picture(_ rows: [[Double]]) -> Plane<Double> {
  Plane(Extent(rows.count, rows[0].count, 3)) { row, column, channel in channel == 0 ? rows[row][column] : 0 }
}

extension Plane<Double> {
  /// The values of one channel, row by row.
  func channel(_ channel: Int) -> [[Double]] {
    (0..<extent.height).map { row in (0..<extent.width).map { self[row, $0, channel] } }
  }
}
