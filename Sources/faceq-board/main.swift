import CSystem
import QuantRuntime

do {
  try runBoardCommand(CommandLine.arguments)
} catch {
  writeToStandardError("faceq-board: " + error.message + "\n")
  exit(1)
}
