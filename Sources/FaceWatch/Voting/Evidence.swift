internal import QuantRuntime

/// What is known of who the face of a track is: views that were embedded, and the one that may be next.
///
/// Time is cut into windows. The best view of each is embedded, so that a track costs a few embeddings however many
/// frames it has, and they show the face in different moments.
package struct Evidence: Sendable {
  /// Of the views that were embedded, the best, not more than `Evidence.limit`.
  package private(set) var ballots: [Ballot] = []
  /// The best view of the window so far.
  package private(set) var candidate: View?
  /// The best view of all that were embedded.
  package private(set) var best: View?
  /// When the window began.
  private var windowBegin: Double
  /// Who it is, once that is decided.
  package var decision: Decision?
  /// The last answer of the vote.
  package var standing: Standing?

  /// Ballots that are kept.
  package static let limit = 5
  /// Seconds of a window while that is not decided.
  package static let window = 0.2
  /// Seconds of a window behind that: whether it is still the same face.
  package static let laterWindow = 2.0

  package init(since time: Double) { windowBegin = time }

  /// Whether views are wanted: at any time while it is not decided, and behind that in the last part of a window.
  package func isOpen(at time: Double, isDoubtful: Bool) -> Bool {
    time - windowBegin >= length(isDoubtful) - Self.window
  }

  /// Whether a view of this quality is better than the window's best so far.
  package func wants(quality: Float) -> Bool { quality > candidate?.quality ?? -1 }

  package mutating func offer(_ view: View) { if wants(quality: view.quality) { candidate = view } }

  /// Whether the candidate is to be embedded now.
  ///
  /// - Parameter isDoubtful: The track may have become another face's.
  package func isDue(at time: Double, isDoubtful: Bool) -> Bool {
    guard candidate != nil else { return false }
    return time - windowBegin >= length(isDoubtful)
  }

  private func length(_ isDoubtful: Bool) -> Double {
    decision == nil || isDoubtful ? Self.window : Self.laterWindow
  }

  /// Takes the candidate out, and begins another window.
  package mutating func takeCandidate(at time: Double) -> View? {
    defer {
      candidate = nil
      windowBegin = time
    }
    return candidate
  }

  /// Adds the ballot of a view. Where there are more than are kept, the poorest goes.
  package mutating func add(_ ballot: Ballot, of view: View) {
    ballots.append(ballot)
    if ballots.count > Self.limit,
      let poorest = ballots.indices.min(by: { ballots[$0].quality < ballots[$1].quality })
    {
      ballots.remove(at: poorest)
    }
    if view.quality >= best?.quality ?? -1 { best = view }
  }

  /// The cosine of an embedding with the mean of those so far; nil where there are none.
  package func agreement(with embedding: [Float]) -> Float? {
    meanEmbedding(ballots).map { cosine($0, embedding) }
  }
}

/// The mean of embeddings, each as heavy as its view is good, brought back to unit length; nil where there are none, or
/// where they cancel out.
package func meanEmbedding(_ ballots: [Ballot]) -> [Float]? {
  guard let first = ballots.first else { return nil }
  var sum = [Float](repeating: 0, count: first.embedding.count)
  for ballot in ballots {
    for index in sum.indices { sum[index] += ballot.embedding[index] * ballot.quality }
  }
  var squares = 0.0
  for value in sum { squares += Double(value) * Double(value) }
  guard squares > 0 else { return nil }
  let scale = Float(1 / squares.squareRoot())
  for index in sum.indices { sum[index] *= scale }
  return sum
}
