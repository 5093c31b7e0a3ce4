import HLS

/// A stream's folder as a copy of its ring: the ten-file cycle, the playlist beside it, and the segment at hand under a
/// temporary name. Used by one thread.
///
/// The folder is a valid HLS stream at every moment: files get their names whole, the playlist names only files that
/// are there, and there are never more segments than the playlist lists at most.
struct FolderCopy {
  private let folder: Folder
  private let playlistName: String
  /// Numbers of the segments that are there.
  private var present: Set<Int>
  private var playlist: Playlist?
  /// The segment under a temporary name, and how many bytes of it are there.
  private var unfinished = (sequence: 0, count: 0)

  init(folder: Folder, playlistName: String, present: [Int]) {
    (self.folder, self.playlistName, self.present) = (folder, playlistName, Set(present))
  }

  /// Brings the folder to `ring` step by step, so that its playlist holds good after each, and then writes on what there
  /// is of the segment at hand.
  mutating func update(_ ring: Ring, _ open: OpenSegment) throws(FileError) {
    let listed = ring.listed.suffix(ring.capacity)
    let wanted = ring.playlist(of: listed)
    if wanted != playlist {
      // Whatever fails on the way, the next attempt begins from the start.
      playlist = nil
      try cycle(ring, listed)
      if !wanted.entries.isEmpty || wanted.ended { try write(wanted) }
      playlist = wanted
    }
    guard open.isStarted else { return }
    try prepare("\(open.sequence).mp3", open.sequence, open.bytes)
  }

  private mutating func cycle(_ ring: Ring, _ listed: ArraySlice<Segment>) throws(FileError) {
    try folder.create()
    // Somebody may have removed files, or the folder.
    present.formIntersection(try folder.files().compactMap(Segment.sequence(ofName:)))
    let new = listed.filter { !present.contains($0.sequence) }
    for segment in new { try prepare(segment.name, segment.sequence, segment.bytes) }

    let stale = present.subtracting(listed.map(\.sequence)).sorted()
    let staying = ring.playlist(of: listed.filter { present.contains($0.sequence) })
    if !stale.isEmpty, !staying.entries.isEmpty { try write(staying) }
    for sequence in stale {
      try folder.remove("\(sequence).mp3")
      present.remove(sequence)
    }
    for segment in new {
      try folder.commit(segment.name)
      present.insert(segment.sequence)
    }
  }

  private mutating func prepare(_ name: String, _ sequence: Int, _ bytes: [UInt8]) throws(FileError) {
    let written = unfinished.sequence == sequence ? unfinished.count : 0
    // Even where all of it was written: somebody may have removed the file, and then it is written anew.
    try folder.prepare(name, bytes, written: written)
    unfinished = (sequence, bytes.count)
  }

  private func write(_ playlist: Playlist) throws(FileError) {
    try folder.replace(playlistName, Array(playlist.text().utf8))
  }
}
