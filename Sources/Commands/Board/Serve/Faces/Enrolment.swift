import FaceBank
import FaceImages
import FaceqSupport
import HTTPService
import QuantRuntime

/// What came of photos of a person.
struct Enrolment {
  struct Face {
    var id: Int
    var photo: String
  }

  struct Skipped {
    var photo: String
    var reason: HTTPFailure
  }

  var faces: [Face] = []
  var skipped: [Skipped] = []
  /// What makes doubt that the photos are of this person.
  var warnings: [String] = []
}

extension FaceService {
  /// Adds the largest face of each photo to a person, who is made where there is none.
  ///
  /// - Throws: where no photo could be used; nothing is changed then.
  func enrol(
    _ photos: [RequestPhoto], as name: PersonName, _ pipeline: FacePipeline
  ) throws(HTTPFailure) -> Enrolment {
    var enrolment = Enrolment()
    var faces: [EnrolledFace] = []
    for photo in photos {
      do throws(HTTPFailure) {
        let found = try pipeline.largestFace(in: try pipeline.photo(photo.bytes, name: photo.name))
        guard let embedding = found.embedding, let aligned = found.aligned else { continue }
        var face = EnrolledFace(person: name, photo: photo.name, embedding: embedding)
        if keepsPictures { face.picture = try pipeline.picture(of: aligned) }
        faces.append(face)
      } catch {
        // A photo that would be used at another time is not left out.
        if error.status == .unavailable { throw error }
        enrolment.skipped.append(Enrolment.Skipped(photo: photo.name, reason: error))
      }
    }
    guard !faces.isEmpty else {
      throw enrolment.skipped.first?.reason ?? HTTPFailure(.unprocessable, "no_face", "no photo shows a face")
    }
    let addition = try changeBank { (bank) throws(FaceqError) in try bank.add(faces) }
    for (id, face) in zip(addition.ids, faces) { enrolment.faces.append(Enrolment.Face(id: id, photo: face.photo)) }
    do throws(HTTPFailure) {
      let contents = try withBank { (bank) throws(FaceqError) in try bank.contents() }
      enrolment.warnings = EnrollmentDoubts(faces, in: contents.bank, kernels: kernels).lines(limit: 20)
    } catch {
      // The faces are in the bank: an error would say that they are not.
      enrolment.warnings = ["whether somebody else looks much like this was not examined: \(error.message)"]
    }
    return enrolment
  }
}
