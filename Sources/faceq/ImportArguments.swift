import ArgumentParser
import QuantRuntime

extension ImageFormat.ChannelOrder: ExpressibleByArgument {}

/// A number for each of red, green and blue: `123.675,116.28,103.53`, or `127.5` for all.
struct ChannelNumbers: ExpressibleByArgument {
  /// Three.
  var values: [Float]

  init?(argument: String) {
    let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Float($0) }
    let values = numbers.compactMap { $0 }.filter(\.isFinite)
    guard values.count == numbers.count, values.count == 3 || values.count == 1 else { return nil }
    self.values = values.count == 3 ? values : [values[0], values[0], values[0]]
  }
}

extension Size: ExpressibleByArgument {
  /// `112x96`: 112 rows of 96 pixels.
  package init?(argument: String) {
    let numbers = argument.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2, let height = numbers[0], let width = numbers[1], (8...4096).contains(height),
      (8...4096).contains(width)
    else { return nil }
    self.init(height, width)
  }
}
