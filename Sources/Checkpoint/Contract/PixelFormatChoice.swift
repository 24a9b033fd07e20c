import QuantRuntime

/// What the user knows better than a file says. Each part that is given counts.
package struct PixelFormatChoice: Sendable {
  package var channels: ImageFormat.ChannelOrder?
  /// Three, in the order R, G, B, in pixel values 0…255.
  package var mean: [Float]?
  package var deviation: [Float]?

  package init(channels: ImageFormat.ChannelOrder? = nil, mean: [Float]? = nil, deviation: [Float]? = nil) {
    self.channels = channels
    self.mean = mean
    self.deviation = deviation
  }

  /// Why a network's input is what it is: what was chosen, and `reason` for the rest of it.
  func reason(else reason: String) -> String {
    let parts = [("channels", channels != nil), ("mean", mean != nil), ("deviation", deviation != nil)]
    let chosen = parts.filter(\.1).map(\.0)
    if chosen.isEmpty { return reason }
    return chosen.joined(separator: " and ") + " as chosen" + (chosen.count == parts.count ? "" : "; else " + reason)
  }
}

extension ImageFormat {
  func choosing(_ choice: PixelFormatChoice) -> ImageFormat {
    func ordered(_ values: [Float]) -> [Float] { channels == .rgb ? values : values.reversed() }
    return PixelFormat(channels: channels, mean: ordered(mean), deviation: ordered(deviation)).choosing(choice)
      .image(Size(height, width))
  }
}

extension PixelFormat {
  func choosing(_ choice: PixelFormatChoice) -> PixelFormat {
    PixelFormat(
      channels: choice.channels ?? channels, mean: choice.mean ?? mean, deviation: choice.deviation ?? deviation)
  }

  /// The format of a picture of this size.
  func image(_ size: Size) -> ImageFormat {
    func ordered(_ values: [Float]) -> [Float] { channels == .rgb ? values : values.reversed() }
    return ImageFormat(
      height: size.height, width: size.width, channels: channels, mean: ordered(mean), deviation: ordered(deviation))
  }
}
