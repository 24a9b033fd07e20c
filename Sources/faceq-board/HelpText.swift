/// What `faceq-board --help` prints.
let helpText = """
  faceq-board runs face-embedding models that faceq made, on any 64-bit ARM Linux. It is one file and needs nothing else.

  faceq-board selftest MODEL [--isa ISA] [--threads N]
      Checks that this machine computes the very embedding that an int8 model was calibrated with: the first thing to
      run on a new board. Without --isa every instruction set is tested, without --threads 1 and 2 threads.
  faceq-board embed MODEL IMAGE… [-o FILE.npy | --json | --csv] [--flip] [--isa ISA] [--threads N]
      Computes the embeddings of aligned faces; --flip adds each mirror image's embedding and normalises the sum.
  faceq-board compare MODEL IMAGE IMAGE… [--json] [--isa ISA] [--threads N]
      Prints the cosine between the embeddings of every pair of aligned faces.
  faceq-board bench MODEL [--runs N] [--json] [--isa ISA] [--threads N]
      Measures how long one embedding takes.
  faceq-board drift REFERENCE MODEL FACES [--min-cosine C] [--json] [--isa ISA] [--threads N]
      Measures how far an int8 model is from the float model that it was made from, or from a .npy file with that
      model's embeddings of the same faces. Exits with 1 where the 1st percentile of the cosines is below C.
  faceq-board info MODEL [--json]
      Prints what a model file says about itself.
  faceq-board isa
      Lists the instruction sets that this machine and this program have, the slowest first.
  faceq-board check-kernels
      Compares every kernel of these instruction sets with a scalar reference.
  faceq-board --version | --help

  IMAGE       an aligned face, 112×112 for most models, JPEG or PNG; a folder stands for all images in it
  --isa       portable, neon, dotprod or i8mm; the best that the machine has unless FACEQ_ISA names one
  --threads   1 to 256; as many as there are processors

  Exit status: 0, 1 where something failed, 64 where the command line is wrong.
  """
