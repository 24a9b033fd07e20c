import FaceBank
import FaceImages
import FaceqSupport

/// A folder with a subfolder of photos for each person.
struct PeopleFolder {
  private(set) var people: [(name: PersonName, photos: PathList)] = []
  /// The images that are directly in the folder.
  let strays: [FilePath]

  /// How many photos there are.
  var count: Int { people.reduce(0) { $0 + $1.photos.count } }

  /// Looks into the folder. Subfolders without images, and those whose names are no names, are noted.
  ///
  /// - Throws: where there is no such folder, or nobody in it; with `isStrict` also where a subfolder is no person.
  init(_ folder: FilePath, isStrict: Bool, _ console: Console) throws(FaceqError) {
    guard let children = try folderChildren(of: folder) else {
      throw FaceqError(
        "\(folder) is no folder: name a person and photos, or a folder with a subfolder of photos for each person")
    }
    guard !children.folders.isEmpty else {
      throw FaceqError(
        "\(folder) has no subfolders, so nobody knows who is in it: put each person's photos into a subfolder with the "
          + "person's name, or write the person's name before \(folder)")
    }
    strays = children.images
    var others = ImageSearch()
    for subfolder in children.folders {
      do throws(FaceqError) {
        let name = try PersonName(bytes: subfolder.name)
        var search = ImageSearch()
        try search.add(subfolder)
        for note in search.notes { console.note("skipped: \(note)") }
        others.count(search)
        people.append((name, search.images))
      } catch {
        if isStrict { throw strictFault(error.message) }
        console.note("skipped: \(error.message)")
      }
    }
    if let note = others.passedOverNote { console.note(note) }
    guard !people.isEmpty else { throw FaceqError("no subfolder of \(folder) holds photos of a person") }
  }
}
