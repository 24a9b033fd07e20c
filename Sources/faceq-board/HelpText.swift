/// What `faceq-board --help` prints.
let helpText = """
  faceq-board runs face-embedding models that faceq made, on any 64-bit ARM Linux. It is one file and needs nothing else.

  faceq-board selftest MODEL [RUN]
      Checks that this machine computes the very embedding that an int8 model was calibrated with: the first thing to
      run on a new board. Without --isa every instruction set is tested, without --threads 1 and 2 threads.
  faceq-board detect PHOTO… [--json] [--draw OUT.jpg] [MANY] [DETECTION] [RUN]
      Finds the faces in photos: score, box and, with --json, landmarks. Exits with 1 where there is none.
  faceq-board align PHOTO… -o FOLDER [--landmarks X,Y,…] [--variations N] [MANY] [DETECTION] [RUN]
      Writes each face as an aligned PNG, in the folders that the photos are in. --landmarks gives the ten numbers of the one face in one photo.
  faceq-board embed MODEL IMAGE… [-o FILE.npy | --json | --csv] [--flip] [--all-faces] [--aligned] [MANY] [DETECTION] [RUN]
      Computes the embeddings of faces; --flip adds each mirror image's embedding and normalises the sum. -o also writes
      FILE.csv, which says which row is whose.
  faceq-board compare IMAGE IMAGE… [--model MODEL] [--threshold C] [--json] [--aligned] [DETECTION] [RUN]
      Prints the cosine between the embeddings of every pair of faces; with --threshold, which are of the same person.
  faceq-board enroll BANK NAME PHOTO… [--model MODEL] [--no-pictures] [--aligned] [MANY] [DETECTION] [RUN]
  faceq-board enroll BANK FOLDER [--model MODEL] [--no-pictures] [--strict] [--aligned] [DETECTION] [RUN]
      Adds photos of a person to a bank, which is made where there is none; or of each person who has a subfolder in
      FOLDER, under the subfolder's name. The aligned faces are kept, too, unless --no-pictures is given.
  faceq-board identify BANK PHOTO… [--model MODEL] [--threshold C] [--all-faces] [--json] [--aligned] [MANY]
              [DETECTION] [RUN]
      Says who in a bank the faces in photos are, or unknown where the cosine is below 0.4 or C. enroll and identify
      refuse hopeless photos: below --quality 0.1 of what detect --json tells, or below another number up to 1.
  faceq-board bank list BANK [NAME] [--json] | bank rename BANK NAME NEW-NAME [--merge]
  faceq-board bank remove BANK NAME | bank remove BANK --face N
      Lists the people in a bank or a person's photos with their numbers, gives a person another name, removes a person
      or one photo. faceq bank export and import exchange banks with a workstation.
  faceq-board watch SOURCE --model MODEL --bank BANK [--json] [--snapshots FOLDER] [--exec COMMAND] [--threshold C]
              [--min-views N] [--cooldown SECONDS] [--fps N] [--detect-every N] [--quality Q] [--size 1280x720]
              [--every-frame] [--reconnect] [DETECTION] [RUN]
      Prints a line for each visit of somebody who comes into view: who it is, or that it is a stranger. SOURCE is a
      camera's device, - for MJPEG on standard input, http://ADDRESS:PORT/PATH of an MJPEG stream, a file with MJPEG in it,
      or a folder or a list of pictures; --every-frame drops none, for recordings, whose frames a second --fps tells.
  faceq-board serve [SOURCE] --model MODEL --bank BANK [--host ADDRESS] [--port N] [--api-key-file FILE]
              [--allow-host NAME]… [--threshold C] [--no-pictures] [--max-body MB] [--max-pixels MILLIONS] [--quality Q]
              [WATCH] [DETECTION] [RUN]
      Answers HTTP, at http://127.0.0.1:8765 unless told otherwise: paths under /v1, described at /v1/openapi.json, those
      of CompreFace, DeepStack and Immich, and a page. With a SOURCE it watches that, too, with the options of watch.
      Any address but a loopback one needs a file with a key on each line.
  faceq-board bench MODEL [--compare FLOAT] [--layers] [--runs N | --minutes M] [--json] [RUN]
      Measures how long one embedding takes; with --minutes, minute by minute, with temperature and clock.
  faceq-board bench DETECTOR [--size 640x360,…] [--layers] [--runs N] [--json] [RUN]
      Measures how long the search of a picture of each size takes that shows no face.
  faceq-board tune MODEL [RUN]
      Measures which convolutions of an int8 model are faster as Winograd on this machine, and keeps the result in
      MODEL.tuning, which every later run of that model here goes by. It changes no embedding. Takes about a minute.
  faceq-board pack MODEL --isa ISA -o PACKED
      Writes an int8 model with its weights in the order that the instruction set reads fastest: worth it for i8mm.
  faceq-board drift REFERENCE MODEL FACES… [--min-cosine C] [--json] [--aligned] [MANY] [DETECTION] [RUN]
      Measures how far an int8 model is from the float model that it was made from, or from a .npy file with that
      model's embeddings of the same faces. Exits with 1 where the 1st percentile of the cosines is below C.
  faceq-board info MODEL [--json]
      Prints what a model file says about itself.
  faceq-board isa
      Lists the instruction sets that this machine and this program have, the slowest first.
  faceq-board check-kernels
      Compares every kernel of these instruction sets with a scalar reference.
  faceq-board --version | --help

  MODEL       a float or int8 model; $FACEQ_MODEL, or the one for trying that faceq's package installs, where compare,
              enroll and identify name none
  IMAGE       an aligned face, 112×112 for most models, or a photo, of which the largest face is taken: JPEG or PNG; a
              folder stands for all images in it, a text file for the paths on its lines. --aligned insists on aligned
              faces. Write -- before files whose names begin with a dash.
  MANY        [--list FILE [-0]] [--strict]; paths from a file, or from standard input where FILE is -, one on each line or
              with -0 a zero after each. Images that cannot be used are named and skipped; with --strict they are an error.
  DETECTION   [--detector FILE.gguf] [--thresholds P,R,O | --score S] [--nms OVERLAP] [--minimum-face PIXELS]; the
              detector that faceq's scripts/fetch-detector makes, from $FACEQ_DETECTOR or
              ~/.local/share/faceq/detector.gguf unless named; --thresholds are MTCNN's, 0.6,0.7,0.8
              [--allow-cut-off] also uses faces that the picture's edge cuts off, with black where nothing of them is
              [--verbose] tells what is odd in image files that can be read nevertheless
  RUN         [--isa ISA] [--threads N | --cores LIST] [--winograd auto|on|off]
  --isa       portable, neon, dotprod or i8mm; the best that the machine has unless FACEQ_ISA names one
  --threads   1 to 256; one for each core, or for each big core, pinned to it, where there are LITTLE cores too
  --cores     instead: numbers such as 4-7 or 0,2-3; each of these cores gets a thread that is pinned to it
  --winograd  auto, on or off: whether 3×3 convolutions are computed as Winograd, of int8 models with the same result; auto
              does so where it should be faster

  Exit status: 0, 1 where something failed, 64 where the command line is wrong.
  """
