package import FaceBank
package import FaceDetection
internal import FaceImages
package import FaceqSupport
package import QuantRuntime

/// Follows the faces in the frames of a source, and tells of each visit once.
///
/// Belongs to one thread; the source is read on another.
package final class Watcher {
  private let session: EmbeddingSession
  private let search: FrameSearch
  private let settings: WatchSettings
  private let vote: Vote
  private var people: PersonSearch?
  private var tracker = Tracker()
  private var visits: Visits
  private var recorder = SummaryRecorder(at: monotonicSeconds())
  /// Frames that were searched, or could have been.
  package private(set) var lookedAt = 0
  /// When a broken frame was spoken of last.
  private var lastComplaint = -Double.infinity

  /// Views that are embedded of one frame, at most: a crowd must not hold up the next frame for long.
  private static let embeddingsPerFrame = 2
  /// How similar a view must be to the earlier ones of its track, by how good it is.
  private static let agreement: Float = 0.4

  /// - Parameters:
  ///   - people: who is recognised; nil for nobody.
  /// - Throws: where the model wants no square faces.
  package static func make(
    _ session: EmbeddingSession, _ detector: FaceDetector, people: PersonSearch?, settings: WatchSettings
  ) throws(FaceqError) -> Watcher {
    let image = session.model.image
    guard image.width == image.height else {
      throw FaceqError(
        "\(session.model.path) wants faces of \(image.width)×\(image.height), and faces are aligned only to squares; take "
          + "another model")
    }
    return Watcher(session, detector, people, settings)
  }

  private init(
    _ session: EmbeddingSession, _ detector: FaceDetector, _ people: PersonSearch?, _ settings: WatchSettings
  ) {
    self.session = session
    self.people = people
    self.settings = settings
    search = FrameSearch(detector: detector, settings: settings.search)
    vote = Vote(threshold: settings.threshold, leastViews: settings.leastViews)
    visits = Visits(cooldown: settings.cooldown, likeness: settings.threshold)
  }

  /// Watches until the source ends, or the observer wants no more. The reader has to be started, and is not stopped.
  ///
  /// - Throws: what ended the source, and what the observer throws.
  package func run<Observer: WatchObserver>(
    _ mailbox: FrameMailbox, _ observer: inout Observer
  ) throws(FaceqError) {
    var failure: FaceqError?
    var lastFrame: Frame?
    recorder = SummaryRecorder(at: monotonicSeconds())
    var isOver = false
    while !isOver, !observer.isEnded {
      switch mailbox.take(within: 0.2) {
      case .nothing: break
      case .end(let error):
        failure = error
        isOver = true
      case .frame(let frame):
        guard isWanted(frame, after: lastFrame, mailbox) else { continue }
        if let changed = observer.changedPeople() { people = changed }
        try look(at: frame, mailbox, &observer)
        lastFrame = frame
      }
      for note in mailbox.takeNotes() { observer.note(note) }
      let now = monotonicSeconds()
      if now - recorder.begin >= 60 { observer.sum(recorder.take(mailbox.frameCounts, at: now)) }
    }
    if let lastFrame {
      for track in tracker.endAll() { try end(track, lastFrame, &observer) }
    }
    observer.sum(recorder.take(mailbox.frameCounts, at: monotonicSeconds()))
    if let failure { throw failure }
  }

  /// Whether a frame is looked at: not where they come faster than is wanted.
  private func isWanted(_ frame: Frame, after last: Frame?, _ mailbox: FrameMailbox) -> Bool {
    guard settings.rule == .newest, let wanted = settings.framesPerSecond, let last else { return true }
    // A tenth less, so that of a source that is just as fast no frame is left out.
    guard frame.arrival - last.arrival < 0.9 / wanted else { return true }
    mailbox.countDropped()
    return false
  }

  /// The time by which tracks go: of a recording, that of its frames.
  private func seconds(_ frame: Frame) -> Double {
    settings.rule == .every ? Double(frame.number) / (settings.framesPerSecond ?? 25) : frame.arrival
  }

  private func look<Observer: WatchObserver>(
    at frame: Frame, _ mailbox: FrameMailbox, _ observer: inout Observer
  ) throws(FaceqError) {
    let time = seconds(frame)
    let photo: Photo
    let pixels: PhotoPart?
    let faces: [DetectedFace]
    do throws(FaceqError) {
      photo = try frame.picture.photo(name: frameName(frame.number))
      (faces, pixels) = try find(in: photo, at: time)
    } catch {
      mailbox.countBroken()
      complain(error.message, &observer)
      return
    }
    lookedAt += 1
    recorder.summary.lookedAt += 1
    for track in tracker.update(faces, at: time) { try end(track, frame, &observer) }
    if let pixels {
      do throws(FaceqError) {
        try takeViews(of: photo, pixels, at: time)
      } catch {
        complain(error.message, &observer)
      }
    }
    for number in dueTracks(at: time) { try embedView(of: number, frame, at: time, &observer) }
    for track in tracker.tracks {
      if let decision = track.evidence.decision, track.lastSeen == time { visits.see(decision.visit, at: time) }
    }
    observer.show(
      WatchedFrame(
        number: frame.number, time: frame.time, width: photo.width, height: photo.height, faces: watchedFaces(at: time),
        picture: frame.picture))
  }

  /// The faces of a frame, and the pixels that they were found in; nil where none are expected, and none were looked for.
  private func find(in photo: Photo, at time: Double) throws(FaceqError) -> ([DetectedFace], PhotoPart?) {
    let expected = tracker.tracks.map { $0.box(at: time) }
    guard lookedAt % settings.detectEvery != 0, search.isCheaper(around: expected.count, of: photo) else {
      recorder.summary.searched += 1
      let (faces, pixels) = try search.whole(photo)
      return (faces, pixels)
    }
    guard !expected.isEmpty else { return ([], nil) }
    let (faces, pixels) = try search.around(expected, of: photo)
    return (faces, pixels)
  }

  /// Keeps good views of the faces that were found just now.
  private func takeViews(of photo: Photo, _ pixels: PhotoPart, at time: Double) throws(FaceqError) {
    let wanted = tracker.tracks.indices.filter { index in
      let track = tracker.tracks[index]
      return track.lastSeen == time && track.evidence.isOpen(at: time, isDoubtful: track.isDoubtful)
        && track.face.fault(width: photo.width, height: photo.height) == nil
    }
    guard !wanted.isEmpty else { return }
    let surroundings = try photo.surroundings(of: wanted.map { tracker.tracks[$0].face.landmarks }, searched: pixels)
    for index in wanted {
      let face = tracker.tracks[index].face
      guard let quality = surroundings.quality(of: face)?.verdict, quality >= settings.quality,
        tracker.tracks[index].evidence.wants(quality: quality)
      else { continue }
      let aligned = try alignFace(
        surroundings.image, landmarks: face.landmarks.map { surroundings.shown($0) }, size: session.model.image.width)
      tracker.tracks[index].evidence.offer(
        View(aligned: aligned, portrait: portrait(of: face, in: surroundings), quality: quality))
    }
  }

  /// The numbers of the tracks of which a view is embedded now: first those that are not decided.
  private func dueTracks(at time: Double) -> [Int] {
    let due = tracker.tracks.filter { $0.evidence.isDue(at: time, isDoubtful: $0.isDoubtful) }
    let ordered = due.filter { $0.evidence.decision == nil } + due.filter { $0.evidence.decision != nil }
    return ordered.prefix(Self.embeddingsPerFrame).map { $0.number }
  }

  private func embedView<Observer: WatchObserver>(
    of number: Int, _ frame: Frame, at time: Double, _ observer: inout Observer
  ) throws(FaceqError) {
    guard var index = tracker.tracks.firstIndex(where: { $0.number == number }),
      let view = tracker.tracks[index].evidence.takeCandidate(at: time)
    else { return }
    let embedding = try session.embed(view.aligned.pixels)
    recorder.summary.embeddings += 1
    if let agreement = tracker.tracks[index].evidence.agreement(with: embedding),
      agreement < Self.agreement * view.quality
    {
      try end(tracker.replace(index, at: time), frame, &observer)
      index = tracker.tracks.count - 1
    }
    tracker.tracks[index].isDoubtful = false
    tracker.tracks[index].evidence.add(Ballot(embedding: embedding, quality: view.quality), of: view)
    try decide(&tracker.tracks[index], frame, isOver: false, &observer)
  }

  private func end<Observer: WatchObserver>(
    _ track: Track, _ frame: Frame, _ observer: inout Observer
  ) throws(FaceqError) {
    var track = track
    try decide(&track, frame, isOver: true, &observer)
  }

  /// Counts the votes, and tells of the visit where it is a new one.
  private func decide<Observer: WatchObserver>(
    _ track: inout Track, _ frame: Frame, isOver: Bool, _ observer: inout Observer
  ) throws(FaceqError) {
    guard let standing = vote.count(track.evidence.ballots, people), let best = track.evidence.best else { return }
    track.evidence.standing = standing
    guard track.evidence.decision == nil,
      vote.isDecided(standing, views: track.evidence.ballots.count, isOver: isOver)
    else { return }
    let visit = visits.visit(standing.name, standing.embedding, since: track.begin, at: seconds(frame))
    track.evidence.decision = Decision(name: standing.name, visit: visit.number)
    guard visit.isNew else { return }
    let event = WatchEvent(
      time: frame.time, frame: frame.number, track: track.number, name: standing.name,
      nearest: standing.best?.person, cosine: standing.best?.cosine, margin: standing.margin, quality: best.quality,
      box: track.face.box, frames: track.frames, latencyMilliseconds: (monotonicSeconds() - frame.arrival) * 1000,
      embedding: standing.embedding, aligned: best.aligned, portrait: best.portrait)
    recorder.add(event)
    try observer.tell(event)
  }

  private func watchedFaces(at time: Double) -> [WatchedFace] {
    tracker.tracks.filter { $0.lastSeen == time }.map { track in
      let evidence = track.evidence
      return WatchedFace(
        track: track.number, box: track.face.box, isDecided: evidence.decision != nil,
        name: evidence.decision?.name, cosine: evidence.standing?.best?.cosine)
    }
  }

  /// Tells of a frame that cannot be used, where that was not done in the last minute.
  private func complain<Observer: WatchObserver>(_ text: String, _ observer: inout Observer) {
    let now = monotonicSeconds()
    guard now - lastComplaint > 60 else { return }
    lastComplaint = now
    observer.note("a frame is left out: \(text)")
  }
}
