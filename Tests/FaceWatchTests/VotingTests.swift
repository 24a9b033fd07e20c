import FaceBank
import FaceImages
import FaceWatch
import QuantRuntime
import Testing

struct VotingTests {
  static let pixel = RGBImage(width: 1, height: 1, pixels: [0, 0, 0])

  func view(_ quality: Float) -> View { View(aligned: Self.pixel, portrait: Self.pixel, quality: quality) }

  /// A vector of unit length between two of four axes: 0° is the first, 90° the second.
  func direction(_ degrees: Float, _ first: Int, _ second: Int) -> [Float] {
    var vector = [Float](repeating: 0, count: 4)
    let quarter = degrees / 90
    (vector[first], vector[second]) = (1 - quarter, quarter)
    let length = (vector[first] * vector[first] + vector[second] * vector[second]).squareRoot()
    return vector.map { $0 / length }
  }

  /// Ada lies along the first axis, Bob along the second.
  func people() throws -> PersonSearch {
    let faces = ["Ada", "Bob"].enumerated().map { index, name in
      EnrolledFace(person: PersonName(name), photo: "1.jpg", embedding: direction(0, index, 3))
    }
    let binding = BankBinding(modelName: "m", digest: "d", precision: "int8", embeddingSize: 4)
    return PersonSearch(FaceBank(binding: binding, faces: faces), kernels: try kernels(nil))
  }

  func ballots(_ votes: [(embedding: [Float], quality: Float)]) -> [Ballot] {
    votes.map { Ballot(embedding: $0.embedding, quality: $0.quality) }
  }

  @Test func theMeanIsByQualityAndOfUnitLength() throws {
    let mean = try #require(meanEmbedding(ballots([(direction(0, 0, 1), 0.9), (direction(90, 0, 1), 0.3)])))
    #expect(abs(mean[0] - 3 * mean[1]) < 1e-5)
    #expect(abs(mean[0] * mean[0] + mean[1] * mean[1] - 1) < 1e-5)
    #expect(meanEmbedding([]) == nil)
    #expect(meanEmbedding(ballots([([1, 0, 0, 0], 0.5), ([-1, 0, 0, 0], 0.5)])) == nil)
  }

  @Test func aPersonIsRecognisedByTheMean() throws {
    let vote = Vote(threshold: 0.6, leastViews: 3)
    // Alone, the second view would be nobody's.
    let views = ballots([(direction(5, 0, 2), 0.9), (direction(80, 0, 2), 0.4), (direction(10, 0, 2), 0.8)])
    let standing = try #require(vote.count(views, people()))
    #expect(standing.name == "Ada")
    #expect(standing.best?.person == "Ada" && standing.runnerUp?.person == "Bob")
    #expect(try #require(standing.margin) > 0.8)
  }

