import Synchronization

extension DeviceReader {
  /// Opens a device of ALSA on the reader's thread.
  /// - Parameters:
  ///   - device: as ALSA names it.
  ///   - wish: the formats to ask for.
  package convenience init(device name: String, wish: CaptureWish) {
    let granted = Granted()
    self.init(nil) { () throws(SourceError) in
      // A device that is back may be another one, but what it had before is asked for first.
      let device = try wish.open(name, before: granted.format.withLock { $0 })
      granted.format.withLock { $0 = device.format }
      return device
    }
  }
}

/// The format that a device was granted last.
private final class Granted: Sendable {
  let format = Mutex<PCMFormat?>(nil)
}
