/// Sets that can be united.
struct DisjointSets {
  private var parents: [Int]

  init(_ count: Int) { parents = Array(0..<count) }

  mutating func root(_ element: Int) -> Int {
    var element = element
    while parents[element] != element {
      parents[element] = parents[parents[element]]
      element = parents[element]
    }
    return element
  }

  mutating func unite(_ a: Int, _ b: Int) {
    let (a, b) = (root(a), root(b))
    parents[max(a, b)] = min(a, b)
  }
}

/// Disjoint sets of values' channels.
struct DisjointChannels {
  let counts: [Int]
  private let firsts: [Int]
  private var sets: DisjointSets

  /// - Parameter counts: channels of each value.
  init(_ counts: [Int]) {
    self.counts = counts
    var (firsts, total) = ([Int](), 0)
    for count in counts {
      firsts.append(total)
      total += count
    }
    self.firsts = firsts
    sets = DisjointSets(total)
  }

  mutating func root(_ channel: (value: Int, channel: Int)) -> Int {
    sets.root(firsts[channel.value] + channel.channel)
  }

  mutating func unite(_ a: (value: Int, channel: Int), _ b: (value: Int, channel: Int)) {
    sets.unite(firsts[a.value] + a.channel, firsts[b.value] + b.channel)
  }
}
