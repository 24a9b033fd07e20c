import Commands
import FaceqSupport
import QuantRuntime

/// `info --graph`: the operations of a model's or a detector's network.
package struct GraphCommand: Sendable {
  package var model: FilePath

  package init(model: FilePath) { self.model = model }

  package func run(_ console: Console) throws(FaceqError) {
    if try DetectorFile.isDetector(model), case .network(let detector) = try DetectorFile(path: model) {
      return try console.print(String(detector.topology.listing.dropLast()))
    }
    try console.print(listing(try openModel(model, console)))
  }

  /// The graph's listing, with what each node writes and costs as a comment.
  private func listing(_ model: Model) throws(FaceqError) -> String {
    let topology = model.topology
    let shapes = try topology.shapes()
    let work = try topology.multiplyAccumulates()
    var forms: [Form]?
    if case .int8(let graph) = model.network { forms = try graph.representations().forms }
    let listing = topology.listing { index in
      var comment = shapes[index].text
      if let forms { comment += ", \(forms[index].name)" }
      if work[index] > 0 { comment += ", \(formatDecimal(Double(work[index]) / 1e6, fractionDigits: 3)) MMAC" }
      return comment
    }
    return String(listing.dropLast())
  }
}

extension Form {
  fileprivate var name: String {
    switch self {
    case .bytes: "bytes"
    case .int16(let largest): largest > 32767 ? "sum" : "int16 to ±\(largest)"
    case .float: "float"
    }
  }
}
