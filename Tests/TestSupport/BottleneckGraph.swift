import FaceqSupport
import QuantRuntime

/// A small network of MobileFaceNet's form with random weights, for images of 64×48: a stem of two convolutions,
/// bottlenecks with and without an addition, a tail that ends in a depthwise convolution over the whole plane. No width is
/// a multiple of 16.
package func bottleneckGraph() throws(FaceqError) -> Graph<FloatLayer> {
  try randomGraph(
    """
    %0 = image 64×48 rgb (x − 127.5) / 128
    %1 = convolution %0 → 20, 3×3, stride 2, padding 1, prelu  stem.0
    %2 = convolution %1 → 20, 3×3, padding 1, depthwise, prelu  stem.1
    %3 = convolution %2 → 40, 1×1, prelu  blocks.0.body.0
    %4 = convolution %3 → 40, 3×3, stride 2, padding 1, depthwise, prelu  blocks.0.body.1
    %5 = convolution %4 → 24, 1×1  blocks.0.body.2
    %6 = convolution %5 → 40, 1×1, prelu  blocks.1.body.0
    %7 = convolution %6 → 40, 3×3, padding 1, depthwise, prelu  blocks.1.body.1
    %8 = convolution %7 → 24, 1×1  blocks.1.body.2
    %9 = add %5, %8  blocks.1
    %10 = convolution %9 → 56, 1×1, prelu  blocks.2.body.0
    %11 = convolution %10 → 56, 3×3, stride 2, padding 1, depthwise, prelu  blocks.2.body.1
    %12 = convolution %11 → 36, 1×1  blocks.2.body.2
    %13 = convolution %12 → 40, 1×1, prelu  blocks.3.body.0
    %14 = convolution %13 → 40, 3×3, padding 1, depthwise, prelu  blocks.3.body.1
    %15 = convolution %14 → 36, 1×1  blocks.3.body.2
    %16 = add %12, %15  blocks.3
    %17 = convolution %16 → 70, 1×1, prelu  tail.0
    %18 = convolution %17 → 70, 8×6, depthwise  tail.1
    %19 = linear %18 → 24, 1×1  head
    %20 = normalise %19  embedding
    outputs %20
    """)
}
