import FaceqSupport
import GraphReference
import QuantRuntime
import Testing

/// Each pass before and after, in the listing's own text; and both compute the same.
struct PassTests {
  @Test func whatNobodyReadsGoes() throws {
    try expectPass(
      """
      %0 = image 4×4 rgb
      %1 = convolution %0 → 4, 1×1  unread
      %2 = convolution %0 → 4, 1×1                                kept
      %3 = max pool %1, 2×2
      outputs %2
      """,
      becomes: """
        %0 = image 4×4 rgb
        %1 = convolution %0 → 4, 1×1                                kept
        outputs %1
        """
    ) { $0.removingUnread() }
  }

  @Test func copiesThatChangeNothingGo() throws {
    try expectPass(
      """
      %0 = image 4×4 rgb
      %1 = copy %0
      %2 = copy %1, relu  kept
      %3 = copy %2
      %4 = add %3, %2
      %5 = copy %4
      outputs %5, %2
      """,
      becomes: """
        %0 = image 4×4 rgb
        %1 = copy %0, relu                                          kept
        %2 = add %1, %1
        outputs %2, %1
        """
    ) { $0.removingCopies() }
  }

  @Test func affinesGoIntoWhatIsBefore() throws {
    try expectPass(
      """
      %0 = image 4×4 rgb
      %1 = affine %0  minus
      %2 = affine %1  times
      %3 = convolution %2 → 4, 3×3  first
      %4 = affine %3  norm
      %5 = affine %4, prelu  scaled
      %6 = affine %5  after.prelu
      %7 = convolution %6 → 4, 1×1  shared
      %8 = affine %7  shared.norm
      %9 = linear %8 → 4, 2×2  linear
      %10 = affine %9, relu  features
      outputs %10, %7
      """,
      becomes: """
        %0 = image 4×4 rgb (x − 127.5) / 128
        %1 = convolution %0 → 4, 3×3, prelu                         first
        %2 = affine %1                                              after.prelu
        %3 = convolution %2 → 4, 1×1                                shared
        %4 = affine %3                                              shared.norm
        %5 = linear %4 → 4, 2×2, relu                               linear
        outputs %5, %3
        """,
      tensors: ["minus.scale": [1], "minus.shift": [-127.5], "times.scale": [0.0078125], "times.shift": [0]]
    ) { $0.foldingAffines() }
  }

  @Test func affinesGoIntoWhatIsBehindWithoutPadding() throws {
    try expectPass(
      """
      %0 = image 4×4 rgb
      %1 = max pool %0, 2×2, stride 2
      %2 = affine %1  norm
      %3 = convolution %2 → 4, 1×1  first
      %4 = convolution %2 → 6, 2×2, groups 3  second
      %5 = max pool %3, 1×1
      %6 = affine %5  padded.norm
      %7 = convolution %6 → 4, 3×3, padding 1  padded
      %8 = add %5, %7
      %9 = affine %8  sum.norm
      %10 = linear %9 → 4, 2×2  head
      outputs %4, %7, %10
      """,
      becomes: """
        %0 = image 4×4 rgb
        %1 = max pool %0, 2×2, stride 2
        %2 = convolution %1 → 4, 1×1                                first
        %3 = convolution %1 → 6, 2×2, groups 3                      second
        %4 = max pool %2, 1×1
        %5 = affine %4                                              padded.norm
        %6 = convolution %5 → 4, 3×3, padding 1                     padded
        %7 = add %4, %6
        %8 = affine %7                                              sum.norm
        %9 = linear %8 → 4, 2×2                                     head
        outputs %3, %6, %9
        """
    ) { try $0.foldingAffinesForward() }
  }

  @Test func activationsGoIntoWhatIsBefore() throws {
    try expectPass(
      """
      %0 = image 4×4 rgb
      %1 = convolution %0 → 4, 1×1  a
      %2 = convolution %0 → 4, 1×1  b
      %3 = upsample %2
      %4 = max pool %3, 2×2, stride 2
      %5 = concatenate %1, %4
      %6 = copy %5, relu
      %7 = convolution %6 → 8, 1×1  c
      %8 = copy %7, prelu  c.slopes
      %9 = add %8, %6
      %10 = copy %9, prelu  sum
      %11 = convolution %10 → 4, 1×1  read.twice
      %12 = copy %11, relu  stays
      %13 = max pool %12, 2×2
      %14 = copy %13, leaky -0.5  not.monotone
      outputs %14, %11
      """,
      becomes: """
        %0 = image 4×4 rgb
        %1 = convolution %0 → 4, 1×1, relu                          a
        %2 = convolution %0 → 4, 1×1, relu                          b
        %3 = upsample %2
        %4 = max pool %3, 2×2, stride 2
        %5 = concatenate %1, %4
        %6 = convolution %5 → 8, 1×1, prelu                         c
        %7 = add %6, %5, prelu                                      sum
        %8 = convolution %7 → 4, 1×1                                read.twice
        %9 = copy %8, relu                                          stays
        %10 = max pool %9, 2×2
        %11 = copy %10, leaky -0.5                                  not.monotone
        outputs %11, %8
        """
    ) { $0.foldingActivations() }
  }

