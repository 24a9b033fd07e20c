import FaceqSupport
import HTTPService

/// A photo that a request brought.
struct RequestPhoto {
  var field: String
  /// What it is called where it comes from, fit to be shown.
  var name: String
  var bytes: ArraySlice<UInt8>
}

extension HTTPRequest {
  /// The photos of a request, and its other fields: files of a form, or the whole body where its type is an image's.
  ///
  /// - Throws: where the body is of another type, or holds no photo.
  func photos() throws(HTTPFailure) -> (photos: [RequestPhoto], fields: [FormPart]) {
    if let parts = try formParts() {
      let photos = parts.filter { $0.fileName != nil }.map { part in
        RequestPhoto(field: part.name, name: shownName(part.fileName ?? ""), bytes: part.content)
      }
      guard !photos.isEmpty else { throw noPhoto("the form has no file") }
      return (photos, parts.filter { $0.fileName == nil })
    }
    guard let type = contentType else { throw noPhoto("the body has no type") }
    guard type.utf8.starts(with: "image/".utf8) || type.utf8.elementsEqual("application/octet-stream".utf8) else {
      throw HTTPFailure(
        .unsupportedMediaType, "unsupported_type",
        "send a photo as the body, of type image/jpeg or image/png, or as a file of a multipart/form-data form")
    }
    guard !body.isEmpty else { throw noPhoto("the body is empty") }
    return ([RequestPhoto(field: "", name: "the photo", bytes: body[...])], [])
  }

  /// The only photo of a request.
  func photo() throws(HTTPFailure) -> RequestPhoto {
    let photos = try photos().photos
    guard photos.count == 1 else { throw HTTPFailure(.badRequest, "several_photos", "send one photo, not several") }
    return photos[0]
  }
}

private func noPhoto(_ what: String) -> HTTPFailure {
  HTTPFailure(.badRequest, "no_photo", "\(what); send a JPEG or PNG image")
}

/// A file's name without folders, at most 100 characters of it.
private func shownName(_ name: String) -> String {
  let last = name.utf8.split { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }.last ?? name.utf8[...]
  let text = escapedText(last.prefix(100))
  return text.utf8.isEmpty ? "the photo" : text
}
