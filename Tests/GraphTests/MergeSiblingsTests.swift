import QuantRuntime
import Testing

/// Heads before and after they become one; both compute the same.
struct MergeSiblingsTests {
  @Test func headsThatReadOneValueBecomeOne() throws {
    try expectPass(
      """
      %0 = image 4×4 rgb / 255
      %1 = convolution %0 → 4, 1×1, relu  body
      %2 = convolution %1 → 1, 3×3, padding 1  score
      %3 = sigmoid %2
      %4 = convolution %1 → 4, 3×3, padding 1  box
      %5 = convolution %1 → 4, 1×1  other
      %6 = convolution %1 → 10, 3×3, padding 1  points
      outputs %3, %4, %5, %6
      """.replacing("rgb / 255", with: "rgb x / 255"),
      becomes: """
        %0 = image 4×4 rgb x / 255
        %1 = convolution %0 → 4, 1×1, relu                          body
        %2 = convolution %1 → 15, 3×3, padding 1                    score+box+points
        %3 = slice %2 → 1, from 0
        %4 = slice %2 → 4, from 1
        %5 = slice %2 → 10, from 5
        %6 = sigmoid %3
        %7 = convolution %1 → 4, 1×1                                other
        outputs %6, %4, %7, %5
        """
    ) { $0.mergingSiblings() }
  }

  @Test func headsOfTwoConvolutionsBecomeOneOfTwo() throws {
    try expectPass(
      """
      %0 = image 4×4 rgb x / 255
      %1 = convolution %0 → 8, 1×1, relu  body
      %2 = convolution %1 → 1, 1×1  score
      %3 = convolution %2 → 1, 3×3, padding 1  score2
      %4 = convolution %1 → 4, 1×1  box
      %5 = convolution %4 → 4, 3×3, padding 1, depthwise  box2
      %6 = convolution %1 → 4, 1×1  wide
      %7 = convolution %6 → 4, 5×5, padding 2, depthwise  wide2
      %8 = convolution %1 → 4, 1×1  dense
      %9 = convolution %8 → 4, 3×3, padding 1  dense2
      %10 = sigmoid %3
      outputs %5, %10, %7, %9
      """,
      becomes: """
        %0 = image 4×4 rgb x / 255
        %1 = convolution %0 → 8, 1×1, relu                          body
        %2 = convolution %1 → 5, 1×1                                score+box
        %3 = convolution %2 → 5, 3×3, padding 1, depthwise          score2+box2
        %4 = slice %3 → 1, from 0
        %5 = slice %3 → 4, from 1
        %6 = convolution %1 → 4, 1×1                                wide
        %7 = convolution %6 → 4, 5×5, padding 2, depthwise          wide2
        %8 = convolution %1 → 4, 1×1                                dense
        %9 = convolution %8 → 4, 3×3, padding 1                     dense2
        %10 = sigmoid %4
        outputs %5, %10, %7, %9
        """
    ) { $0.mergingSiblings() }
  }
}
