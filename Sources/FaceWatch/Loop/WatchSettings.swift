package import FaceDetection

/// How a watch looks and decides.
package struct WatchSettings: Sendable {
  /// The smallest cosine that identifies a person, −1…1.
  package var threshold: Float = 0.4
  /// How many views of a face decide who it is, 1…`Evidence.limit`.
  package var leastViews = 3
  /// Seconds for which somebody has to be away before a visit is another one.
  package var cooldown = 30.0
  /// The quality that a view must have to be embedded, 0…1.
  package var quality: Float = 0.3
  /// How many frames a second are looked at, at most; nil looks at as many as it can. Of a recording: how many frames a
  /// second it has; nil is 25.
  package var framesPerSecond: Double?
  /// Of so many frames one is searched as a whole; in the others faces are looked for only around those that are
  /// followed.
  package var detectEvery = 3
  package var search = SearchSettings()
  /// What becomes of frames that come too fast.
  package var rule = FrameMailbox.Rule.newest

  package init() {}
}
