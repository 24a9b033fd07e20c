import FaceqSupport

extension NetworkPlan {
  /// How a checkpoint's tensors differ from a plan's.
  struct Faults {
    var missing: [String] = []
    var unexpected: [String] = []
    var misshaped: [String] = []

    var count: Int { missing.count + unexpected.count + misshaped.count }
  }

  func faults(of shapes: CheckpointShapes) -> Faults {
    let planned = tensors
    var faults = Faults()
    for tensor in planned {
      guard let found = shapes[tensor.name] else {
        let isLeftOut = tensor.companion.map { shapes[$0] == nil } ?? false
        if !isLeftOut { faults.missing.append(tensor.name) }
        continue
      }
      let isSingle = tensor.mayBeSingle && found.reduce(1, *) == 1
      if found != tensor.shape && !isSingle {
        faults.misshaped.append("\(printable(tensor.name)): \(found) instead of \(tensor.shape)")
      }
    }
    let names = Set(planned.map(\.name))
    faults.unexpected = shapes.names.filter { !names.contains($0) && !Self.isCounter($0) }
    return faults
  }

  /// How many batches a BatchNorm's statistics were gathered from: no part of the network.
  private static func isCounter(_ name: String) -> Bool { name.hasSuffix(".num_batches_tracked") }

  /// One message that lists every tensor that is missing, unexpected or of the wrong shape.
  func error(_ faults: Faults, file: CheckpointFile) -> FaceqError {
    let lines =
      Self.section("missing", count: faults.missing.count, Self.byLayer(faults.missing))
      + Self.section("unexpected", count: faults.unexpected.count, Self.byLayer(faults.unexpected))
      + Self.section("of the wrong shape", count: faults.misshaped.count, faults.misshaped)
    return file.error(
      "looks like \(architecture) but its tensors do not fit; give the state dict of a network that faceq knows:\n"
        + lines.joined(separator: "\n"))
  }

  private static func section(_ title: String, count: Int, _ lines: [String]) -> [String] {
    let limit = 40
    guard !lines.isEmpty else { return [] }
    let rest = lines.count > limit ? ["    … and \(lines.count - limit) more lines"] : []
    return ["  \(title) (\(count)):"] + lines.prefix(limit).map { "    " + $0 } + rest
  }

  /// One line per layer: `input_layer.1.weight, bias, running_mean`.
  private static func byLayer(_ names: [String]) -> [String] {
    var lines: [String] = []
    var previous: Substring?
    for name in names {
      let end = name.lastIndex(of: ".")
      let layer = end.map { name[..<$0] }
      if let end, layer == previous, let line = lines.last, line.utf8.count < 200 {
        lines[lines.count - 1] = line + ", " + printable(String(name[end...].dropFirst()))
      } else {
        lines.append(printable(name))
      }
      previous = layer
    }
    return lines
  }
}
