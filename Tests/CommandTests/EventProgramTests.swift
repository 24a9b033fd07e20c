import Commands
import FaceqSupport
import Foundation
import TestSupport
import Testing

struct EventProgramTests {
  /// Programs that wait for a file: no more are started than there may be, until they end.
  @Test func slowProgramsDoNotFillTheMachine() throws {
    let folder = try TemporaryFolder()
    var program = EventProgram(
      FilePath("read event; until [ -e '\(folder("go"))' ]; do sleep 0.05; done; echo $event >> '\(folder("told"))'"))
    for number in 1...EventProgram.limit { try program.start(with: "\(number)") }
    let refusal = #expect(throws: FaceqError.self) { try program.start(with: "one too many") }
    #expect(refusal?.message.contains("still busy with the \(EventProgram.limit) before") == true)
    try folder.write([], to: "go")
    program.waitForAll(seconds: 60)
    try program.start(with: "last")
    program.waitForAll(seconds: 60)
    let told = try folder.text("told").split(separator: "\n").map(String.init)
    #expect(told.sorted() == (1...EventProgram.limit).map(String.init) + ["last"])
  }
}