  @Test func squeezeAndExcitationIsRecognised() throws {
    let before = """
      %0 = image 4×4 rgb (x − 127.5) / 128
      %1 = convolution %0 → 4, 3×3, padding 1  body
      %2 = global average %1
      %3 = convolution %2 → 2, 1×1, relu  se.reduce
      %4 = convolution %3 → 4, 1×1  se.expand
      %5 = sigmoid %4
      %6 = multiply %1, %5
      %7 = convolution %0 → 4, 1×1  shortcut
      %8 = add %6, %7  sum
      outputs %8
      """
    let quiet: [String: [Float]] = ["se.reduce.bias": [0], "se.expand.bias": [0]]
    try expectPass(
      before,
      becomes: """
        %0 = image 4×4 rgb (x − 127.5) / 128
        %1 = convolution %0 → 4, 3×3, padding 1                     body
        %2 = gate %1, hidden 2                                      se.reduce
        %3 = multiply %1, %2
        %4 = convolution %0 → 4, 1×1                                shortcut
        %5 = add %3, %4                                             sum
        outputs %5
        """, tensors: quiet
    ) { $0.recognisingGates() }
    try expectPass(
      before,
      becomes: """
        %0 = image 4×4 rgb (x − 127.5) / 128
        %1 = convolution %0 → 4, 3×3, padding 1                     body
        %2 = gate %1, hidden 2, biases                              se.reduce
        %3 = convolution %0 → 4, 1×1                                shortcut
        %4 = add %3, %1 · %2                                        sum
        outputs %4
        """
    ) { $0.recognisingGates().foldingIntoAdditions() }
    // What is averaged is not what is multiplied: no gate.
    let other = before.replacing("global average %1", with: "global average %0").replacing("→ 2, 1×1", with: "→ 2, 1×1")
    #expect(try smallGraph(other).recognisingGates() == smallGraph(other))
  }

  @Test func resamplingGoesIntoAdditions() throws {
    try expectPass(
      """
      %0 = image 8×8 rgb
      %1 = convolution %0 → 4, 3×3, stride 2, padding 1  body
      %2 = convolution %0 → 4, 1×1  wide
      %3 = max pool %2, 1×1, stride 2
      %4 = add %1, %3  sum
      %5 = upsample %4
      %6 = add %5, %2  pyramid
      %7 = upsample %1
      %8 = add %7, %7
      outputs %6, %8
      """,
      becomes: """
        %0 = image 8×8 rgb
        %1 = convolution %0 → 4, 3×3, stride 2, padding 1           body
        %2 = convolution %0 → 4, 1×1                                wide
        %3 = add subsample 2 %2, %1                                 sum
        %4 = add %2, upsample %3                                    pyramid
        %5 = upsample %1
        %6 = add %5, %5
        outputs %4, %6
        """
    ) { $0.foldingIntoAdditions().orderingAdditions() }
  }

  @Test func theBaseIsWhatFlowsPast() throws {
    let before = """
      %0 = image 8×8 rgb
      %1 = convolution %0 → 4, 3×3, padding 1  stem
      %2 = convolution %1 → 4, 3×3, padding 1  body
      %3 = add %2, %1  identity
      %4 = convolution %3 → 4, 1×1, stride 2  shortcut
      %5 = convolution %3 → 4, 3×3, stride 2, padding 1  a
      %6 = convolution %5 → 4, 1×1  b
      %7 = add %6, %4  projection
      %8 = add %7, %7  twice
      outputs %8
      """
    try expectPass(
      before,
      becomes: """
        %0 = image 8×8 rgb
        %1 = convolution %0 → 4, 3×3, padding 1                     stem
        %2 = convolution %1 → 4, 3×3, padding 1                     body
        %3 = add %1, %2                                             identity
        %4 = convolution %3 → 4, 1×1, stride 2                      shortcut
        %5 = convolution %3 → 4, 3×3, stride 2, padding 1           a
        %6 = convolution %5 → 4, 1×1                                b
        %7 = add %4, %6                                             projection
        %8 = add %7, %7                                             twice
        outputs %8
        """
    ) { $0.orderingAdditions() }
  }

