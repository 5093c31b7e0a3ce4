import CVorbis

/// A packet of a logical Ogg stream.
struct OggPacket {
  var bytes: [UInt8]
  /// The position at the end of the page that the packet ends, in units of the codec; -1 where none is known.
  var granule: Int
  var number: Int
  var isLast: Bool
}

/// Takes the packets out of an Ogg stream (RFC 3533) by libogg, link by link: a chained stream is several streams that
/// follow one another, as a source client sends one for each title.
///
/// Of streams that lie side by side, the first one counts whose codec is known. Damaged pages are left out.
final class OggReader {
  private static let inputSize = 4096
  /// The most bytes without a page. A page has at most 65,307 bytes.
  private static let mostSkipped = 1 << 17

  private let bytes: any EncodedBytes
  private let sync = UnsafeMutablePointer<ogg_sync_state>.allocate(capacity: 1)
  private let stream = UnsafeMutablePointer<ogg_stream_state>.allocate(capacity: 1)
  /// The memory of a page lies in `sync` until the next bytes are read.
  private var page = ogg_page()
  private var hasPage = false
  private var serial: Int32?
  private var isAtEnd = false
  private var skipped = 0
  private var number = 0

  init(_ bytes: any EncodedBytes) {
    self.bytes = bytes
    ogg_sync_init(sync)
    ogg_stream_init(stream, 0)
  }

  deinit {
    ogg_stream_clear(stream)
    ogg_sync_clear(sync)
    stream.deallocate()
    sync.deallocate()
  }

  /// Begins the next link whose first packet is known.
  /// - Returns: that packet; nil at the end of the bytes.
  /// - Throws: for bytes that are no Ogg.
  func nextLink(isKnown: ([UInt8]) -> Bool) throws(DecodingError) -> OggPacket? {
    (serial, isAtEnd, number) = (nil, false, 0)
    while hasPage ? true : try readPage() {
      hasPage = false
      guard ogg_page_bos(&page) != 0 else { continue }
      let candidate = ogg_page_serialno(&page)
      ogg_stream_reset_serialno(stream, candidate)
      guard ogg_stream_pagein(stream, &page) == 0, let first = packet(), isKnown(first.bytes) else { continue }
      serial = candidate
      number = 1
      return first
    }
    return nil
  }

  /// The next packet of the link; nil at its end.
  func nextPacket() throws(DecodingError) -> OggPacket? {
    guard let serial else { return nil }
    while true {
      if let packet = packet() {
        number += 1
        return packet
      }
      if isAtEnd { return nil }
      guard hasPage ? true : try readPage() else { return nil }
      // Links do not overlap: a stream that begins here belongs to the next one, or lies beside this one.
      if ogg_page_bos(&page) != 0, number > 1 {
        hasPage = true
        return nil
      }
      hasPage = false
      guard ogg_page_serialno(&page) == serial else { continue }
      isAtEnd = ogg_page_eos(&page) != 0
      _ = ogg_stream_pagein(stream, &page)
    }
  }

  private func packet() -> OggPacket? {
    var found = ogg_packet()
    while true {
      let code = ogg_stream_packetout(stream, &found)
      if code == 0 { return nil }
      // -1: packets are missing here.
      guard code > 0 else { continue }
      let bytes = Array(UnsafeBufferPointer(start: found.packet, count: found.bytes))
      return OggPacket(bytes: bytes, granule: Int(found.granulepos), number: number, isLast: found.e_o_s != 0)
    }
  }

  /// - Returns: false at the end of the bytes.
  private func readPage() throws(DecodingError) -> Bool {
    while true {
      let length = ogg_sync_pageseek(sync, &page)
      if length > 0 {
        skipped = 0
        return true
      }
      if length < 0 {
        skipped -= length
        guard skipped <= Self.mostSkipped else { throw DecodingError("\(skipped) bytes hold no page of Ogg") }
        continue
      }
      guard let buffer = ogg_sync_buffer(sync, Self.inputSize) else { throw DecodingError("no memory for Ogg") }
      let count = bytes.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: Self.inputSize))
      guard count > 0 else { return false }
      ogg_sync_wrote(sync, count)
    }
  }
}
