import CSystem

/// The system's reason for a failed call and, where there is one, what to do about it.
package func systemReason(_ code: Int32) -> String {
  switch code {
  case system_no_such_file: "it does not exist; check the path"
  case system_access_denied: "permission denied; check its permissions and those of its folder"
  case system_is_a_folder: "it is a folder; name a file"
  case system_disk_full, system_quota_exceeded: "the disk is full; free some space or choose another folder"
  case system_file_too_big: "the file would be larger than is allowed here; raise the limit or choose another folder"
  case system_read_only: "its file system is read-only; choose another folder"
  default: String(cString: strerror(code))
  }
}

/// The error for a file whose contents contradict themselves.
func damagedFile(_ path: FilePath, _ contradiction: String) -> FaceqError {
  FaceqError("\(path) is damaged or cut short (\(contradiction)); copy it again or make it again")
}

/// A name out of a file, fit to be shown in one line: without control characters, and not longer than 80 characters.
package func quoted(_ name: String) -> String {
  var text = "'"
  for scalar in name.unicodeScalars.prefix(80) {
    text.unicodeScalars.append(scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value) ? "?" : scalar)
  }
  return text + (name.unicodeScalars.count > 80 ? "…'" : "'")
}
