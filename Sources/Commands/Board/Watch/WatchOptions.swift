import FaceBank
import FaceDetection
import FaceWatch
import FaceqSupport

/// How a watch goes, besides what every command lets the user choose.
package struct WatchOptions: Sendable {
  /// As the user wrote it: `-`, a path or an address.
  package var source: FilePath
  /// The smallest cosine that identifies a person; nil takes 0.4.
  package var threshold: Float?
  /// How many views of a face decide who it is; nil takes 3.
  package var leastViews: Int?
  /// Seconds; nil takes 30.
  package var cooldown: Float?
  package var framesPerSecond: Float?
  /// Nil takes 3.
  package var detectEvery: Int?
  /// Columns and rows that a camera is asked for, as `1280x720`.
  package var size: String?
  package var everyFrame: Bool
  package var reconnects: Bool

  package init(
    source: FilePath, threshold: Float? = nil, leastViews: Int? = nil, cooldown: Float? = nil,
    framesPerSecond: Float? = nil, detectEvery: Int? = nil, size: String? = nil, everyFrame: Bool = false,
    reconnects: Bool = false
  ) {
    self.source = source
    self.threshold = threshold
    self.leastViews = leastViews
    self.cooldown = cooldown
    self.framesPerSecond = framesPerSecond
    self.detectEvery = detectEvery
    self.size = size
    self.everyFrame = everyFrame
    self.reconnects = reconnects
  }

  /// The settings that these choices mean.
  ///
  /// - Throws: where one of them is impossible.
  func settings(_ face: FaceOptions, _ address: SourceAddress) throws(FaceqError) -> WatchSettings {
    var settings = WatchSettings()
    settings.search = face.detection.settings
    settings.threshold = threshold ?? PersonSearch.identifyingCosine
    settings.leastViews = leastViews ?? settings.leastViews
    settings.cooldown = cooldown.map { Double($0) } ?? settings.cooldown
    settings.detectEvery = detectEvery ?? settings.detectEvery
    settings.framesPerSecond = framesPerSecond.map { Double($0) }
    settings.quality = face.quality ?? settings.quality
    settings.rule = everyFrame || address.isRecording ? .every : .newest
    guard (-1...1).contains(settings.threshold) else {
      throw FaceqError("no cosine can be as --threshold says; choose a number from -1 to 1, 0.4 for instance")
    }
    guard (1...Evidence.limit).contains(settings.leastViews) else {
      throw FaceqError("cannot decide by so many views; choose 1 to \(Evidence.limit) with --min-views")
    }
    guard (0...86_400).contains(settings.cooldown) else {
      throw FaceqError("--cooldown wants seconds, from 0 to 86400")
    }
    guard settings.framesPerSecond.map({ (0.1...1000).contains($0) }) ?? true else {
      throw FaceqError("--fps wants frames per second, from 0.1 to 1000")
    }
    guard (1...1000).contains(settings.detectEvery) else {
      throw FaceqError("--detect-every wants a number of frames, from 1 to 1000")
    }
    guard (0...1).contains(settings.quality) else {
      throw FaceqError("no face can be asked for this quality; choose a number from 0 to 1")
    }
    return settings
  }

  func sourceOptions() throws(FaceqError) -> SourceOptions {
    guard let size else { return SourceOptions() }
    let sides = size.utf8.split(separator: UInt8(ascii: "x"), omittingEmptySubsequences: false).map {
      Int(String(decoding: $0, as: UTF8.self))
    }
    guard sides.count == 2, let width = sides[0], let height = sides[1], (16...16384).contains(width),
      (16...16384).contains(height)
    else { throw FaceqError("--size wants columns and rows, such as 1280x720, and not \(size)") }
    return SourceOptions(cameraWidth: width, cameraHeight: height)
  }
}
