import FaceBank
import FaceqSupport
import HTTPService

// Who is in the bank.
extension FaceService {
  func listPeople(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let contents = try withBank { (bank) throws(FaceqError) in try bank.contents() }
    var faces: [PersonName: [EnrolledFace]] = [:]
    for face in contents.bank.faces { faces[face.person, default: []].append(face) }
    return .json { json in
      json.objects("people", contents.people) { json, person in
        json.member("name", person.name.description)
        json.objects("faces", faces[person.name, default: []]) { json, face in
          json.member("id", face.id)
          json.member("photo", face.photo)
          json.member("time", face.time.map { timestampText(Double($0)) })
          json.member("picture", face.picture != nil)
        }
      }
    }
  }

  /// A new person: a form with `name` and photos, or JSON with `name` alone.
  func addPerson(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    if call.request.contentType?.utf8.elementsEqual("application/json".utf8) ?? false {
      let name = try personName(try call.request.json().member("name")?.text)
      guard try changeBank({ (bank) throws(FaceqError) in try bank.create(name) }) else { throw taken(name) }
      return enrolled(name, Enrolment())
    }
    let (photos, fields) = try call.request.photos()
    let name = try personName(fields.first { $0.name.utf8.elementsEqual("name".utf8) }?.text)
    guard try person(name) == nil else { throw taken(name) }
    return enrolled(name, try enrol(photos, as: name, pipeline))
  }

  func addFaces(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let name = try knownPerson(call)
    return enrolled(name, try enrol(try call.request.photos().photos, as: name, pipeline))
  }

  func renamePerson(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let old = try personName(call.parameters[0])
    let new = try personName(try call.request.json().member("name")?.text)
    switch try changeBank({ (bank) throws(FaceqError) in try bank.rename(old, to: new, merging: false) }) {
    case .done: return .json { json in json.member("name", new.description) }
    case .unknown: throw nobody(old)
    case .taken: throw taken(new)
    }
  }

  func removePerson(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let name = try personName(call.parameters[0])
    guard let removed = try changeBank({ (bank) throws(FaceqError) in try bank.remove(name) }) else {
      throw nobody(name)
    }
    return .json { json in
      json.member("name", name.description)
      json.member("removed_faces", removed)
    }
  }

  func removeFace(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let face = try knownFace(call)
    guard try changeBank({ (bank) throws(FaceqError) in try bank.remove(face: face.id) }) != nil else {
      throw noFace(call)
    }
    return .json { json in
      json.member("name", face.person.description)
      json.member("id", face.id)
    }
  }

  func picture(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let face = try knownFace(call)
    guard let picture = try withBank({ (bank) throws(FaceqError) in try bank.picture(of: face.id) }) else {
      throw HTTPFailure(.notFound, "no_picture", "the bank keeps no picture of this face")
    }
    // A number stands for one face for ever.
    var response = HTTPResponse(type: "image/jpeg", body: picture)
    response.headers.add("Cache-Control", "private, max-age=86400, immutable")
    return response
  }

  /// - Throws: where there is no such name, or it is none.
  func personName(_ text: String?) throws(HTTPFailure) -> PersonName {
    guard let text else { throw HTTPFailure(.badRequest, "no_name", "the request names no person") }
    do throws(FaceqError) { return try PersonName(bytes: Array(text.utf8)) } catch {
      throw HTTPFailure(.unprocessable, "bad_name", error.message)
    }
  }

  /// A person's faces; nil where there is no such person.
  func person(_ name: PersonName) throws(HTTPFailure) -> [EnrolledFace]? {
    try withBank { (bank) throws(FaceqError) in try bank.contents() }.faces(of: name)
  }

  func nobody(_ name: PersonName) -> HTTPFailure {
    HTTPFailure(.notFound, "no_such_person", "nobody is called \(name)")
  }

  private func knownPerson(_ call: ServiceCall) throws(HTTPFailure) -> PersonName {
    let name = try personName(call.parameters[0])
    guard try person(name) != nil else { throw nobody(name) }
    return name
  }

  private func knownFace(_ call: ServiceCall) throws(HTTPFailure) -> EnrolledFace {
    let name = try knownPerson(call)
    guard let id = Int(call.parameters[1]), let face = try person(name)?.first(where: { $0.id == id }) else {
      throw noFace(call)
    }
    return face
  }

  private func noFace(_ call: ServiceCall) -> HTTPFailure {
    HTTPFailure(.notFound, "no_such_face", "the person has no face of this number")
  }

  private func taken(_ name: PersonName) -> HTTPFailure {
    HTTPFailure(.conflict, "name_taken", "somebody is called \(name) already")
  }

  private func enrolled(_ name: PersonName, _ enrolment: Enrolment) -> HTTPResponse {
    .json(.created) { json in
      json.member("name", name.description)
      json.objects("faces", enrolment.faces) { json, face in
        json.member("id", face.id)
        json.member("photo", face.photo)
      }
      json.objects("skipped", enrolment.skipped) { json, photo in
        json.member("photo", photo.photo)
        json.member("code", photo.reason.code)
        json.member("message", photo.reason.message)
      }
      json.member("warnings", enrolment.warnings)
    }
  }
}