  @Test func transposedConvolutionsBecomeConvolutions() throws {
    try expectPass(
      """
      %0 = image 3×4 rgb
      %1 = transposed convolution %0 → 2, 2×2, stride 2, prelu  two
      %2 = transposed convolution %1 → 3, 4×4, stride 2, padding 1  four
      %3 = transposed convolution %2 → 2, 6×6, stride 3, padding 2, relu  six
      outputs %1, %2, %3
      """,
      becomes: """
        %0 = image 3×4 rgb
        %1 = convolution %0 → 8, 1×1, prelu                         two
        %2 = depth to space %1, 2×2
        %3 = convolution %2 → 12, 2×2, padding 1                    four
        %4 = depth to space %3, 2×2, crop 1
        %5 = convolution %4 → 18, 2×2, padding 1, relu              six
        %6 = depth to space %5, 3×3, crop 2
        outputs %2, %4, %6
        """
    ) { try $0.replacingTransposedConvolutions() }
    let odd = "%0 = image 3×4 rgb\n%1 = transposed convolution %0 → 2, 3×3, stride 2, padding 1  odd\noutputs %1"
    #expect(throws: FaceqError.self) { try smallGraph(odd).replacingTransposedConvolutions() }
  }

  @Test func sumsAndOutputsAreCopiedForWhomeverNeedsOtherForms() throws {
    try expectPass(
      """
      %0 = image 8×8 rgb
      %1 = convolution %0 → 4, 3×3, padding 1, relu  stem
      %2 = convolution %1 → 4, 3×3, padding 1  body
      %3 = add %1, %2, relu  sum
      %4 = upsample %3
      %5 = max pool %3, 2×2, stride 2
      %6 = concatenate %3, %1
      %7 = convolution %5 → 4, 1×1  lateral
      %8 = add %7, subsample 2 %3  pyramid
      %9 = sigmoid %7
      %10 = convolution %6 → 2, 1×1  head
      %11 = softmax %10
      %12 = convolution %4 → 2, 1×1  wide
      outputs %8, %9, %11, %3, %12
      """,
      becomes: """
        %0 = image 8×8 rgb
        %1 = convolution %0 → 4, 3×3, padding 1, relu               stem
        %2 = copy %1                                                stem.bytes
        %3 = convolution %2 → 4, 3×3, padding 1                     body
        %4 = add %1, %3, relu                                       sum
        %5 = copy %4                                                sum.bytes
        %6 = copy %4                                                sum.float
        %7 = upsample %5
        %8 = max pool %5, 2×2, stride 2
        %9 = concatenate %5, %2
        %10 = convolution %8 → 4, 1×1                               lateral
        %11 = copy %10                                              lateral.float
        %12 = add %10, subsample 2 %4                               pyramid
        %13 = copy %12                                              pyramid.float
        %14 = sigmoid %11
        %15 = convolution %9 → 2, 1×1                               head
        %16 = softmax %15
        %17 = convolution %7 → 2, 1×1                               wide
        outputs %13, %14, %16, %6, %17
        """
    ) { graph in
      let copied = graph.insertingCopies()
      #expect(copied.insertingCopies() == copied)
      return copied
    }
  }

  /// What an exporter makes of a residual network with squeeze-and-excitation, all passes together.
  @Test func anImportedNetworkBecomesOurs() throws {
    try expectPass(
      """
      %0 = image 8×8 rgb
      %1 = affine %0  minus
      %2 = affine %1  times
      %3 = convolution %2 → 4, 3×3, padding 1  stem
      %4 = affine %3  stem.norm
      %5 = copy %4, prelu  stem.slopes
      %6 = affine %5  block.norm
      %7 = convolution %6 → 4, 3×3, padding 1  block.a
      %8 = copy %7, relu
      %9 = convolution %8 → 4, 3×3, stride 2, padding 1  block.b
      %10 = affine %9  block.b.norm
      %11 = global average %10
      %12 = convolution %11 → 1, 1×1  block.reduce
      %13 = copy %12, relu
      %14 = convolution %13 → 4, 1×1  block.expand
      %15 = sigmoid %14
      %16 = multiply %10, %15
      %17 = max pool %5, 1×1, stride 2
      %18 = add %16, %17
      %19 = affine %18  out.norm
      %20 = copy %19
      %21 = linear %20 → 6, 4×4  out
      %22 = affine %21  features
      %23 = normalise %22
      outputs %23
      """,
      becomes: """
        %0 = image 8×8 rgb (x − 127.5) / 128
        %1 = convolution %0 → 4, 3×3, padding 1, prelu              stem
        %2 = affine %1                                              block.norm
        %3 = convolution %2 → 4, 3×3, padding 1, relu               block.a
        %4 = convolution %3 → 4, 3×3, stride 2, padding 1           block.b
        %5 = gate %4, hidden 1, biases                              block.reduce
        %6 = add subsample 2 %1, %4 · %5
        %7 = affine %6                                              out.norm
        %8 = linear %7 → 6, 4×4                                     out
        %9 = normalise %8
        outputs %9
        """,
      tensors: ["minus.scale": [1], "minus.shift": [-127.5], "times.scale": [0.0078125], "times.shift": [0]]
    ) { try $0.simplified() }
  }
}
