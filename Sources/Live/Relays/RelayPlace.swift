import Voice

/// A relay as the place of sound. The last use of the place ends the relay.
final class RelayPlace: SoundPlace {
  let reserves = ArrivalFollower.Reserves.relay
  private let relay: Relay

  init(_ relay: Relay) {
    self.relay = relay
  }

  deinit { relay.stop() }

  var sound: SoundQueue? { relay.sound }
  var trouble: String? { relay.trouble }
}
