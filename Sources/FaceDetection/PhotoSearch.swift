package import FaceImages
package import FaceqSupport

extension FaceDetector {
  /// The photo at the size at which it is searched.
  package func searched(_ photo: Photo, settings: SearchSettings) throws(FaceqError) -> PhotoPart {
    try photo.whole(atLeast: searchedSize(width: photo.width, height: photo.height, settings: settings))
  }

  /// The faces in a photo, in its pixels, largest first.
  ///
  /// - Parameters:
  ///   - searched: the photo at the size at which it is searched.
  ///   - isUpright: the photo is known not to be upside down.
  ///   - searchesAgain: looks for a face in the turned photo, too, where there is none in the upright one.
  package func faces(
    in searched: PhotoPart, settings: SearchSettings, isUpright: Bool = false, searchesAgain: Bool
  ) throws(FaceqError) -> [DetectedFace] {
    let settings = settings.reduced(by: searched.reduction)
    let found =
      isUpright
      ? try faces(in: searched.image, settings: settings)
      : try facesEitherWayUp(in: searched.image, settings: settings, searchesAgain: searchesAgain)
    return found.map { searched.original($0) }.largestFirst()
  }
}
