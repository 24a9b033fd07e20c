package import FaceBank

/// Who a face is like, by all of its views together.
package struct Standing: Sendable {
  /// Of the views, of unit length.
  package var embedding: [Float]
  /// The most similar person; nil where nobody is known.
  package var best: PersonSearch.Candidate?
  package var runnerUp: PersonSearch.Candidate?
  /// Who it is by the rule of the vote; nil for nobody who is known.
  package var name: PersonName?

  /// By how much the best person is above the second.
  package var margin: Float? {
    if let best, let runnerUp { best.cosine - runnerUp.cosine } else { nil }
  }
}

/// What was decided about a face.
package struct Decision: Sendable {
  /// Who it is; nil for a stranger.
  package var name: PersonName?
  /// The visit that it belongs to.
  package var visit: Int

  package init(name: PersonName?, visit: Int) {
    self.name = name
    self.visit = visit
  }
}

/// The rule by which the views of a track say who it is.
package struct Vote: Sendable {
  /// The smallest cosine that identifies a person, −1…1.
  package var threshold: Float
  /// How many views a decision needs.
  package var leastViews: Int

  package init(threshold: Float, leastViews: Int) {
    self.threshold = threshold
    self.leastViews = leastViews
  }

  /// How many views a stranger takes: who is known may be seen badly at first.
  package var viewsOfStranger: Int { max(leastViews, Evidence.limit) }

  /// A person is recognised where the mean of the views is as similar as `threshold` wants, and more than half of the
  /// views, each as heavy as it is good, are more like that person than like anybody else.
  ///
  /// - Returns: nil where there are no views.
  package func count(_ ballots: [Ballot], _ people: PersonSearch?) -> Standing? {
    guard let embedding = meanEmbedding(ballots) else { return nil }
    guard let people else { return Standing(embedding: embedding) }
    let nearest = people.nearest(embedding)
    var standing = Standing(embedding: embedding, best: nearest.best, runnerUp: nearest.runnerUp)
    guard let best = nearest.best, best.cosine >= threshold else { return standing }
    var (agreeing, all): (Float, Float) = (0, 0)
    for ballot in ballots {
      all += ballot.quality
      if people.nearest(ballot.embedding).best?.person == best.person { agreeing += ballot.quality }
    }
    if agreeing * 2 > all { standing.name = best.person }
    return standing
  }

  /// Whether so many views are enough.
  ///
  /// - Parameter isOver: The face is out of sight, so that there will be no more views.
  package func isDecided(_ standing: Standing, views: Int, isOver: Bool) -> Bool {
    views >= (standing.name == nil && !isOver ? viewsOfStranger : leastViews)
  }
}
