import FaceBank
import FaceqSupport
import HTTPService

// What CompreFace's clients do with subjects, who are people, and with examples, which are their faces.
extension FaceService {
  func compreFaceSubjects(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let contents = try withBank { (bank) throws(FaceqError) in try bank.contents() }
    return .json { json in json.member("subjects", contents.people.map { $0.name.description }) }
  }

  func compreFaceAddSubject(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let name = try personName(try call.request.json().member("subject")?.text)
    guard try changeBank({ (bank) throws(FaceqError) in try bank.create(name) }) else {
      throw HTTPFailure(.badRequest, "name_taken", "subject already exists")
    }
    return .json(.created) { json in json.member("subject", name.description) }
  }

  /// A subject whose new name somebody has is merged with that one.
  func compreFaceRename(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let old = try personName(call.parameters[0])
    let new = try personName(try call.request.json().member("subject")?.text)
    let renaming = try changeBank { (bank) throws(FaceqError) in try bank.rename(old, to: new, merging: true) }
    guard renaming == .done else { throw nobody(old) }
    return .json { json in json.member("updated", "true") }
  }

  func compreFaceRemoveSubject(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let name = try personName(call.parameters[0])
    guard try changeBank({ (bank) throws(FaceqError) in try bank.remove(name) }) != nil else { throw nobody(name) }
    return .json { json in json.member("subject", name.description) }
  }

  func compreFaceRemoveSubjects(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let removed = try changeBank { (bank) throws(FaceqError) in try bank.removeAll() }
    return .json { json in json.member("deleted", removed.people) }
  }

  func compreFaceExamples(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let contents = try withBank { (bank) throws(FaceqError) in try bank.contents() }
    var faces = contents.bank.faces
    if let text = call.request.target["subject"] { faces = contents.faces(of: try personName(text)) ?? [] }
    let size = Int(min(max(try call.number("size") ?? 20, 1), 10_000))
    let pages = (faces.count + size - 1) / size
    let page = Int(min(max(try call.number("page") ?? 0, 0), Double(pages)))
    return .json { json in
      json.objects("faces", faces.dropFirst(page * size).prefix(size)) { json, face in
        json.member("image_id", "\(face.id)")
        json.member("subject", face.person.description)
      }
      json.member("page_number", page)
      json.member("page_size", size)
      json.member("total_pages", pages)
      json.member("total_elements", faces.count)
    }
  }

  func compreFaceAddExample(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let name = try personName(call.request.target["subject"])
    let enrolment = try enrol([try call.request.photo()], as: name, pipeline)
    return .json(.created) { json in
      json.member("image_id", enrolment.faces.first.map { "\($0.id)" })
      json.member("subject", name.description)
    }
  }

  /// The subject stays, without examples.
  func compreFaceRemoveExamples(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let contents = try withBank { (bank) throws(FaceqError) in try bank.contents() }
    var faces = contents.bank.faces
    if let text = call.request.target["subject"] {
      let name = try personName(text)
      guard let own = contents.faces(of: name) else { throw nobody(name) }
      faces = own
    }
    for face in faces { _ = try changeBank { (bank) throws(FaceqError) in try bank.remove(face: face.id) } }
    return .json { json in json.member("deleted", faces.count) }
  }

  func compreFaceRemoveExample(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let face = try compreFaceExample(call)
    _ = try changeBank { (bank) throws(FaceqError) in try bank.remove(face: face.id) }
    return .json { json in
      json.member("image_id", "\(face.id)")
      json.member("subject", face.person.description)
    }
  }

  func compreFacePicture(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let face = try compreFaceExample(call)
    let picture = try withBank { (bank) throws(FaceqError) in try bank.picture(of: face.id) }
    return HTTPResponse(type: "image/jpeg", body: picture ?? [])
  }

  /// The face whose number is the first part of the path that is left open.
  func compreFaceExample(_ call: ServiceCall) throws(HTTPFailure) -> EnrolledFace {
    let contents = try withBank { (bank) throws(FaceqError) in try bank.contents() }
    guard let id = Int(call.parameters[0]), let face = contents.face(id) else {
      throw HTTPFailure(.notFound, "no_such_face", "no example has this image_id")
    }
    return face
  }
}
