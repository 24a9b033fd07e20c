import CSystem

/// The git revision that this program was built from: the first 12 digits of the commit, or "unknown".
///
/// The environment variable `FACEQ_REVISION` states it; without that, the file that was installed with the program; without
/// that, it is the commit that is checked out around the executable, read from git's own files.
public func sourceRevision() -> String {
  if let stated = environment("FACEQ_REVISION") { return stated }
  guard let resolved = system_realpath("/proc/self/exe", nil) else { return "unknown" }
  defer { free(resolved) }
  let installed = FilePath(cString: resolved).folder.folder.appending("/share/faceq/revision")
  if let stated = lines(of: installed)?.first { return stated }
  var folder = Substring(String(cString: resolved))
  while let slash = folder.utf8.lastIndex(of: UInt8(ascii: "/")) {
    folder = folder[..<slash]
    if let commit = checkedOutCommit(in: String(folder)) { return String(commit.prefix(12)) }
  }
  return "unknown"
}

/// The commit that HEAD leads to in the checkout at `folder`, where there is one (gitrepository-layout(5)).
private func checkedOutCommit(in folder: String) -> String? {
  var repository = folder + "/.git"
  if let link = lines(of: repository)?.first, let target = link.after("gitdir: ") {
    repository = target.utf8.first == UInt8(ascii: "/") ? target : folder + "/" + target
  }
  guard let head = lines(of: repository + "/HEAD")?.first else { return nil }
  guard let reference = head.after("ref: ") else { return head }
  // A linked worktree has a HEAD of its own and shares its branches with the main checkout.
  let shared = lines(of: repository + "/commondir")?.first.map { repository + "/" + $0 } ?? repository
  if let commit = lines(of: shared + "/" + reference)?.first { return commit }
  let packed = lines(of: shared + "/packed-refs")?.first {
    $0.utf8.reversed().starts(with: (" " + reference).utf8.reversed())
  }
  return packed.map { String($0.prefix(40)) }
}

private func lines(of path: String) -> [String]? { lines(of: FilePath(path)) }

private func lines(of path: FilePath) -> [String]? {
  guard let file = try? MappedFile(path: path), file.bytes.count < 1 << 24 else { return nil }
  return withExtendedLifetime(file) {
    file.bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
  }
}

extension String {
  /// The text that follows `prefix`, nil where the text does not begin with that.
  fileprivate func after(_ prefix: String) -> String? {
    utf8.starts(with: prefix.utf8) ? String(decoding: utf8.dropFirst(prefix.utf8.count), as: UTF8.self) : nil
  }
}
