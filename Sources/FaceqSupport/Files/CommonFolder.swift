/// The deepest folder that several folders have in common, and where a path is below it.
package struct CommonFolder: Sendable {
  /// An absolute folder begins with an empty component. Nil before the first folder.
  private var components: [ArraySlice<UInt8>]?

  package init() {}

  package mutating func include(_ folder: FilePath) {
    let others = Self.components(folder)
    guard let known = components else {
      components = others
      return
    }
    components = Array(zip(known, others).prefix { $0 == $1 }.map { $0.0 })
  }

  /// The folders between this one and a file below it, as a path; all folders of a file that is elsewhere. There are no
  /// `..` in it: it never leads out of the folder that it is appended to.
  package func folders(of path: FilePath) -> FilePath {
    var folders = Self.components(path.folder)
    if let components, folders.starts(with: components) { folders.removeFirst(components.count) }
    let inside = folders.filter { !$0.isEmpty && !$0.elementsEqual("..".utf8) }
    return FilePath(bytes: inside.joined(separator: CollectionOfOne(UInt8(ascii: "/"))))
  }

  private static func components(_ folder: FilePath) -> [ArraySlice<UInt8>] {
    let components = folder.bytes.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }
    return (folder.isAbsolute ? [[]] : []) + components
  }
}
