/// The formats to ask a capture device for.
package struct CaptureWish: Sendable {
  /// The channel counts in which chosen channels are looked for.
  private static let mostChannels = 32

  /// Sample rates, the best first; likewise `channels`.
  private let rates: [Int]
  private let channels: [Int]
  /// Frames that come in at a time.
  private let period: Int
  /// The channels to play, one or two, counted from 1; none plays all of them.
  private let chosen: [Int]

  package init(rates: [Int], channels: [Int], period: Int, chosen: [Int] = []) {
    self.rates = rates
    self.channels = chosen.isEmpty ? channels : Array(chosen.max()!...max(Self.mostChannels, chosen.max()!))
    self.period = period
    self.chosen = chosen
  }

  /// The format of the stream where the device is not known yet.
  var likely: PCMFormat {
    PCMFormat(sampleRate: rates[0], channels: chosen.isEmpty ? channels[0] : chosen.count)
  }

  /// Opens the device.
  /// - Parameter before: the format that the device had before, as it was played.
  func open(_ name: String, before: PCMFormat?) throws(SourceError) -> any CaptureDeviceHandle {
    func first(_ value: Int?, of others: [Int]) -> [Int] {
      value.map { value in [value] + others.filter { $0 != value } } ?? others
    }
    let device = try ALSADevice.open(
      name, rates: first(before?.sampleRate, of: rates),
      channels: chosen.isEmpty ? first(before?.channels, of: channels) : channels, period: period)
    guard !chosen.isEmpty else { return device }
    do throws(SourceError) {
      return ChosenChannels(device, try ChannelMap(inputs: device.format.channels, chosen: chosen))
    } catch {
      device.close()
      throw error.of("alsa:\(name)")
    }
  }
}

/// A capture device of which only some channels are played.
///
/// Unchecked: it belongs to one thread at a time, as the device does.
private final class ChosenChannels: CaptureDeviceHandle, @unchecked Sendable {
  private let device: any CaptureDeviceHandle
  private let map: ChannelMap

  init(_ device: any CaptureDeviceHandle, _ map: ChannelMap) {
    (self.device, self.map) = (device, map)
  }

  var name: String { device.name }
  var format: PCMFormat { PCMFormat(sampleRate: device.format.sampleRate, channels: map.outputs) }
  var summary: String { device.summary }

  func start() throws(SourceError) { try device.start() }
  func await(atMost timeout: Duration) throws(SourceError) -> DeviceArrival { try device.await(atMost: timeout) }
  func close() { device.close() }

  func read(into block: inout [Int32]) throws(SourceError) -> DeviceArrival {
    var all: [Int32] = []
    let arrival = try device.read(into: &all)
    block += map.apply(all)
    return arrival
  }
}
