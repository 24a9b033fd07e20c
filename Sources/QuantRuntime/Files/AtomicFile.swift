internal import CSystem

// Stand-in until the runtime's own file layer is merged.
public func writeFileAtomically(path: String, _ bytes: UnsafeRawBufferPointer) throws(FaceqError) {
  let temporary = path + ".part"
  let file = create_file(temporary)
  guard file >= 0 else { throw FaceqError("\(path) cannot be written; check the folder.") }
  let written = write(file, bytes.baseAddress, bytes.count)
  let synced = fsync(file)
  close(file)
  guard written == bytes.count, synced == 0, rename(temporary, path) == 0 else {
    unlink(temporary)
    throw FaceqError("\(path) cannot be written; check the disk.")
  }
}
