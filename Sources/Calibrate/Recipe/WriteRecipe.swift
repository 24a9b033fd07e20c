extension CalibrationRecipe {
  /// The recipe as a table that a person can edit and `init(path:layers:)` reads: aligned columns, a line for every
  /// layer.
  package func table(_ layers: [RecipeLayer]) -> String {
    let rows =
      [["# layer", "precision", "range", "clip", "rounding"], row("default", standard)]
      + layers.map { layer in
        layer.fixedInput == nil ? row(layer.name, self[layer.name]) : [layer.name, "int16", "-", "-", "-"]
      }
    let reasons =
      ["why", standard.reason] + layers.map { $0.fixedInput.map { "reads the \($0)" } ?? self[$0.name].reason }
    let widths = rows[0].indices.map { column in rows.map { $0[column].utf8.count }.max() ?? 0 }
    let lines = zip(rows, reasons).map { row, reason in
      let columns = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.utf8.count + 2) }.joined()
      return reason.isEmpty ? columns.trimmingTrailingSpaces : columns + "# " + reason
    }
    return Self.explanation + lines.joined(separator: "\n") + "\n"
  }

  private func row(_ name: String, _ layer: LayerRecipe) -> [String] {
    [
      name, layer.precision.rawValue, layer.range.name, layer.range.clip.map { "\($0)" } ?? "-",
      layer.precision == .int8 ? layer.rounding.name : "-",
    ]
  }

  private static var explanation: String {
    let ranges = MethodRegistry.ranges.map { range in
      guard let clip = range.clip else { return "\(range.name) (clip: -)" }
      return "\(range.name) (clip: \(clip.text))"
    }
    return """
      # How each layer is quantised. Change a line, and a calibration with this recipe does as it says; without its line a
      # layer is quantised as the line "default" says, and without that as faceq does by itself.
      #
      # precision  of the values that the layer reads and of its weights: int8, or int16, which takes about twice the time
      # range      of those values: \(ranges.joined(separator: ",\n#            "))
      # rounding   of int8 weights: \(MethodRegistry.roundings.map(\.name).joined(separator: ", "))
      # After a # everything is for the reader.


      """
  }
}

extension String {
  fileprivate var trimmingTrailingSpaces: String {
    String(self[..<(lastIndex { $0 != " " }.map(index(after:)) ?? startIndex)])
  }
}
