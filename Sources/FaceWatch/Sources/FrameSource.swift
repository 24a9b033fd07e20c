package import FaceqSupport

/// What the user may choose about sources.
package struct SourceOptions: Sendable {
  /// Columns and rows that a camera is asked for.
  package var cameraWidth: Int
  package var cameraHeight: Int

  package init(cameraWidth: Int = 1280, cameraHeight: Int = 720) {
    self.cameraWidth = cameraWidth
    self.cameraHeight = cameraHeight
  }
}

/// A source that is open, of whatever kind. Belongs to one thread at a time.
package final class FrameSource {
  package enum Reading: Sendable {
    case frame(FramePicture)
    /// A frame that cannot be used, and why, as a sentence's end.
    case broken(String)
    /// Nothing came for a fifth of a second, or much that is no frame.
    case nothing
    case end
  }

  private enum Kind {
    case stream(MJPEGStream)
    case camera(Camera<SystemVideoDevice>)
    case pictures(PictureFiles)
  }

  private let kind: Kind
  /// What is to be said about the source, nil where that is nothing new.
  package let description: String?

  /// Milliseconds for which a source waits at most.
  static let waiting: Int32 = 200

  /// - Throws: where the source cannot be opened, or gives nothing that is read here.
  package convenience init(_ address: SourceAddress, _ options: SourceOptions) throws(FaceqError) {
    switch address {
    case .standardInput: self.init(.stream(try MJPEGStream.standardInput()), nil)
    case .file(let path): self.init(.stream(try MJPEGStream.file(path)), nil)
    case .stream(let address): self.init(.stream(try MJPEGStream.http(address)), nil)
    case .pictures(let paths, _): self.init(.pictures(PictureFiles(paths)), nil)
    case .camera(let path):
      let camera = try Camera(
        SystemVideoDevice(path: path), path: path, width: options.cameraWidth, height: options.cameraHeight)
      self.init(.camera(camera), camera.description)
    }
  }

  /// Cannot fail: Embedded Swift does not free an object whose initialiser throws.
  private init(_ kind: Kind, _ description: String?) {
    self.kind = kind
    self.description = description
  }

  /// Waits for the next frame, for a fifth of a second at most.
  ///
  /// - Throws: where the source fails.
  package func next() throws(FaceqError) -> Reading {
    switch kind {
    case .stream(let stream): try stream.next()
    case .camera(let camera): try camera.next()
    case .pictures(let pictures): pictures.next()
    }
  }
}
