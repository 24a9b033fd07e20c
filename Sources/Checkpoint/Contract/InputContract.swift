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

extension InputContract {
  /// The contract of a file with this normalisation at its entry.
  ///
  /// What is fed to the file is the user's choice, else what is known of the file, else what fits its own entry, else
  /// RGB and −1…1. What the network behind the entry sees is both together.
  package init(known: KnownModel?, entry: EntryNormalisation, choice: PixelFormatChoice = PixelFormatChoice()) {
    let fed: PixelFormat
    let reason: String
    if let known {
      (fed, reason) = (known.input, "it is \(known.name)")
    } else if entry.scale != [1, 1, 1] || entry.shift != [0, 0, 0] {
      fed = entry.expectsFractions ? .unit : .pixels
      reason = "its first nodes normalise " + (entry.expectsFractions ? "0…1" : "pixels") + "; RGB is assumed"
    } else {
      fed = .insightFace
      reason = "RGB and (x − 127.5) / 127.5 are assumed, which most networks want: the file does not say"
    }
    self.reason = choice.reason(else: reason)

    let format = fed.choosing(choice)
    channels = entry.reversesChannels ? (format.channels == .rgb ? .bgr : .rgb) : format.channels
    mean = channels == .rgb ? format.mean : format.mean.reversed()
    deviation = channels == .rgb ? format.deviation : format.deviation.reversed()
    // scale · (x − mean) / deviation + shift, as one subtraction and one division.
    for channel in 0..<3 {
      let ratio = Double(deviation[channel]) / Double(entry.scale[channel])
      mean[channel] = Float(Double(mean[channel]) - Double(entry.shift[channel]) * ratio)
      deviation[channel] = Float(ratio)
    }
  }
}
