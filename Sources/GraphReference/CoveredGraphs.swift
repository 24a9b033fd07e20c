import FaceqSupport
import QuantRuntime

/// Small graphs with everything that graphs can have, in float and in int8: what engines are tried with.
package struct CoveredGraph: Sendable {
  package let name: String
  package let listing: String

  package init(name: String, listing: String) {
    self.name = name
    self.listing = listing
  }

  package static let all = [
    CoveredGraph(
      name: "two branches joined by a concatenation",
      listing: """
        %0 = image 9×7 rgb (x − 127.5) / 127.5
        %1 = convolution %0 → 20, 3×3, padding 1, prelu  stem
        %2 = convolution %1 → 12, 1×1, relu  left
        %3 = convolution %1 → 20, 3×3, padding 1, depthwise  right
        %4 = concatenate %2, %3
        %5 = convolution %4 → 8, 3×3, stride 2, padding 1  head
        outputs %5
        """),
    CoveredGraph(
      name: "a pyramid of three levels",
      listing: """
        %0 = image 16×16 bgr
        %1 = convolution %0 → 16, 3×3, stride 2, padding 1, relu  c3
        %2 = convolution %1 → 24, 3×3, stride 2, padding 1, relu  c4
        %3 = convolution %2 → 32, 3×3, stride 2, padding 1, relu  c5
        %4 = convolution %3 → 16, 1×1  p5
        %5 = convolution %2 → 16, 1×1  l4
        %6 = add %5, upsample %4  p4
        %7 = convolution %1 → 16, 1×1  l3
        %8 = add %7, upsample %6  p3
        %9 = convolution %8 → 4, 3×3, padding 1  head3
        outputs %8, %6, %4, %9
        """),
    CoveredGraph(
      name: "a value read by an addition, an upsampling, a pool and a concatenation",
      listing: """
        %0 = image 8×8 rgb (x − 127.5) / 128
        %1 = convolution %0 → 16, 3×3, padding 1, relu  value
        %2 = convolution %1 → 16, 3×3, padding 1  body
        %3 = add %1, %2, relu  sum
        %4 = upsample %1
        %5 = max pool %1, 3×3, stride 2, padding 1, ceil
        %6 = concatenate %1, %3
        %7 = convolution %4 → 8, 3×3, stride 2, padding 1  a
        %8 = convolution %5 → 8, 1×1  b
        %9 = convolution %6 → 8, 1×1  c
        outputs %7, %8, %9, %3
        """),
    CoveredGraph(
      name: "activations before and after additions",
      listing: """
        %0 = image 8×8 rgb (x − 127.5) / 128
        %1 = convolution %0 → 16, 3×3, padding 1, relu  stem
        %2 = convolution %1 → 16, 3×3, padding 1, relu  a
        %3 = add %1, %2  sum
        %4 = convolution %3 → 16, 3×3, padding 1  b
        %5 = add %3, %4, relu  rectified
        %6 = convolution %5 → 16, 3×3, padding 1  c
        %7 = add %5, %6, clamp 0…6  clamped
        %8 = convolution %7 → 16, 1×1, clamp -1…1  d
        %9 = add %7, %8, leaky 0.1  leaking
        %10 = convolution %9 → 16, 1×1  e
        %11 = add %9, %10, prelu  sloping
        outputs %11
        """),
    CoveredGraph(
      name: "a convolution that runs into a depthwise one",
      listing: """
        %0 = image 9×9 bgr
        %1 = convolution %0 → 16, 3×3, stride 2, padding 1, clamp 0…6  stem
        %2 = convolution %1 → 24, 1×1  pointwise
        %3 = convolution %2 → 24, 3×3, padding 1, depthwise, leaky 0.1  deep
        %4 = convolution %3 → 12, 1×7, padding 0 3 0 3, clamp -1…2  wide
        %5 = convolution %4 → 12, 3×1, stride 2×1, padding 1 0 0 0, prelu  high
        %6 = convolution %5 → 12, 3×3, padding 1, depthwise, clamp -2…2  last
        %7 = convolution %5 → 8, 1×1  head
        %8 = sigmoid %7
        outputs %8, %7, %6
        """),
    CoveredGraph(
      name: "groups, pools and negative slopes",
      listing: """
        %0 = image 8×8 rgb (x − [123.675, 116.28, 103.53]) / [58.395, 57.12, 57.375]
        %1 = convolution %0 → 16, 3×3, padding 1, prelu  stem
        %2 = convolution %1 → 32, 3×3, padding 1, groups 8, leaky -0.2  grouped
        %3 = average pool %2, 3×3, stride 2, padding 1, ceil, padding counts
        %4 = average pool %3, 2×2, stride 2, ceil
        %5 = convolution %4 → 48, 3×3, padding 1, groups 16  thirds
        %6 = slice %5 → 20, from 7
        %7 = convolution %6 → 40, 1×1, groups 2, relu  halves
        %8 = max pool %7, 2×2
        %9 = convolution %8 → 8, 1×1, groups 4  head
        outputs %9
        """),
    CoveredGraph(
      name: "transposed convolutions",
      listing: """
        %0 = image 6×5 rgb (x − 127.5) / 127.5
        %1 = convolution %0 → 16, 3×3, padding 1, relu  stem
        %2 = transposed convolution %1 → 12, 2×2, stride 2, prelu  two
        %3 = transposed convolution %2 → 10, 4×4, stride 2, padding 1, relu  four
        %4 = convolution %3 → 8, 3×3, padding 1  head
        outputs %4
        """),
    CoveredGraph(
      name: "gates with and without biases",
      listing: """
        %0 = image 12×8 rgb (x − 127.5) / 127.5
        %1 = convolution %0 → 32, 3×3, padding 1, prelu  stem
        %2 = affine %1  a.input
        %3 = convolution %2 → 32, 3×3, stride 2, padding 1  a
        %4 = gate %3, hidden 4  a.se
        %5 = add subsample 2 %1, %3 · %4  a.sum
        %6 = convolution %5 → 48, 1×1, stride 2  b.shortcut
        %7 = convolution %5 → 48, 3×3, stride 2, padding 1, relu  b
        %8 = gate %7, hidden 6, biases  b.se
        %9 = add %6, %7 · %8  b.sum
        %10 = convolution %9 → 24, 1×1  c
        %11 = gate %10, hidden 2  c.se
        %12 = multiply %10, %11  c.gated
        %13 = add %12, %10 · %11  c.twice
        %14 = convolution %13 → 16, 3×3, padding 1  d
        %15 = global average %14  average
        %16 = linear %15 → 12, 1×1  head
        %17 = normalise %16
        outputs %17
        """),
    CoveredGraph(
      name: "sums that sums are made of",
      listing: """
        %0 = image 7×7 rgb (x − 127.5) / 127.5
        %1 = convolution %0 → 16, 3×3, padding 1, prelu  stem
        %2 = add %1, %1  doubled
        %3 = max pool %2, 3×3, stride 2, padding 1  pooled
        %4 = convolution %2 → 16, 3×3, stride 2, padding 1  branch
        %5 = add %3, %4  joined
        %6 = add subsample 2 %1, %5  early
        %7 = global average %6  average
        %8 = affine %6, relu  normed
        %9 = linear %8 → 12, 4×4  head
        outputs %9, %6, %7
        """),
    CoveredGraph(
      name: "a picture of one pixel",
      listing: """
        %0 = image 1×1 rgb (x − 127.5) / 127.5
        %1 = convolution %0 → 16, 3×3, padding 1, prelu  stem
        %2 = convolution %1 → 16, 3×3, stride 2, padding 1  body
        %3 = gate %2, hidden 2  se
        %4 = add %1, %2 · %3  sum
        %5 = linear %4 → 8, 1×1  head
        %6 = softmax %5
        outputs %6, %5
        """),
  ]

  /// The graph as engines take it.
  ///
  /// - Parameter layers: the numbers of a tensor.
  package func graph(
    _ values: (_ node: String, _ tensor: LayerTensor) throws(FaceqError) -> [Float]
  ) throws(FaceqError) -> Graph<FloatLayer> {
    try Graph<Never>(listing: listing).floatLayers(values).replacingTransposedConvolutions().insertingCopies()
  }
}