  @Test func whoIsLikeNobodyIsAStranger() throws {
    let standing = try #require(
      Vote(threshold: 0.6, leastViews: 3).count(ballots([(direction(80, 0, 2), 1)]), people()))
    #expect(standing.name == nil && standing.best?.person == "Ada")
    let nobody = try #require(Vote(threshold: 0.6, leastViews: 1).count(ballots([([1, 0, 0, 0], 1)]), nil))
    #expect(nobody.name == nil && nobody.best == nil && nobody.margin == nil)
    #expect(Vote(threshold: 0.6, leastViews: 1).count([], try people()) == nil)
  }

  /// A mean that only one strong view makes is not believed.
  @Test func mostViewsHaveToAgree() throws {
    let vote = Vote(threshold: 0.5, leastViews: 2)
    let views = ballots([(direction(10, 0, 1), 0.9), (direction(55, 0, 1), 0.5), (direction(55, 0, 1), 0.5)])
    let standing = try #require(vote.count(views, people()))
    #expect(standing.best?.person == "Ada")
    #expect(standing.name == nil)
  }

  @Test func aStrangerTakesMoreViews() throws {
    let vote = Vote(threshold: 0.6, leastViews: 2)
    let known = try #require(vote.count(ballots([([1, 0, 0, 0], 1)]), people()))
    let stranger = try #require(vote.count(ballots([([0, 0, 1, 0], 1)]), people()))
    #expect(!vote.isDecided(known, views: 1, isOver: false) && vote.isDecided(known, views: 2, isOver: false))
    #expect(!vote.isDecided(stranger, views: 4, isOver: false) && vote.isDecided(stranger, views: 5, isOver: false))
    // Behind the end there will be no more.
    #expect(vote.isDecided(stranger, views: 2, isOver: true) && !vote.isDecided(stranger, views: 1, isOver: true))
  }

  @Test func theBestViewOfAWindowIsTaken() throws {
    var evidence = Evidence(since: 10)
    #expect(evidence.isOpen(at: 10, isDoubtful: false) && !evidence.isDue(at: 10.1, isDoubtful: false))
    for quality: Float in [0.4, 0.9, 0.6] { evidence.offer(view(quality)) }
    #expect(!evidence.wants(quality: 0.8) && evidence.wants(quality: 0.95))
    #expect(!evidence.isDue(at: 10.1, isDoubtful: false) && evidence.isDue(at: 10.21, isDoubtful: false))
    #expect(evidence.takeCandidate(at: 10.21)?.quality == 0.9)
    #expect(evidence.takeCandidate(at: 10.21) == nil && !evidence.isDue(at: 11, isDoubtful: false))
  }

  @Test func whatIsDecidedIsSeldomLookedAtAgain() {
    var evidence = Evidence(since: 10)
    evidence.decision = Decision(name: nil, visit: 1)
    #expect(!evidence.isOpen(at: 10.5, isDoubtful: false) && evidence.isOpen(at: 10.5, isDoubtful: true))
    #expect(evidence.isOpen(at: 10 + Evidence.laterWindow, isDoubtful: false))
    evidence.offer(view(0.5))
    #expect(!evidence.isDue(at: 10.5, isDoubtful: false) && evidence.isDue(at: 10.5, isDoubtful: true))
  }

  @Test func theBestBallotsAreKept() throws {
    var evidence = Evidence(since: 0)
    for quality: Float in [0.5, 0.3, 0.9, 0.7, 0.4, 0.6, 0.8] {
      evidence.add(Ballot(embedding: [1, 0], quality: quality), of: view(quality))
    }
    #expect(evidence.ballots.map { $0.quality }.sorted() == [0.5, 0.6, 0.7, 0.8, 0.9])
    #expect(evidence.best?.quality == 0.9)
    #expect(evidence.agreement(with: [0, 1]) == 0)
  }

  @Test func aVisitIsToldOnce() {
    var visits = Visits(cooldown: 30, likeness: 0.5)
    #expect(visits.visit("Ada", [1, 0], since: 0, at: 1) == (1, true))
    // Who comes back in time may be recognised later.
    #expect(visits.visit("Ada", [0, 1], since: 30, at: 35) == (1, false))
    visits.see(1, at: 50)
    #expect(visits.visit("Ada", [1, 0], since: 79, at: 79) == (1, false))
    #expect(visits.visit("Bob", [1, 0], since: 79, at: 79) == (2, true))
    #expect(visits.visit("Ada", [1, 0], since: 110, at: 110) == (3, true))
  }

  @Test func strangersAreToldApart() {
    var visits = Visits(cooldown: 30, likeness: 0.5)
    #expect(visits.visit(nil, [1, 0], since: 0, at: 0) == (1, true))
    #expect(visits.visit(nil, [0, 1], since: 1, at: 1) == (2, true))
    #expect(visits.visit(nil, [0.8, 0.6], since: 2, at: 2) == (1, false))
    #expect(visits.visit("Ada", [1, 0], since: 3, at: 3) == (3, true))
    // Whoever comes, no more are remembered than there is room for.
    for number in 0..<1000 { _ = visits.visit(PersonName("\(number)"), [1, 0], since: 4, at: 4) }
    #expect(visits.visit("Ada", [1, 0], since: 5, at: 5).isNew)
  }
}
