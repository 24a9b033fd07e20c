import ArgumentParser
import Commands

/// The options of every command that runs a model.
struct RunArguments: ParsableArguments {
  @Option(
    help: """
      Instruction set to run with: portable, avx2, avxvnni or vnni; neon, dotprod or i8mm on ARM. The best that the \
      machine has, unless FACEQ_ISA names one.
      """)
  var isa: String?

  @Option(help: "Threads to run on, 1 to 256. As many as there are processors, unless given.")
  var threads: Int?

  var options: RunOptions { RunOptions(isa: isa, threads: threads) }
}
