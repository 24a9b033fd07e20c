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

  @Option(help: "Compute 3×3 convolutions of int8 models as Winograd: auto, on or off. The result is the same.")
  var winograd: String?

  var options: RunOptions { RunOptions(isa: isa, threads: threads, winograd: winograd) }
}
