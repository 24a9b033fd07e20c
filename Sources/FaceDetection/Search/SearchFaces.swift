package import FaceImages
package import FaceqSupport
package import QuantRuntime

/// The faces in `photo`, best score first, in its pixels.
/// - Parameter outputs: What the detector's network gives for a picture whose sides are multiples of
///   `rule.multiple`, in the order in which the form was recognised.
/// - Throws: What `outputs` throws, and when the outputs are not of this form.
package func searchFaces(
  in photo: RGBImage, form: DetectorForm, rule: DetectorRule, settings: SearchSettings = SearchSettings(),
  outputs: (RGBImage) throws(FaceqError) -> [DetectorOutput]
) throws(FaceqError) -> [DetectedFace] {
  let plan = SearchPlan(
    width: photo.width, height: photo.height, minimumFace: settings.minimumFace, family: form.family,
    alignment: rule.multiple)
  var found: [DetectedFace] = []
  for level in plan.levels {
    for part in level.parts {
      let faces = try form.faces(outputs(level.input(part, of: photo)), threshold: settings.score ?? rule.score)
      found += level.accepted(faces, in: part, width: photo.width, height: photo.height)
    }
  }
  return bestFaces(found, overlap: settings.overlap ?? rule.overlap)
}
