/// Something that makes a model or a set of faces suspect: a figure, and what to do about it.
package struct Finding: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    case fewImages = "few images"
    case notFaces = "not aligned faces"
    case collapse = "collapsed embeddings"
    case lowRank = "few directions"
    case swappedChannels = "swapped channels"
    case deadChannels = "dead channels"
    case saturation = "saturating channels"
  }

  package var kind: Kind
  /// One or two sentences, the figure first.
  package var text: String

  package init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text
  }

  /// `swapped channels: …`, for a terminal and for JSON.
  package var line: String { "\(kind.rawValue): \(text)" }
}

/// Fewer faces than this say nothing about a network: the guards that judge a set of them stay silent.
let fewestFacesToJudge = 16
