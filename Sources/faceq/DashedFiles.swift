import FaceqSupport

/// Files whose names begin with a dash, as `*.jpg` in a shell gives them: ArgumentParser takes them for options.
enum DashedFiles {
  /// What to say about the first word that looks like short options and is none. ArgumentParser would look for options in
  /// each of its letters, and find help in `-dash.jpg`.
  static func complaint(_ words: [String]) -> String? {
    let word = words.prefix { $0 != "--" }.first { word in
      word.utf8.count > 1 && word.hasPrefix("-") && !word.hasPrefix("--") && !["-o", "-h", "-0"].contains(word)
        && !word.hasPrefix("-o=") && commaSeparatedNumbers(word) == nil
    }
    return word.map { "Error: There is no option \(RawArguments.shown($0)). \(advice($0))" }
  }

  /// What to say besides about a long option that there is none of, but a file.
  static func advice(_ words: [String]) -> String? {
    let word = words.prefix { $0 != "--" }.first { word in
      word.hasPrefix("--") && (try? fileExists(FilePath(bytes: RawArguments.bytes(word)))) == true
    }
    return word.map(advice)
  }

  private static func advice(_ word: String) -> String {
    "If it is a file, write -- before the files, or ./ before it: -- \(RawArguments.shown(word))"
  }
}
