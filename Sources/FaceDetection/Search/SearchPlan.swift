package import FaceImages

/// At which sizes, and in which parts of each, a picture is searched.
package struct SearchPlan: Sendable, Equatable {
  /// Finest first.
  package var levels: [SearchLevel]

  /// - Parameters:
  ///   - width: The picture's columns, positive.
  ///   - height: The picture's rows, positive.
  ///   - minimumFace: In pixels of the picture, positive: wider faces are to be found. Nil searches a picture of up to
  ///     `usualPixels` at its own size, where faces from 10 to 16 pixels on are found, and larger ones reduced to that,
  ///     so that time and memory do not grow with the picture.
  package init(width: Int, height: Int, minimumFace: Int? = nil, family: DetectorFamily, alignment: Int = 32) {
    precondition(width > 0 && height > 0 && minimumFace ?? 1 > 0, "positive sizes are needed")
    var scale = (Self.usualPixels / (Double(width) * Double(height))).squareRoot()
    if let minimumFace { scale = Double(Self.smallestFace) / Double(minimumFace) }
    scale = min(scale, 1)
    levels = []
    var narrowest: Float = 0
    while true {
      let level = SearchLevel(
        width: Self.side(width, scale, family, alignment), height: Self.side(height, scale, family, alignment),
        narrowest: narrowest, family: family, alignment: alignment)
      levels.append(level)
      guard level.widest.isFinite else { return }
      narrowest = level.widest / 2 * Self.step
      scale *= Double(Self.step)
    }
  }

  /// Each level by the one before.
  static let step: Float = 0.25
  /// Of a picture as it is searched, about 1280 × 960.
  static let usualPixels = 1_228_800.0
  /// In pixels of a picture as it is searched: the width from which on a face is found for sure.
  static let smallestFace = 16

  private static func side(_ count: Int, _ scale: Double, _ family: DetectorFamily, _ alignment: Int) -> Int {
    let side = max(Int((Double(count) * scale).rounded()), 1)
    return family.fit == .stretched ? roundedUp(side, to: alignment) : side
  }
}

/// A size at which a picture is searched.
package struct SearchLevel: Sendable, Equatable {
  /// The whole picture's columns and rows at this size.
  package var width: Int
  package var height: Int
  /// In pixels of this size: narrower faces are left to the level before, wider ones to the next.
  package var narrowest: Float
  package var widest: Float
  /// Together they cover the picture.
  package var parts: [SearchPart]
  /// The sides of what is searched are multiples of this.
  package var alignment: Int

  fileprivate init(width: Int, height: Int, narrowest: Float, family: DetectorFamily, alignment: Int) {
    self.width = width
    self.height = height
    self.narrowest = narrowest
    self.alignment = alignment
    if Double(width) * Double(height) > SearchPlan.usualPixels * 1.05 {
      // A face of this width around the border of a part lies in it as a whole.
      widest = 2 * Float(SearchPart.margin)
      let rows = SearchPart.sections(height, alignment)
      parts = rows.flatMap { row in
        SearchPart.sections(width, alignment).map { SearchPart(width: width, height: height, columns: $0, rows: row) }
      }
    } else {
      // A face seldom takes up more than two thirds of the shorter side.
      widest = min(width, height) * 2 > family.largestFace * 3 ? Float(family.largestFace) : .infinity
      parts = [SearchPart(width: width, height: height, columns: 0..<width, rows: 0..<height)]
    }
  }

  /// What the network sees of a part: its pixels, and black to the right and below up to whole cells.
  package func input(_ part: SearchPart, of photo: RGBImage) -> RGBImage {
    photo.part(
      scaledWidth: width, scaledHeight: height, columns: part.columns, rows: part.rows,
      paddedWidth: roundedUp(part.columns.count, to: alignment), paddedHeight: roundedUp(part.rows.count, to: alignment)
    )
  }

  /// The faces found in a part that are this level's and this part's, in pixels of the picture, whose size is given.
  package func accepted(_ faces: [DetectedFace], in part: SearchPart, width photoWidth: Int, height photoHeight: Int)
    -> [DetectedFace]
  {
    let (acrossScale, downScale) = (Float(photoWidth) / Float(width), Float(photoHeight) / Float(height))
    let (left, top) = (Float(part.columns.lowerBound), Float(part.rows.lowerBound))
    return faces.compactMap { face in
      let centre = Point(
        x: left + (face.box.left + face.box.right) * 0.5, y: top + (face.box.top + face.box.bottom) * 0.5)
      guard face.box.width >= narrowest, face.box.width <= widest, part.owns(centre), !part.cuts(face.box) else {
        return nil
      }
      // Centres of pixels are half a pixel from their corners, whatever their size.
      func x(_ value: Float) -> Float { (value + left + 0.5) * acrossScale - 0.5 }
      func y(_ value: Float) -> Float { (value + top + 0.5) * downScale - 0.5 }
      var accepted = DetectedFace(
        checking: FaceBox(
          left: x(face.box.left), top: y(face.box.top), right: x(face.box.right), bottom: y(face.box.bottom)),
        score: face.score, landmarks: face.landmarks.map { Point(x: x($0.x), y: y($0.y)) })
      accepted?.cell = face.cell
      return accepted
    }
  }
}

