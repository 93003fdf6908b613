/// One MQTT message as it arrives; the bytes are valid only inside the call that hands it over.
///
/// The DUP bit is not here: libmosquitto does not tell it. Repeats are told by content (contract
/// §8). `isRetained` is true only for what the broker had stored when we subscribed, never for a
/// live message: with MQTT 5 "retain as published" is therefore left off.
package struct MQTTFrame {
    package var topic: UnsafeRawBufferPointer
    package var payload: UnsafeRawBufferPointer
    package var qos: UInt8
    package var isRetained: Bool
    /// It came by one of the `watch` filters and is none of the daemon's input.
    package var isWatch: Bool
    /// The number given to the client, to tell brokers apart.
    package var broker: UInt8
}
