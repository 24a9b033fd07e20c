package import FaceImages
package import QuantRuntime

/// How thoroughly faces are looked for; nil takes what suits the detector.
package struct SearchSettings: Sendable, Equatable {
  /// In pixels of the picture, positive: narrower faces need not be found.
  package var minimumFace: Int?
  /// The score from which on a face is one, 0…1.
  package var score: Float?
  /// How much a face may overlap a better one, 0…1.
  package var overlap: Float?

  package init(minimumFace: Int? = nil, score: Float? = nil, overlap: Float? = nil) {
    self.minimumFace = minimumFace
    self.score = score
    self.overlap = overlap
  }
}

/// The faces in `photo`, best score first, in its pixels.
/// - Parameter outputs: What the detector's network gives for a picture whose sides are multiples of
///   `form.alignment`, in the order in which the form was recognised.
/// - Throws: What `outputs` throws, and when the outputs are not of this form.
package func searchFaces(
  in photo: RGBImage, form: DetectorForm, settings: SearchSettings = SearchSettings(),
  outputs: (RGBImage) throws(FaceqError) -> [DetectorOutput]
) throws(FaceqError) -> [Face] {
  let family = form.family
  let plan = SearchPlan(
    width: photo.width, height: photo.height, minimumFace: settings.minimumFace, family: family,
    alignment: form.alignment)
  var found: [Face] = []
  for level in plan.levels {
    for part in level.parts {
      let faces = try form.faces(outputs(level.input(part, of: photo)), threshold: settings.score ?? family.score)
      found += level.accepted(faces, in: part, width: photo.width, height: photo.height)
    }
  }
  return bestFaces(found, overlap: settings.overlap ?? family.overlap)
}