/// A part of a level, searched at once: large pictures need too much memory as a whole.
package struct SearchPart: Sendable, Equatable {
  package var columns: Range<Int>
  package var rows: Range<Int>
  /// Where the centres of the part's own faces lie, in pixels of the level; those outside are another part's.
  private let ownColumns: ClosedRange<Float>
  private let ownRows: ClosedRange<Float>
  /// Where a part's inner borders are, in its own pixels; infinite where there is none.
  private let inside: FaceBox

  /// Pixels around its own that a part has.
  static let margin = 64
  /// Own pixels along one side, at most.
  private static let side = 1024
  /// Two parts may put one face's centre on either side of their border.
  private static let tolerance: Float = 8

  fileprivate init(width: Int, height: Int, columns: Range<Int>, rows: Range<Int>) {
    (self.columns, ownColumns) = Self.extended(columns, within: width)
    (self.rows, ownRows) = Self.extended(rows, within: height)
    inside = FaceBox(
      left: self.columns.lowerBound == 0 ? -.infinity : 0, top: self.rows.lowerBound == 0 ? -.infinity : 0,
      right: self.columns.upperBound == width ? .infinity : Float(self.columns.count - 1),
      bottom: self.rows.upperBound == height ? .infinity : Float(self.rows.count - 1))
  }

  /// Everything that is not another part's.
  private static func extended(_ own: Range<Int>, within count: Int) -> (Range<Int>, ClosedRange<Float>) {
    let (isFirst, isLast) = (own.lowerBound == 0, own.upperBound == count)
    return (
      max(own.lowerBound - margin, 0)..<min(own.upperBound + margin, count),
      (isFirst ? -.infinity : Float(own.lowerBound) - tolerance)...(isLast
        ? .infinity : Float(own.upperBound) + tolerance)
    )
  }

  /// `count` pixels in sections of about one length.
  fileprivate static func sections(_ count: Int, _ alignment: Int) -> [Range<Int>] {
    let number = (count + side - 1) / side
    let length = roundedUp((count + number - 1) / number, to: alignment)
    return stride(from: 0, to: count, by: length).map { $0..<min($0 + length, count) }
  }

  /// Whether a face goes on beyond an inner border; another part or the next level sees it as a whole.
  func cuts(_ box: FaceBox) -> Bool {
    box.left <= inside.left || box.top <= inside.top || box.right >= inside.right || box.bottom >= inside.bottom
  }

  func owns(_ centre: Point) -> Bool { ownColumns.contains(centre.x) && ownRows.contains(centre.y) }
}

func roundedUp(_ count: Int, to multiple: Int) -> Int { (count + multiple - 1) / multiple * multiple }
