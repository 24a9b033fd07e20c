import Commands
import FaceqSupport

/// The program's entry point, under the name that the build gives it. Embedded Swift has no `CommandLine`.
@c(faceq_board_main)
public func boardMain(_ count: Int32, _ texts: UnsafePointer<UnsafePointer<CChar>>) -> Int32 {
  let console = Console(program: "faceq-board")
  var words: [FilePath] = []
  for index in 1..<max(1, Int(count)) { words.append(FilePath(cString: texts[index])) }
  do {
    try runCommand(words, console)
    return 0
  } catch {
    switch error {
    case .use(let message):
      console.note(message)
      return 64
    case .failure(let error):
      console.note(error.message)
      return 1
    }
  }
}
