import CSystem
import FaceBank
import FaceWatch
import FaceqSupport

/// Prints the events of a watch, keeps their pictures, and starts a program for each.
struct WatchPrinter<Storage: BankStorage>: WatchObserver {
  private let json: Bool
  private var snapshots: SnapshotFolder?
  private var program: EventProgram?
  private let people: BankChanges<Storage>
  private let sensors = MachineSensors(coreClasses: [])
  private let console: Console

  init(
    json: Bool, snapshots: SnapshotFolder?, program: EventProgram?, people: BankChanges<Storage>, _ console: Console
  ) {
    self.json = json
    self.snapshots = snapshots
    self.program = program
    self.people = people
    self.console = console
  }

  mutating func tell(_ event: WatchEvent) throws(FaceqError) {
    let line = event.json
    try console.print(json ? line : text(event))
    do throws(FaceqError) {
      try snapshots?.keep(event)
      try program?.start(with: line)
    } catch {
      console.note(error.message)
    }
  }

  mutating func show(_ frame: WatchedFrame) { program?.reap() }

  mutating func note(_ message: String) { console.note(message) }

  mutating func sum(_ summary: WatchSummary) {
    let temperature = sensors.temperature().map { ", \(formatDecimal($0, fractionDigits: 0)) °C" } ?? ""
    console.note(summary.text + temperature)
  }

  mutating func changedPeople() -> PersonSearch? { people.changed() }

  var isEnded: Bool { system_was_asked_to_end() }

  /// Waits a moment for programs that still run.
  mutating func finish() { program?.waitForAll(seconds: 2) }

  private func text(_ event: WatchEvent) -> String {
    var line = "\(timestampText(event.time)) \(event.name?.description ?? "a stranger")"
    if let nearest = event.nearest, let cosine = event.cosine {
      let number = formatDecimal(Double(cosine), fractionDigits: 3)
      line += event.name == nil ? ", nearest \(nearest) with cosine \(number)" : ", cosine \(number)"
    }
    if let margin = event.margin { line += ", margin \(formatDecimal(Double(margin), fractionDigits: 3))" }
    line += ", quality \(formatDecimal(Double(event.quality), fractionDigits: 2))"
    return line + ", track \(event.track), \(formatDecimal(event.latencyMilliseconds, fractionDigits: 0)) ms"
  }
}
