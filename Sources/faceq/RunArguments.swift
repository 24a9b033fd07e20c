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

  @Option(
    help: """
      Threads to run on, 1 to 256. One for each core, unless given; where there are big and LITTLE cores, one for each \
      big core, pinned to it.
      """)
  var threads: Int?

  @Option(help: "Cores to run on, such as 4-7 or 0,2-3, each with a thread that is pinned to it. Instead of --threads.")
  var cores: String?

  @Option(
    help:
      "Compute 3×3 convolutions as Winograd: auto, on or off. An int8 model's result is the same, a float one's nearly."
  )
  var winograd: String?

  var options: RunOptions { RunOptions(isa: isa, threads: threads, cores: cores, winograd: winograd) }
}
