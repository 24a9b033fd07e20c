import QuantRuntime

/// What pixels a network sees, and why that is believed.
package struct InputContract: Sendable, Equatable {
  package var channels: ImageFormat.ChannelOrder
  /// Three each, in the order of `channels`: the network sees `(pixel − mean) / deviation`.
  package var mean: [Float]
  package var deviation: [Float]
  /// Why, for a line of text such as "it is w600k_r50".
  package var reason: String
}

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

  var isEmpty: Bool { channels == nil && mean == nil && deviation == nil }
}

extension InputContract {
  /// The contract of a file with this normalisation at its entry.
  ///
  /// What is fed to the file is the user's choice, else what is known of the file, else what fits its own entry, else
  /// RGB and −1…1. What the network behind the entry sees is both together.
  package init(known: KnownModel?, entry: EntryNormalisation, choice: PixelFormatChoice = PixelFormatChoice()) {
    let fed: PixelFormat
    if let known {
      fed = known.input
      reason = "it is \(known.name)"
    } else if entry.scale != [1, 1, 1] || entry.shift != [0, 0, 0] {
      fed = entry.expectsFractions ? .unit : .pixels
      reason = "its first nodes normalise " + (entry.expectsFractions ? "0…1" : "pixels") + "; RGB is assumed"
    } else {
      fed = .insightFace
      reason = "RGB and −1…1 are assumed, as most are"
    }
    if !choice.isEmpty { reason = "as chosen" }

    let order = choice.channels ?? fed.channels
    var mean = choice.mean ?? fed.mean
    var deviation = choice.deviation ?? fed.deviation
    channels = entry.reversesChannels ? (order == .rgb ? .bgr : .rgb) : order
    if channels == .bgr {
      mean.reverse()
      deviation.reverse()
    }
    // scale · (x − mean) / deviation + shift, as one subtraction and one division.
    for channel in 0..<3 {
      let ratio = Double(deviation[channel]) / Double(entry.scale[channel])
      mean[channel] = Float(Double(mean[channel]) - Double(entry.shift[channel]) * ratio)
      deviation[channel] = Float(ratio)
    }
    self.mean = mean
    self.deviation = deviation
  }
}
