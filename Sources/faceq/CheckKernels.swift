import ArgumentParser
import Commands

struct CheckKernels: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check-kernels",
    abstract: "Compares every kernel of this machine's instruction sets with a scalar reference.",
    discussion: """
      Where faceq selftest fails, this names the kernel that is wrong. It needs no model and takes some seconds.

          faceq check-kernels
      """)

  func run() throws { try CheckKernelsCommand().run(Faceq.console) }
}
