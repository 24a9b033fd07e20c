import Commands
import FaceqSupport
import QuantRuntime

/// The program's entry point, under the name that the build gives it. Embedded Swift has no `CommandLine`.
@c(faceq_graph_check_main)
public func checkMain(_ count: Int32, _ texts: UnsafePointer<UnsafePointer<CChar>>) -> Int32 {
  let console = Console(program: "faceq-graph-check")
  do throws(FaceqError) {
    try checkGraphs(console)
    return 0
  } catch {
    console.note(error.message)
    return 1
  }
}
