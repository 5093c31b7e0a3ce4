import Codec
import HLS

/// The media of a stream.
enum Resource: Equatable {
  case playlist
  case lowLatencyPlaylist
  case segment(Int)
  case part(Int, index: Int)
  /// All segments, one after the other, without an end.
  case endless
  /// `/NAME/SEQUENCE.peaks`: the peaks of a segment.
  case peaks(Int)
  /// `/NAME/ring.peaks`: those of all segments that the playlist lists.
  case ringPeaks
  /// `/NAME/played.json`: the titles of the last hours.
  case played
}

/// Everything that has an address below the name of a stream.
enum StreamResource: Equatable {
  /// - Parameter era: in the path of a segment and of a part; nil if the path has none.
  case media(Resource, era: Era? = nil)
  /// `/NAME`, the player.
  case page
  /// `/NAME.json`.
  case description
  /// `/NAME/metadata`.
  case nowPlaying
  /// `/NAME/clip.mp3`
  case clip
  /// `/NAME/picture.jpg` and the other paths of pictures.
  case picture(PictureResource)
  /// `/NAME.m3u` and `/NAME.pls`.
  case link(EndlessLink)
  /// `/NAME/logo` and the others.
  case face(FaceResource)
}

/// The pages that are the operators' own.
enum OperatorPage: Equatable {
  case status
}

/// The program's own addresses for scripts.
enum APIResource: Equatable {
  case status
  case metrics
}

/// The meaning of a path: one table for all of them.
///
/// The program's own paths come first, then the files of the page that exist, then the streams. `StreamName` refuses the
/// names of the first two, and the station refuses a stream whose addresses a file of the page has taken. So no path has
/// two meanings. A route names a stream that may not exist: only the directory of streams knows.
enum Route: Equatable {
  case stream(StreamName, StreamResource)
  case operators(OperatorPage)
  case api(APIResource)
  /// A path of the rooms, which means nothing where the station has none.
  case rooms(RoomPath)
  /// A path of the studio, which means nothing where the station has no rooms.
  case studio(StudioPath)
  /// A path of the recordings, which means nothing where no stream is recorded.
  case recordings(RecordingPath)
  /// `/secure.json`.
  case secureAddress
  /// `/station.json`.
  case station
  /// `/station/logo` and the others.
  case face(FaceResource)
  /// A file of the page, or nothing.
  case page(String)

  /// - Parameters:
  ///   - path: percent-decoded; it begins with a slash.
  ///   - isFile: whether the page has a file of that path.
  init(_ path: String, isFile: (String) -> Bool) {
    self = Self.own(path) ?? (isFile(path) ? nil : Self.stream(path)) ?? .page(path)
  }

  /// The program's own paths.
  private static func own(_ path: String) -> Route? {
    switch path {
    case "/status": .api(.status)
    case "/metrics": .api(.metrics)
    case "/status.html": .operators(.status)
    case "/secure.json": .secureAddress
    case "/station.json": .station
    default:
      stationFace(path) ?? RoomPath(path).map { .rooms($0) } ?? StudioPath(path).map { .studio($0) }
        ?? RecordingPath(path).map { .recordings($0) }
    }
  }

  private static func stationFace(_ path: String) -> Route? {
    FaceResource.allCases.first { path.utf8.elementsEqual("/station/\($0.rawValue)".utf8) }.map { .face($0) }
  }

  private static func stream(_ path: String) -> Route? {
    let bytes = path.utf8.dropFirst()
    guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")) else { return resource(besideFolder: bytes) }
    let (folder, name) = (bytes[..<slash], bytes[slash...].dropFirst())
    if name.elementsEqual("metadata".utf8) { return route(folder, .nowPlaying) }
    if let face = FaceResource.allCases.first(where: { name.elementsEqual($0.rawValue.utf8) }) {
      return route(folder, .face(face))
    }
    if name.elementsEqual("ring.peaks".utf8) { return route(folder, .media(.ringPeaks)) }
    if name.elementsEqual("played.json".utf8) { return route(folder, .media(.played)) }
    if name.elementsEqual("clip.mp3".utf8) { return route(folder, .clip) }
    if let picture = PictureResource(name) { return route(folder, .picture(picture)) }
    guard let end = name.firstIndex(of: UInt8(ascii: "/")) else { return media(name, of: folder, in: nil) }
    return Era(Substring(name[..<end])).flatMap { media(name[end...].dropFirst(), of: folder, in: $0) }
  }

  private static func media(_ name: Substring.UTF8View, of folder: Substring.UTF8View, in era: Era?) -> Route? {
    if let sequence = sequence(ofPeaks: name) { return route(folder, .media(.peaks(sequence), era: era)) }
    guard let name = SegmentName(name, of: .mp3) else { return nil }
    let resource = name.part.map { Resource.part(name.sequence, index: $0) } ?? .segment(name.sequence)
    return route(folder, .media(resource, era: era))
  }

  /// The number in `12.peaks`.
  private static func sequence(ofPeaks name: Substring.UTF8View) -> Int? {
    let ending = ".peaks"
    guard name.suffix(ending.utf8.count).elementsEqual(ending.utf8) else { return nil }
    // The spelling of a number is that of a segment.
    let segment = "\(Substring(name.dropLast(ending.utf8.count))).\(AudioCodec.mp3.fileExtension)"
    guard let name = SegmentName(segment, of: .mp3), name.part == nil else { return nil }
    return name.sequence
  }

  /// The page, whose address is the stream's name, and the resources whose address has an ending. The name has no point.
  private static func resource(besideFolder bytes: Substring.UTF8View) -> Route? {
    guard let point = bytes.firstIndex(of: UInt8(ascii: ".")) else { return route(bytes, .page) }
    let (name, ending) = (bytes[..<point], bytes[point...].dropFirst())
    if ending.elementsEqual("m3u8".utf8) {
      let mark = "-ll".utf8
      return name.suffix(mark.count).elementsEqual(mark)
        ? route(name.dropLast(mark.count), .media(.lowLatencyPlaylist)) : route(name, .media(.playlist))
    }
    if ending.elementsEqual(AudioCodec.mp3.fileExtension.utf8) { return route(name, .media(.endless)) }
    if let link = EndlessLink.allCases.first(where: { ending.elementsEqual($0.rawValue.utf8) }) {
      return route(name, .link(link))
    }
    return ending.elementsEqual("json".utf8) ? route(name, .description) : nil
  }

  private static func route(_ name: Substring.UTF8View, _ resource: StreamResource) -> Route? {
    StreamName(valid: String(Substring(name))).map { .stream($0, resource) }
  }
}

extension StreamName {
  /// Whether a path is, or may become, an address of this stream.
  func claims(_ path: String) -> Bool {
    if path.hasPrefix("/\(text)/") { return true }
    if case .stream(self, _) = Route(path, isFile: { _ in false }) { return true }
    return false
  }
}
