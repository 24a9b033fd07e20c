import CSystem
import FaceBank
import FaceDetection
import FaceWatch
import FaceqSupport
import QuantRuntime
import SIMDKernels

/// `watch`: tells who comes into view of a camera.
package struct WatchCommand<Storage: BankStorage>: Sendable {
  package var storage: Storage
  package var bank: FilePath
  package var model: FilePath
  package var watch: WatchOptions
  package var json: Bool
  /// Where pictures of the visits go.
  package var snapshots: FilePath?
  /// A shell's command that is run for each event.
  package var program: FilePath?
  package var options: FaceOptions

  package init(
    storage: Storage, bank: FilePath, model: FilePath, watch: WatchOptions, json: Bool, snapshots: FilePath?,
    program: FilePath?, options: FaceOptions
  ) {
    self.storage = storage
    self.bank = bank
    self.model = model
    self.watch = watch
    self.json = json
    self.snapshots = snapshots
    self.program = program
    self.options = options
  }

  package func run(_ console: Console) throws(FaceqError) {
    try options.run.check()
    try options.detection.check()
    let address = try sourceAddress(watch.source, console)
    let settings = try watch.settings(options, address)
    let sourceOptions = try watch.sourceOptions()
    let contents = try storage.existingBank(at: bank)
    // Before threads are there, which would end the process otherwise.
    system_hold_requests_to_end()
    let model = try openModel(self.model, console)
    try contents.binding.check(BankBinding(model), bank: bank)
    let session = try options.run.session(model)
    let detector = try options.detection.open(options.run)
    if let warning = otherDetectorWarning(contents.binding, detector.identity, bank: bank) { console.note(warning) }
    let people = BankChanges(storage, bank, BankBinding(model), try options.run.kernels(), console)
    var printer = WatchPrinter(
      json: json, snapshots: try snapshots.map { (path) throws(FaceqError) in try SnapshotFolder(path) },
      program: program.map { EventProgram($0) }, people: people, console)
    let watcher = try Watcher.make(session, detector, people: people.search(contents), settings: settings)
    let reader = FrameReader(address, options: sourceOptions, rule: settings.rule, reconnects: watch.reconnects)
    console.noteOnTerminal("\(address) is watched for \(contentsText(contents)); Ctrl-C ends it")
    try reader.start()
    defer { reader.stop() }
    try watcher.run(reader.mailbox, &printer)
    printer.finish()
    guard watcher.lookedAt > 0 || printer.isEnded else { throw FaceqError("no frame of \(address) could be used") }
  }
}
