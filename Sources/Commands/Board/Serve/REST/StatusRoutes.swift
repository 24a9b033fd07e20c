import FaceBank
import FaceqSupport
import HTTPService
import QuantRuntime
import ServicePage

// What the service says about itself, and signing in.
extension FaceService {
  func page(_ call: ServiceCall) throws(HTTPFailure) -> HTTPResponse {
    var response = HTTPResponse(type: "text/html; charset=utf-8", body: servicePage)
    response.headers.add(
      "Content-Security-Policy",
      "default-src 'none'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; "
        + "style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; "
        + "frame-ancestors 'none'")
    return response
  }

  func openAPI(_ call: ServiceCall) throws(HTTPFailure) -> HTTPResponse {
    HTTPResponse(type: "application/json", body: serviceDescription)
  }

  func health(_ call: ServiceCall) throws(HTTPFailure) -> HTTPResponse {
    .json { json in
      json.member("status", "ok")
      json.member("version", faceqVersion)
      json.member("uptime_seconds", monotonicSeconds() - start, fractionDigits: 0)
      json.member("needs_key", keys != nil)
      json.member("watching", live.isWatching)
    }
  }

  /// Body: `{"key": …}`. Without keys there is nothing to sign in to, and everybody is.
  func signIn(_ call: ServiceCall) throws(HTTPFailure) -> HTTPResponse {
    guard let key = try call.request.json().member("key")?.text else {
      throw HTTPFailure(.badRequest, "no_key", "the request brings no key")
    }
    guard let keys else { return HTTPResponse(.noContent) }
    let isSecure = call.request.headers["x-forwarded-proto"].map { $0.utf8.elementsEqual("https".utf8) } ?? false
    let cookie = try keys.signIn(key, isSecure: isSecure)
    var response = HTTPResponse(.noContent)
    response.headers.add("Set-Cookie", cookie)
    return response
  }

  func signOut(_ call: ServiceCall) throws(HTTPFailure) -> HTTPResponse {
    var response = HTTPResponse(.noContent)
    if let keys { response.headers.add("Set-Cookie", keys.signOut(call.request)) }
    return response
  }

  func models(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let contents = try withBank { (bank) throws(FaceqError) in try bank.contents() }
    let description = model.description
    return .json { json in
      json.member("version", faceqVersion)
      json.object("embedding") { json in
        json.member("architecture", description.architecture)
        json.member("precision", model.precision)
        json.member("components", model.embeddingSize)
        json.member("width", model.image.width)
        json.member("height", model.image.height)
        json.member("digest", model.digest)
        json.member("stand_in", description.isStandIn)
        json.key("drift")
        if let drift = description.calibration?.drift {
          json.object { json in
            json.member("images", drift.images)
            json.member("mean", drift.mean)
            json.member("median", drift.median)
            json.member("p5", drift.p5)
            json.member("p1", drift.p1)
            json.member("minimum", drift.minimum)
          }
        } else {
          json.null()
        }
      }
      json.object("detector") { json in
        json.member("family", detector.family)
        json.member("digest", detector.digest)
      }
      json.object("bank") { json in
        json.member("people", contents.people.count)
        json.member("faces", contents.bank.faces.count)
        json.member("pictures", keepsPictures)
        json.member(
          "same_detector", contents.bank.binding.detector.map { $0 == detector } ?? true)
      }
      json.member("threshold", threshold)
      // How many comparisons of a photo with other people in the bank pass at 0, 0.01, …, 1.
      json.object("strangers") { json in
        json.member("comparisons", contents.strangers.comparisons)
        json.member("passing", contents.strangers.passing)
      }
    }
  }

  /// In Prometheus' text format.
  func metrics(_ call: ServiceCall) throws(HTTPFailure) -> HTTPResponse {
    guard let server else { throw HTTPFailure.busy("the service is about to begin") }
    server.refreshFigures()
    let figures = server.figures
    var text = MetricsText()
    text.begin("faceq_requests_total", "counter", "Answers, by status.")
    for answer in figures.answers { text.add("faceq_requests_total", "status=\"\(answer.status)\"", "\(answer.count)") }
    text.begin("faceq_request_seconds", "histogram", "From a request's arrival to its answer.")
    var count = 0
    for (bound, more) in zip(HTTPFigures.bounds, figures.histogram) {
      count += more
      text.add("faceq_request_seconds_bucket", "le=\"\(formatSignificant(bound, digits: 4))\"", "\(count)")
    }
    count += figures.histogram.last ?? 0
    text.add("faceq_request_seconds_bucket", "le=\"+Inf\"", "\(count)")
    text.add("faceq_request_seconds_sum", nil, formatDecimal(figures.seconds, fractionDigits: 6))
    text.add("faceq_request_seconds_count", nil, "\(count)")
    text.add(gauge: "faceq_connections", "Connections that are open.", "\(figures.connections)")
    text.add(gauge: "faceq_streams", "Clients that watch.", "\(figures.streams)")
    text.add(gauge: "faceq_waiting_requests", "Requests that wait for a worker.", "\(figures.waiting)")
    text.add(gauge: "faceq_held_bytes", "Bytes of requests that are in memory.", "\(figures.heldBytes)")
    text.add(gauge: "faceq_workers", "Requests that are worked on at once, at most.", "\(workerCount)")
    text.begin("faceq_lost_frames_total", "counter", "What slow readers of streams did not get.")
    text.add("faceq_lost_frames_total", nil, "\(figures.lostFrames)")
    text.begin("process_cpu_seconds_total", "counter", "Processor time of all threads.")
    text.add("process_cpu_seconds_total", nil, formatDecimal(processorSeconds(), fractionDigits: 2))
    if let peak = peakMemoryBytes() {
      text.add(gauge: "faceq_peak_memory_bytes", "The most memory that was resident.", "\(peak)")
    }
    return .text(text.text, type: "text/plain; version=0.0.4; charset=utf-8")
  }
}

/// Builds a text in Prometheus' format.
private struct MetricsText {
  var text = ""

  mutating func begin(_ name: String, _ kind: String, _ help: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
  }

  mutating func add(_ name: String, _ labels: String?, _ value: String) {
    text += name + (labels.map { "{\($0)}" } ?? "") + " \(value)\n"
  }

  mutating func add(gauge name: String, _ help: String, _ value: String) {
    begin(name, "gauge", help)
    add(name, nil, value)
  }
}
