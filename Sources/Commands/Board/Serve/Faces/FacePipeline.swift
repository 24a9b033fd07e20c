import FaceBank
import FaceImages
import FaceqSupport
import HTTPService
import QuantRuntime

/// From the bytes of photos to faces and embeddings: what one worker of a service has for itself.
final class FacePipeline {
  enum Embedding {
    case none, largest, all
  }

  private let session: EmbeddingSession
  private let finder: FaceFinder
  private let input: ImageFormat
  private let quality: Float?
  private let limits: ImageLimits

  /// - Throws: where the model cannot run, or there is no detector.
  init(_ model: Model, _ options: FaceOptions, maximumPixels: Int) throws(FaceqError) {
    try options.detection.check()
    session = try options.run.session(model)
    finder = FaceFinder(options.detection, options.run)
    _ = try finder.openDetector()
    input = model.image
    quality = options.quality
    limits = ImageLimits(maximumPixels: maximumPixels)
  }

  var detector: DetectorIdentity? { finder.identity }

  /// - Throws: where the bytes are no photo, or one with too many pixels.
  func photo(_ bytes: ArraySlice<UInt8>, name: String) throws(HTTPFailure) -> Photo {
    guard bytes.starts(with: [0xff, 0xd8, 0xff]) || bytes.starts(with: [0x89, 0x50, 0x4e, 0x47]) else {
      throw HTTPFailure(.unsupportedMediaType, "no_photo", "\(name) is neither a JPEG nor a PNG image")
    }
    let photo = try reading { () throws(FaceqError) in
      try bytes.withUnsafeBufferPointer { (bytes) throws(FaceqError) in
        try Photo(copying: UnsafeRawBufferPointer(bytes), name: FilePath(name), limits: limits)
      }
    }
    guard photo.width * photo.height <= limits.maximumPixels else {
      throw HTTPFailure(
        .contentTooLarge, "too_many_pixels",
        "\(name) has \(photo.width) × \(photo.height) pixels, more than the \(limits.maximumPixels) that are allowed")
    }
    return photo
  }

  /// The faces in a photo, largest first. A picture of exactly the model's size is an aligned face.
  func faces(in photo: Photo, embedding: Embedding) throws(HTTPFailure) -> [PhotoFace] {
    try reading { () throws(FaceqError) in
      if photo.width == input.width, photo.height == input.height {
        return [try alignedFace(photo, isEmbedded: embedding != .none)]
      }
      let searched = try finder.searched(photo) { _ in }
      let found = try finder.faces(in: searched, of: photo, searchesAgain: embedding != .none) { _ in }
      guard !found.isEmpty else { return [] }
      let surroundings = try photo.surroundings(of: found.map { $0.landmarks }, searched: searched)
      var faces: [PhotoFace] = []
      for (index, face) in found.enumerated() {
        let figures = surroundings.quality(of: face)
        let objection = finder.objection(to: face, of: photo, figures: figures, quality: quality)
        var result = PhotoFace(face: face, quality: figures?.verdict ?? 0, objection: objection)
        if objection == nil, embedding == .all || (embedding == .largest && index == 0) {
          let aligned = try surroundings.aligned(face.landmarks, size: input.width).pixels
          result.embedding = try session.embed(aligned)
          result.aligned = aligned
        }
        faces.append(result)
      }
      return faces
    }
  }

  /// The largest face of a photo, embedded.
  ///
  /// - Throws: where there is none, or it cannot be used.
  func largestFace(in photo: Photo) throws(HTTPFailure) -> PhotoFace {
    guard let face = try faces(in: photo, embedding: .largest).first else {
      throw HTTPFailure(.unprocessable, "no_face", "\(photo.path) shows no face that could be found")
    }
    if let objection = face.objection {
      throw HTTPFailure(
        .unprocessable, "unusable_face", "the largest face in \(photo.path) cannot be used: \(objection.explanation)")
    }
    return face
  }

  private func alignedFace(_ photo: Photo, isEmbedded: Bool) throws(FaceqError) -> PhotoFace {
    let image = try photo.whole().image
    let scale = Float(image.width) / 112
    let box = FaceBox(left: 0, top: 0, right: Float(image.width - 1), bottom: Float(image.height - 1))
    let landmarks = FaceTemplate.arcFace112.map { Point(x: $0.x * scale, y: $0.y * scale) }
    var face = PhotoFace(
      face: DetectedFace(box: box, score: 1, landmarks: landmarks),
      quality: FaceQuality(of: image, landmarks: landmarks)?.verdict ?? 0)
    if isEmbedded {
      face.embedding = try session.embed(image.pixels)
      face.aligned = image.pixels
    }
    return face
  }

  /// What a bank keeps of an aligned face.
  ///
  /// - Parameter aligned: its pixels, of the model's size.
  func picture(of aligned: [UInt8]) throws(HTTPFailure) -> EnrolledPicture? {
    try reading { () throws(FaceqError) in try enrolledPicture(aligned, input) }
  }

  /// What `body` returns; what it throws is about the photo.
  private func reading<Result>(_ body: () throws(FaceqError) -> Result) throws(HTTPFailure) -> Result {
    do throws(FaceqError) { return try body() } catch {
      if error.cause == .memory { throw HTTPFailure.busy("there is no memory for this photo now; try again later") }
      throw HTTPFailure(.unprocessable, "unusable_photo", error.message)
    }
  }
}
