/// Frames of a client, mostly valid, with messages in fragments and control frames between them.
enum RandomFrames {
  static func bytes(using random: inout SplitMix64) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      switch Int.random(in: 0..<10, using: &random) {
      case 0: bytes += control(using: &random)
      case 1: bytes += oddity(using: &random)
      default: bytes += message(using: &random)
      }
    }
    return bytes
  }

  private static func message(using random: inout SplitMix64) -> [UInt8] {
    let isText = Bool.random(using: &random)
    var payload: [UInt8] = []
    for _ in 0..<[0, 1, 5, 70].randomElement(using: &random)! {
      payload += isText ? Array(["a", "é", "κ", "€", "😀"].randomElement(using: &random)!.utf8) : [random.next()]
    }
    if isText, Int.random(in: 0..<15, using: &random) == 0 { payload.append(0xED) }
    var bytes: [UInt8] = []
    var start: UInt8 = isText ? 0x01 : 0x02
    while Bool.random(using: &random) {
      let piece = payload.prefix(Int.random(in: 0...max(0, payload.count), using: &random))
      payload.removeFirst(piece.count)
      bytes += frame(start, piece, using: &random)
      start = 0x00
      if Bool.random(using: &random) { bytes += control(using: &random) }
    }
    return bytes + frame(0x80 | start, payload[...], using: &random)
  }

  private static func control(using random: inout SplitMix64) -> [UInt8] {
    let payload = (0..<[0, 4, 125].randomElement(using: &random)!).map { _ in random.next() as UInt8 }
    return frame([0x89, 0x8A].randomElement(using: &random)!, payload[...], using: &random)
  }

  private static func oddity(using random: inout SplitMix64) -> [UInt8] {
    switch Int.random(in: 0..<5, using: &random) {
    case 0: ClientFrame.close(UInt16.random(in: 999...1012, using: &random), "bye")
    case 1: ClientFrame(random.next(), [random.next(), random.next()]).bytes
    case 2: ClientFrame.binary(Array(repeating: 1, count: 301))
    case 3: ClientFrame(0x88, [0x03, 0xE8, random.next(), random.next()]).bytes
    default: (0..<20).map { _ in random.next() }
    }
  }

  private static func frame(_ start: UInt8, _ payload: ArraySlice<UInt8>, using random: inout SplitMix64) -> [UInt8] {
    var frame = ClientFrame(start, payload)
    frame.key = (0..<4).map { _ in random.next() }
    return frame.bytes
  }
}
