import FaceBank
import FaceImages
import FaceqSupport
import HTTPService
import QuantRuntime
import SIMDKernels

/// What all requests share: the models, the bank, the keys, and which path does what.
final class FaceService<Storage: BankStorage>: @unchecked Sendable {
  let model: Model
  let detector: DetectorIdentity
  let bank: SharedBank<Storage>
  /// The smallest cosine that identifies a person.
  let threshold: Float
  /// Whether the bank keeps each aligned face as a picture.
  let keepsPictures: Bool
  let live: LiveView
  let keys: APIKeys?
  let start = monotonicSeconds()
  /// Set before the first request.
  var server: HTTPServer?
  let kernels: KernelTable
  private let pipelines: [FacePipeline]
  private let requestGuard: RequestGuard
  private let router: Router<ServiceRoute<Storage>>
  private let console: Console

  init(
    _ model: Model, _ pipelines: [FacePipeline], _ detector: DetectorIdentity, _ bank: SharedBank<Storage>,
    threshold: Float, keepsPictures: Bool, keys: APIKeys?, hosts: [String], live: LiveView, kernels: KernelTable,
    _ console: Console
  ) {
    self.model = model
    self.pipelines = pipelines
    self.detector = detector
    self.bank = bank
    self.threshold = threshold
    self.keepsPictures = keepsPictures
    self.keys = keys
    self.live = live
    self.kernels = kernels
    self.console = console
    requestGuard = RequestGuard(hosts: hosts)
    var router = Router<ServiceRoute<Storage>>()
    Self.addRoutes(to: &router)
    Self.addCompreFaceRoutes(to: &router)
    Self.addDeepStackRoutes(to: &router)
    Self.addImmichRoutes(to: &router)
    self.router = router
  }

  /// How many requests are worked on at once.
  var workerCount: Int { pipelines.count }

  /// What becomes of a request; called on the thread of events.
  func decide(_ request: HTTPRequest) -> HTTPDecision {
    let dialect = ServiceDialect(path: request.target.path)
    do throws(HTTPFailure) {
      try requestGuard.check(request)
      let match = try router.match(request.method, request.target.path)
      let route = match.route
      let call = ServiceCall(request: request, parameters: match.parameters)
      // DeepStack's clients bring their key in the form, which a worker reads.
      let isLater = dialect == .deepStack && request.headers["x-api-key"] == nil
      if let keys, !route.isOpen, !isLater { try keys.check(request) }
      switch route.action {
      case .quick(let action): return .answer(try action(self)(call))
      case .stream(let channel): return try live.stream(channel, request)
      case .work(let action):
        return .work { [self] worker in
          do throws(HTTPFailure) {
            if let keys, !route.isOpen, isLater { try keys.check(request, stated: try request.formKey()) }
            return try action(self)(call, pipelines[worker])
          } catch {
            return dialect.response(error)
          }
        }
      }
    } catch {
      return .answer(dialect.response(error))
    }
  }

  /// What `body` reads in the bank.
  func withBank<Result>(
    _ body: (SharedBank<Storage>) throws(FaceqError) -> Result
  ) throws(HTTPFailure) -> Result {
    do throws(FaceqError) { return try body(bank) } catch { throw unusableBank(.internalError, "read", error) }
  }

  /// What `body` returns, which changes the bank. What cannot be written was not changed.
  func changeBank<Result>(
    _ body: (SharedBank<Storage>) throws(FaceqError) -> Result
  ) throws(HTTPFailure) -> Result {
    do throws(FaceqError) { return try body(bank) } catch { throw unusableBank(.insufficientStorage, "written", error) }
  }

  /// The sentence of `error` names files of this machine, and is for its owner alone.
  private func unusableBank(_ status: HTTPStatus, _ what: String, _ error: FaceqError) -> HTTPFailure {
    console.note(error.message)
    return HTTPFailure(status, "bank_unusable", "the bank cannot be \(what); the service's log says why")
  }
}

extension HTTPRequest {
  /// The key in a form of DeepStack's clients.
  fileprivate func formKey() throws(HTTPFailure) -> String? {
    try formParts()?.first { $0.name.utf8.elementsEqual("api_key".utf8) && $0.fileName == nil }?.text
  }
}
