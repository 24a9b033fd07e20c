import QuantRuntime

/// A line for each fact: its name, and what it is in a column of their own.
func factLines(_ facts: [(String, String)]) -> String {
  facts.map { name, value in
    name + String(repeating: " ", count: 14 - name.utf8.count) + value
  }.joined(separator: "\n")
}

extension ImageFormat {
  /// What the network sees of a pixel: `(pixel − 127.5) / 128`, or three numbers in brackets where the channels differ.
  func normalisation(_ number: (Float) -> String) -> String {
    func text(_ values: [Float]) -> String {
      let numbers = values.map(number)
      return numbers.allSatisfy { $0 == numbers[0] } ? numbers[0] : "[\(numbers.joined(separator: ", "))]"
    }
    return "(pixel − \(text(mean))) / \(text(deviation))"
  }
}
