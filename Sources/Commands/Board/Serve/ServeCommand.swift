import FaceBank
import FaceImages
import FaceqSupport
import HTTPService
import QuantRuntime
import SIMDKernels

/// `serve`: answers HTTP until it is asked to end.
package struct ServeCommand<Storage: BankStorage>: Sendable {
  package var storage: Storage
  package var bank: FilePath
  package var model: FilePath
  package var options: FaceOptions
  /// What is watched besides; nil for nothing.
  package var watch: WatchOptions?
  /// The address to listen on.
  package var host = "127.0.0.1"
  /// 0 takes a port that is free.
  package var port = 8765
  /// A file with a key on each line, without which nothing but a loopback address is listened on.
  package var keys: FilePath?
  /// The names that the service is asked by, besides this machine's.
  package var hosts: [String] = []
  /// The smallest cosine that identifies a person; nil takes 0.4.
  package var threshold: Float?
  /// Whether the bank keeps each aligned face as a picture, besides its embedding.
  package var keepsPictures = true
  /// Of a request's body, in megabytes; nil takes 20.
  package var maximumBody: Int?
  /// Of a photo, in millions of pixels; nil takes 24.
  package var maximumPixels: Int?

  package init(storage: Storage, bank: FilePath, model: FilePath, options: FaceOptions) {
    self.storage = storage
    self.bank = bank
    self.model = model
    self.options = options
  }

  package func run(_ console: Console) throws(FaceqError) {
    try check()
    let keys = try keys.map { (path) throws(FaceqError) in try APIKeys(path: path) }
    let model = try openModel(model, console)
    guard model.image.width == model.image.height else {
      throw FaceqError(
        "\(model.path) does not want square faces, and faceq aligns only to squares; choose another model")
    }
    let plan = try options.run.threadPlan()
    var each = options
    // Each worker computes on its own thread: so all are busy, whatever a request is about.
    each.run = RunOptions(isa: options.run.isa, threads: 1, winograd: options.run.winograd)
    var pipelines: [FacePipeline] = []
    for _ in 0..<plan.count {
      pipelines.append(try FacePipeline(model, each, maximumPixels: (maximumPixels ?? 24) * 1_000_000))
    }
    guard let detector = pipelines[0].detector else { throw FaceqError("there is no face detector") }
    var binding = BankBinding(model)
    binding.detector = detector
    let kernels = try options.run.kernels()
    let shared = SharedBank(storage, at: bank, for: binding, kernels: kernels)
    let contents = try shared.contents()
    if let warning = otherDetectorWarning(contents.bank.binding, detector, bank: bank) { console.note(warning) }
    let service = FaceService(
      model, pipelines, detector, shared, threshold: threshold ?? PersonSearch.identifyingCosine,
      keepsPictures: keepsPictures, keys: keys, hosts: hosts, live: LiveView(isWatching: watch != nil),
      kernels: kernels, console)
    let watch = try self.watch.map { (source) throws(FaceqError) in
      try LiveWatch<Storage>(source, model, each, console)
    }

    var limits = HTTPLimits()
    if let maximumBody { limits.bodyBytes = maximumBody << 20 }
    limits.allBodiesBytes = max(limits.allBodiesBytes, limits.bodyBytes * 2)
    let server = try HTTPServer(limits: limits, note: { console.note($0) }, decide: { service.decide($0) })
    service.server = server
    service.live.connect(to: server.publisher)
    let taken = try server.listen(host: host, port: UInt16(port))
    try console.print(
      "listening on http://\(urlHost):\(taken), \(counted(plan.count, "worker")), \(contentsText(contents.bank)) in \(bank)"
    )
    try watch?.start(service)
    defer { watch?.stop() }
    try server.run(workers: plan.count)
    service.server = nil
    console.note("ended")
  }

  /// Finds impossible choices before a model is opened.
  private func check() throws(FaceqError) {
    try options.run.check()
    guard (0...65535).contains(port) else { throw FaceqError("there is no port \(port); choose one from 1 to 65535") }
    if let threshold, !(-1...1).contains(threshold) {
      throw FaceqError("no cosine can be as --threshold says; choose a number from -1 to 1, 0.4 for instance")
    }
    if let maximumBody, !(1...1024).contains(maximumBody) {
      throw FaceqError("a request cannot have \(maximumBody) MB; choose 1 to 1024 with --max-body")
    }
    if let maximumPixels, !(1...1000).contains(maximumPixels) {
      throw FaceqError("a photo cannot have \(maximumPixels) million pixels; choose 1 to 1000 with --max-pixels")
    }
    guard isLoopback || keys != nil else {
      throw FaceqError(
        "on \(host) others can reach the service: write a key of at least 16 characters into a file and name it with "
          + "--api-key-file, or leave out --host to listen on this machine alone")
    }
  }

  private var isLoopback: Bool {
    let bytes = Array(host.utf8)
    return bytes.starts(with: "127.".utf8) && bytes.allSatisfy { $0 == 0x2e || (0x30...0x39).contains($0) }
      || bytes.elementsEqual("::1".utf8) || bytes.elementsEqual("localhost".utf8)
  }

  private var urlHost: String { host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host }
}
