import QuantRuntime

extension NetworkPlan {
  /// Throws one message that lists every tensor that is missing, unexpected or of the wrong shape.
  func check(_ state: StateDict) throws(FaceqError) {
    let planned = tensors
    var missing: [String] = []
    var misshaped: [String] = []
    for tensor in planned {
      guard let found = state[tensor.name] else {
        missing.append(tensor.name)
        continue
      }
      if found.shape != tensor.shape {
        misshaped.append("\(printable(tensor.name)): \(found.shape) instead of \(tensor.shape)")
      }
    }
    let names = Set(planned.map(\.name))
    let unexpected = state.names.filter { !names.contains($0) && !Self.isCounter($0) }
    if missing.isEmpty && unexpected.isEmpty && misshaped.isEmpty { return }

    let lines =
      Self.section("missing", count: missing.count, Self.byLayer(missing))
      + Self.section("unexpected", count: unexpected.count, Self.byLayer(unexpected))
      + Self.section("of the wrong shape", count: misshaped.count, misshaped)
    throw state.file.error(
      "looks like \(architecture) but its tensors do not fit; give the state dict of a network that faceq knows:\n"
        + lines.joined(separator: "\n"))
  }

  /// How many batches a BatchNorm's statistics were gathered from: no part of the network.
  private static func isCounter(_ name: String) -> Bool { name.hasSuffix(".num_batches_tracked") }

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
