import FaceBank
import FaceWatch
import FaceqSupport
import QuantRuntime

/// A watch that runs beside a service, on a thread of its own.
final class LiveWatch<Storage: BankStorage>: @unchecked Sendable {
  private let address: SourceAddress
  private let watcher: Watcher
  private let reader: FrameReader
  private let end = EndMark()
  private let console: Console
  private var thread: SystemThread?

  /// - Parameters:
  ///   - source: what is watched, and how.
  ///   - options: for one thread.
  init(_ source: WatchOptions, _ model: Model, _ options: FaceOptions, _ console: Console) throws(FaceqError) {
    address = try sourceAddress(source.source, console)
    var chosen = options
    // A view that decides who it is must be better than a photo that somebody chose.
    chosen.quality = nil
    let settings = try source.settings(chosen, address)
    watcher = try Watcher.make(
      try options.run.session(model), try options.detection.open(options.run), people: nil, settings: settings)
    reader = FrameReader(
      address, options: try source.sourceOptions(), rule: settings.rule, reconnects: source.reconnects)
    self.console = console
  }

  func start(_ service: FaceService<Storage>) throws(FaceqError) {
    try reader.start()
    thread = try SystemThread.start { [self] in
      var observer = LiveObserver(service, end, console)
      do throws(FaceqError) {
        try watcher.run(reader.mailbox, &observer)
        if !end.isSet { console.note("\(address) has ended; the service goes on without it") }
      } catch {
        console.note("\(error.message); the service goes on without it")
      }
    }
  }

  func stop() {
    end.set()
    thread?.join()
    reader.stop()
  }
}
